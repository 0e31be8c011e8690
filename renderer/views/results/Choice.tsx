/** One of a few, side by side: which measure, which metric. */
import { Radio, RadioGroup } from "react-aria-components";

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly (readonly [Value, string])[];
  readonly onChange: (value: Value) => void;
}

export function Choice<Value extends string>({
  label,
  value,
  options,
  onChange,
}: ChoiceProps<Value>) {
  return (
    <RadioGroup
      className="segments"
      aria-label={label}
      orientation="horizontal"
      value={value}
      onChange={(chosen) => onChange(chosen as Value)}
    >
      {options.map(([each, text]) => (
        <Radio key={each} className="segment" value={each}>
          {text}
        </Radio>
      ))}
    </RadioGroup>
  );
}
