/** The head of a part that is edited: its mark, its name to be changed in place, what it is in a few words, and what can be done with it. */
import type { ReactNode } from "react";
import { Button, Input, TextField } from "react-aria-components";
import { useEditing } from "./editing.tsx";
import { FieldNotes } from "./fields/FieldNotes.tsx";

interface PartHeadProps {
  /** Own GPUs or an API: colour and shape of the mark. */
  readonly kind: "own" | "api";
  /** Heading of the part, for those who go by headings. */
  readonly heading: string;
  readonly name: string;
  /** What the name field is called: "Name of the pool own-h100". */
  readonly nameLabel: string;
  /** Path of the name in the document; its findings stand below. */
  readonly nameField: string;
  /** What the part is, in a few words. */
  readonly children: ReactNode;
  onRename(name: string): void;
  /** Without it there is no copy to be made. */
  onDuplicate?(): void;
  onRemove(): void;
}

/** Room for a name that is still to be typed. */
const leastCh = 8;

export function PartHead(props: PartHeadProps) {
  const { kind, heading, name, nameLabel, nameField, children } = props;
  const { done } = useEditing();
  return (
    <header className="part-head" data-kind={kind}>
      <span className="kind-mark" aria-hidden="true" />
      <h2 className="visually-hidden">{heading}</h2>
      <TextField
        className="id-field"
        aria-label={nameLabel}
        value={name}
        onChange={props.onRename}
        onBlur={done}
      >
        <Input style={{ width: `calc(${Math.max(leastCh, name.length + 1)}ch + 12px)` }} />
      </TextField>
      <span className="part-words">{children}</span>
      <span className="part-actions">
        {props.onDuplicate !== undefined && (
          <Button className="button small quiet" onPress={props.onDuplicate}>
            Duplicate
          </Button>
        )}
        <Button className="button small quiet" onPress={props.onRemove}>
          Remove
        </Button>
      </span>
      <FieldNotes field={nameField} />
    </header>
  );
}
