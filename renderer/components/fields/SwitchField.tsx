/** Yes or no. */
import type { ReactNode } from "react";
import { Checkbox } from "react-aria-components";
import { FieldNotes } from "./FieldNotes.tsx";

interface SwitchFieldProps {
  readonly children: ReactNode;
  readonly value: boolean;
  readonly field?: string;
  onChange(value: boolean): void;
}

export function SwitchField({ children, value, field, onChange }: SwitchFieldProps) {
  return (
    <div className="switch-field" data-field={field}>
      <Checkbox className="checkbox" isSelected={value} onChange={onChange}>
        <span className="checkbox-box" aria-hidden="true" />
        <span>{children}</span>
      </Checkbox>
      <FieldNotes field={field} />
    </div>
  );
}
