/** Several of a few: each a button that stays down. */
import type { ReactNode } from "react";
import { Label, ToggleButton, ToggleButtonGroup } from "react-aria-components";
import type { Choice } from "./ChoiceField.tsx";
import { FieldNotes } from "./FieldNotes.tsx";

interface MultiChoiceProps {
  readonly label: ReactNode;
  readonly name: string;
  readonly values: readonly string[];
  readonly choices: readonly Choice[];
  readonly field?: string;
  onChange(values: string[]): void;
}

/** Chosen are kept in the order of the choices; a chosen one that is no choice stays in sight, to be put out. */
export function MultiChoice({ label, name, values, choices, field, onChange }: MultiChoiceProps) {
  const unknown = values.filter((value) => !choices.some(({ id }) => id === value));
  const all = [...choices, ...unknown.map((id) => ({ id, name: id }))];
  return (
    <div className="field multi-field" data-field={field}>
      <Label>{label}</Label>
      <ToggleButtonGroup
        aria-label={name}
        className="toggles"
        selectionMode="multiple"
        selectedKeys={values}
        onSelectionChange={(keys) => onChange(all.map(({ id }) => id).filter((id) => keys.has(id)))}
      >
        {all.map((choice) => (
          <ToggleButton key={choice.id} id={choice.id} className="toggle">
            {choice.name}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      <FieldNotes field={field} />
    </div>
  );
}
