/** One of several: a list to open, with a search field where it is long. */
import type { ReactNode } from "react";
import {
  Button,
  ComboBox,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select,
  SelectValue,
  Text,
} from "react-aria-components";
import { useEditing, useFindings } from "../editing.tsx";
import { FieldNotes } from "./FieldNotes.tsx";

/** One choice: its key in the document, its name, and a word about it. */
export interface Choice {
  readonly id: string;
  readonly name: string;
  readonly note?: string;
}

interface ChoiceFieldProps {
  readonly label: ReactNode;
  readonly name?: string;
  readonly value: string | undefined;
  readonly choices: readonly Choice[];
  readonly field?: string;
  readonly placeholder?: string;
  /** Takes two places of a grid: its values are long. */
  readonly isWide?: boolean;
  onChange(value: string): void;
}

const searchedFrom = 12;

/** Without choices of its own it takes those of the search field around it. */
function Options({ choices }: { readonly choices?: readonly Choice[] }) {
  return (
    <ListBox className="choice-list" {...(choices !== undefined && { items: choices })}>
      {(choice: Choice) => (
        <ListBoxItem id={choice.id} className="list-item choice" textValue={choice.name}>
          <Text slot="label">{choice.name}</Text>
          {choice.note !== undefined && (
            <Text slot="description" className="choice-note">
              {choice.note}
            </Text>
          )}
        </ListBoxItem>
      )}
    </ListBox>
  );
}

/** A value that is not among the choices is shown as it stands; the check says what is wrong with it. */
function withValue(choices: readonly Choice[], value: string | undefined): readonly Choice[] {
  if (value === undefined || choices.some(({ id }) => id === value)) return choices;
  return [{ id: value, name: value }, ...choices];
}

export function ChoiceField(props: ChoiceFieldProps) {
  const { label, name, value, field, placeholder, isWide = false } = props;
  const { done } = useEditing();
  const { problems } = useFindings(field);
  const choices = withValue(props.choices, value);
  const choose = (key: unknown): void => {
    if (key === null || key === value) return;
    props.onChange(String(key));
    done();
  };
  const shared = {
    className: isWide ? "field choice-field wide" : "field choice-field",
    "data-field": field,
    "aria-label": name,
    isInvalid: problems.length > 0,
  };
  if (choices.length < searchedFrom) {
    return (
      <Select
        {...shared}
        placeholder={placeholder ?? "Choose"}
        selectedKey={value ?? null}
        onSelectionChange={choose}
      >
        <Label>{label}</Label>
        <Button className="select">
          <SelectValue>
            {({ selectedText, defaultChildren }) => selectedText || defaultChildren}
          </SelectValue>
          <span aria-hidden="true">▾</span>
        </Button>
        <FieldNotes field={field} />
        <Popover className="popover">
          <Options choices={choices} />
        </Popover>
      </Select>
    );
  }
  return (
    <ComboBox
      {...shared}
      selectedKey={value ?? null}
      onSelectionChange={choose}
      defaultItems={choices}
    >
      <Label>{label}</Label>
      <span className="combo">
        <Input placeholder={placeholder ?? "Search"} />
        <Button className="combo-open">▾</Button>
      </span>
      <FieldNotes field={field} />
      <Popover className="popover">
        <Options />
      </Popover>
    </ComboBox>
  );
}
