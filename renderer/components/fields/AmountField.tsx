/** A number with its unit. What is typed is taken at once, and put into the language's form when the field is left. */
import { type ReactNode, useRef, useState } from "react";
import { Button, Group, Input, Label, NumberField, useLocale } from "react-aria-components";
import { formatGiven } from "../../../shared/reports/formatters.ts";
import { useEditing, useFindings } from "../editing.tsx";
import { FieldNotes } from "./FieldNotes.tsx";
import { parseTyped } from "./typedNumber.ts";

export interface AmountFieldProps {
  readonly label: ReactNode;
  /** Name for screen readers where the label is not plain text. */
  readonly name?: string;
  readonly value: number | undefined;
  /** Path of the field in the document; its findings stand below. */
  readonly field?: string;
  readonly unit?: string;
  /** What holds when the field is empty; shown in it, faint. */
  readonly fallback?: number | string;
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  /** Shown is value times this: 100 for a share in percent. */
  readonly scale?: number;
  readonly hasSteppers?: boolean;
  /** A number that names something, like a seed, has no group marks. */
  readonly isName?: boolean;
  onChange(value: number | undefined): void;
}

/** Free of the noise that a scale brings: 0.07 x 100. */
function scaled(value: number, factor: number): number {
  return Number((value * factor).toPrecision(12));
}

function fallbackText(fallback: number | string | undefined, scale: number): string | undefined {
  if (typeof fallback !== "number") return fallback;
  return formatGiven(scaled(fallback, scale));
}

/**
 * While a text is typed the field keeps the value that it began with, so that the text is left alone. Where the value changes
 * otherwise meanwhile, by undo, `resets` counts on: the text is then written anew.
 */
function useTyping(shown: number, onChange: (value: number | undefined) => void) {
  const { locale } = useLocale();
  const [held, setHeld] = useState<number>();
  const written = useRef<number>(shown);
  const isTyping = held !== undefined && Object.is(shown, written.current);
  const [resets, setResets] = useState(0);
  if (held !== undefined && !isTyping) {
    setHeld(undefined);
    setResets(resets + 1);
  }
  const take = (value: number): void => {
    written.current = value;
    onChange(Number.isNaN(value) ? undefined : value);
  };
  return {
    value: isTyping ? held : shown,
    resets,
    type: (text: string): void => {
      const parsed = text.trim() === "" ? Number.NaN : parseTyped(text, locale);
      if (parsed === undefined) return;
      if (!isTyping) setHeld(shown);
      take(parsed);
    },
    commit: (value: number): void => {
      setHeld(undefined);
      if (!Object.is(value, shown)) take(value);
    },
    leave: (): void => setHeld(undefined),
  };
}

export function AmountField(props: AmountFieldProps) {
  const { label, name, field, unit, fallback, min, max, step, scale = 1 } = props;
  const { done } = useEditing();
  const { problems } = useFindings(field);
  const shown = props.value === undefined ? Number.NaN : scaled(props.value, scale);
  const typing = useTyping(shown, (value) =>
    props.onChange(value === undefined ? undefined : scaled(value, 1 / scale)),
  );
  return (
    <NumberField
      className="field amount-field"
      data-field={field}
      {...(name !== undefined && { "aria-label": name })}
      value={typing.value}
      {...(min !== undefined && { minValue: min })}
      {...(max !== undefined && { maxValue: max })}
      {...(step !== undefined && { step })}
      commitBehavior="validate"
      validationBehavior="aria"
      isInvalid={problems.length > 0}
      formatOptions={{
        // The component writes its text anew when its format changes, which the tenth digit does without being seen.
        maximumFractionDigits: 9 + (typing.resets % 2),
        useGrouping: !props.isName,
      }}
      onChange={typing.commit}
      onBlur={() => {
        typing.leave();
        done();
      }}
    >
      <Label>{label}</Label>
      <Group className="amount">
        <Input
          placeholder={fallbackText(fallback, scale)}
          onInput={(event) => typing.type(event.currentTarget.value)}
        />
        {unit !== undefined && <span className="unit">{unit}</span>}
        {props.hasSteppers && (
          <>
            <Button slot="decrement" className="stepper">
              −
            </Button>
            <Button slot="increment" className="stepper">
              +
            </Button>
          </>
        )}
      </Group>
      <FieldNotes field={field} scale={scale} />
    </NumberField>
  );
}
