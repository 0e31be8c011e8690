/** One of several, outside a scenario: a list to open. */
import {
  Button,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select,
  SelectValue,
  Text,
} from "react-aria-components";

/** One choice: its key, its name, and a word about it. */
export interface PlainOption {
  readonly id: string;
  readonly name: string;
  readonly note?: string;
}

interface PlainChoiceProps {
  readonly label: string;
  /** The label is for screen readers only; what stands beside the field says it. */
  readonly isBare?: boolean;
  readonly value: string;
  readonly options: readonly PlainOption[];
  onChange(value: string): void;
}

export function PlainChoice({ label, isBare, value, options, onChange }: PlainChoiceProps) {
  return (
    <Select
      className="field"
      selectedKey={value}
      onSelectionChange={(key) => {
        if (key !== null && key !== value) onChange(String(key));
      }}
    >
      <Label className={isBare ? "visually-hidden" : ""}>{label}</Label>
      <Button className="select">
        <SelectValue>
          {({ selectedText, defaultChildren }) => selectedText || defaultChildren}
        </SelectValue>
        <span aria-hidden="true">▾</span>
      </Button>
      <Popover className="popover">
        <ListBox className="list" items={options}>
          {({ id, name, note }) => (
            <ListBoxItem id={id} className="list-item" textValue={name}>
              <Text slot="label">{name}</Text>
              {note !== undefined && (
                <Text slot="description" className="list-note">
                  {note}
                </Text>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
}
