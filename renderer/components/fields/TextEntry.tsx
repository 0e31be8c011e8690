/** A line of text. */
import type { ReactNode } from "react";
import { Input, Label, TextField } from "react-aria-components";
import { useEditing, useFindings } from "../editing.tsx";
import { FieldNotes } from "./FieldNotes.tsx";

interface TextEntryProps {
  readonly label: ReactNode;
  readonly name?: string;
  readonly value: string | undefined;
  readonly field?: string;
  readonly placeholder?: string;
  readonly isMono?: boolean;
  onChange(value: string): void;
  /** When the field is left. */
  onDone?(): void;
}

export function TextEntry(props: TextEntryProps) {
  const { label, name, value, field, placeholder, isMono, onChange, onDone } = props;
  const { done } = useEditing();
  const { problems } = useFindings(field);
  return (
    <TextField
      className="field text-field"
      data-field={field}
      {...(name !== undefined && { "aria-label": name })}
      value={value ?? ""}
      onChange={onChange}
      onBlur={() => {
        onDone?.();
        done();
      }}
      isInvalid={problems.length > 0}
      validationBehavior="aria"
    >
      <Label>{label}</Label>
      <Input className={isMono ? "mono" : ""} {...(placeholder !== undefined && { placeholder })} />
      <FieldNotes field={field} />
    </TextField>
  );
}
