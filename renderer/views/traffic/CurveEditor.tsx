/** A curve of rates: drawn by hand, window by window as figures, or as text that spreadsheets take and give. */
import { useRef, useState } from "react";
import { Button, FieldError, Label, TextArea, TextField } from "react-aria-components";
import { formatCount, formatNumber } from "../../../shared/reports/formatters.ts";
import { AmountField } from "../../components/fields/AmountField.tsx";
import { FieldNotes } from "../../components/fields/FieldNotes.tsx";
import { More } from "../../components/More.tsx";
import {
  type Curve,
  curveSentence,
  listedWindows,
  mostWindows,
  parseRates,
  strokeRates,
  topOf,
  widthName,
  windowStart,
  withCount,
} from "../../state/rateCurve.ts";
import { DrawBoard } from "./DrawBoard.tsx";

interface CurveEditorProps {
  readonly curve: Curve;
  readonly field: string;
  /** The new process, the step's name, and what joins it to the step before. */
  onChange(curve: Curve, name: string, key: string): void;
}

/** Another number of windows; while it is typed, digit by digit, the windows that the first digits cut off come back. */
function useCount({ curve, onChange }: CurveEditorProps) {
  const { ratesRps } = curve;
  const base = useRef(ratesRps);
  const written = useRef(ratesRps);
  return (count: number | undefined): void => {
    if (count === undefined || count < 1) return;
    if (written.current !== ratesRps) base.current = ratesRps;
    written.current = withCount(base.current, count);
    const next = { ...curve, ratesRps: written.current };
    onChange(next, "change the number of windows", "count");
  };
}

/** Width and number of the windows. */
function CurveFields(props: CurveEditorProps) {
  const { curve, field, onChange } = props;
  const { ratesRps, windowS } = curve;
  const setCount = useCount(props);
  return (
    <div className="field-grid">
      <AmountField
        label="Each window lasts"
        unit="min"
        scale={1 / 60}
        value={windowS}
        field={`${field}.windowS`}
        min={0.001}
        onChange={(value) => {
          if (value !== undefined)
            onChange({ ...curve, windowS: value }, "change the width of the windows", "windowS");
        }}
      />
      <AmountField
        label="Windows"
        value={ratesRps.length}
        min={1}
        max={mostWindows}
        step={1}
        onChange={setCount}
      />
    </div>
  );
}

/** All rates as text, one a line; taken together, or not at all. */
function CurveText({ curve, onChange }: Omit<CurveEditorProps, "field">) {
  const { ratesRps } = curve;
  const isListed = ratesRps.length <= listedWindows;
  const own = isListed ? ratesRps.join("\n") : "";
  const [typed, setTyped] = useState<string>();
  const parsed = typed === undefined ? undefined : parseRates(typed);
  const take = (): void => {
    if (parsed?.rates === undefined) return;
    onChange({ ...curve, ratesRps: [...parsed.rates] }, "paste a curve", "text");
    setTyped(undefined);
  };
  return (
    <More title="Rates as text" summary="one a line, to copy out or paste in">
      <TextField
        className="field curve-text"
        value={typed ?? own}
        onChange={setTyped}
        isInvalid={parsed?.problem !== undefined}
        validationBehavior="aria"
      >
        <Label>
          {isListed
            ? "Requests a second of each window"
            : `The ${formatCount(ratesRps.length)} rates are too many to be listed; paste others here`}
        </Label>
        <TextArea className="mono" rows={8} spellCheck={false} />
        {parsed?.problem !== undefined && (
          <FieldError className="field-note" data-tone="bad">
            {parsed.problem}
          </FieldError>
        )}
      </TextField>
      <div className="row">
        <Button
          className="button small"
          isDisabled={parsed?.rates === undefined || typed === own}
          onPress={take}
        >
          {parsed?.rates === undefined
            ? "Take these rates"
            : `Take these ${formatCount(parsed.rates.length)} rates`}
        </Button>
        {typed !== undefined && (
          <Button className="button small quiet" onPress={() => setTyped(undefined)}>
            As before
          </Button>
        )}
      </div>
    </More>
  );
}

/** Windows before which a line stands: days where there are some, else quarters. */
function rulesOf({ ratesRps, windowS }: Curve): number[] {
  const perDay = 86_400 / windowS;
  const isDaily = Number.isInteger(perDay) && ratesRps.length > perDay;
  const step = isDaily ? perDay : ratesRps.length / 4;
  if (ratesRps.length < 4 || ratesRps.length / step > 60) return [];
  return Array.from({ length: Math.ceil(ratesRps.length / step) - 1 }, (_, i) => (i + 1) * step);
}

export function CurveEditor({ curve, field, onChange }: CurveEditorProps) {
  const { ratesRps, windowS } = curve;
  const [wanted, setAt] = useState(0);
  const at = Math.min(wanted, ratesRps.length - 1);
  // The scale stays while the hand is on the board: bars would otherwise change under it.
  const [held, setHeld] = useState(0);
  const top = Math.max(held, topOf(ratesRps));
  const draw = (rates: readonly number[], name: string, key: string): void =>
    onChange({ ...curve, ratesRps: [...rates] }, name, key);
  const from = windowStart(at, windowS);
  const rateText = `${formatNumber(ratesRps[at])} requests a second`;
  return (
    <figure className="week">
      <CurveFields curve={curve} field={field} onChange={onChange} />
      <figcaption>{curveSentence(curve, formatNumber)}</figcaption>
      <DrawBoard
        label="Rate of each window of the curve"
        valueText={`Window ${formatCount(at + 1)} of ${formatCount(ratesRps.length)}, from ${from}: ${rateText}`}
        heights={ratesRps.map((rate) => rate / top)}
        at={at}
        page={Math.max(1, Math.round(ratesRps.length / 8))}
        rules={rulesOf(curve)}
        topText={`${formatNumber(top)} requests/s`}
        onMove={setAt}
        onLeave={() => setHeld(0)}
        onStroke={(begin, end, key) => {
          setHeld(top);
          draw(
            strokeRates(
              ratesRps,
              { at: begin.at, rate: begin.height * top },
              { at: end.at, rate: end.height * top },
            ),
            "draw the curve",
            key,
          );
        }}
      />
      <div className="draw-ends" aria-hidden="true">
        <span>the run begins</span>
        <span>{windowStart(ratesRps.length, windowS)} h</span>
      </div>
      <FieldNotes field={`${field}.ratesRps`} />
      <div className="draw-hand">
        <AmountField
          label={`From ${from}, for ${widthName(windowS)}`}
          name={`Rate of window ${at + 1}`}
          unit="requests/s"
          value={ratesRps[at]}
          min={0}
          onChange={(rate) => {
            const spot = { at, rate: rate ?? 0 };
            draw(strokeRates(ratesRps, spot, spot), "change a rate", `typed ${at}`);
          }}
        />
        <p className="part-words">
          Draw with the pointer; or choose a window with ← and →, change it with ↑ and ↓, hold Shift
          to carry it on. The curve is played once; where traffic lasts longer, it begins again.
        </p>
      </div>
      <CurveText curve={curve} onChange={onChange} />
    </figure>
  );
}
