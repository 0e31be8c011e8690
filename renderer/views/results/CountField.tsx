/** A whole number that a study is set up with. */
import { Button, Group, Input, Label, NumberField } from "react-aria-components";

interface CountFieldProps {
  readonly label: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly onChange: (value: number) => void;
}

export function CountField({ label, value, least, most, onChange }: CountFieldProps) {
  return (
    <NumberField
      className="field"
      value={value}
      minValue={least}
      maxValue={most}
      onChange={(next) => {
        if (Number.isFinite(next)) onChange(next);
      }}
    >
      <Label>{label}</Label>
      <Group className="amount">
        <Button slot="decrement" className="stepper">
          −
        </Button>
        <Input />
        <Button slot="increment" className="stepper">
          +
        </Button>
      </Group>
    </NumberField>
  );
}
