/** How sure the verdict is: which option wins how often when inputs are ranges, and which of them moves it. */
import { useMemo, useState } from "react";
import { Button, Input, Label, NumberField } from "react-aria-components";
import type { UncertaintyResult } from "../../../shared/planning/uncertainty/uncertaintyResult.ts";
import { uncertaintySentence } from "../../../shared/reports/uncertaintyText.ts";
import { TornadoChart } from "../../charts/TornadoChart.tsx";
import { WinChart } from "../../charts/WinChart.tsx";
import { useDocument, useStudy } from "../../components/useApp.ts";
import type { OpenScenario } from "../../state/appState.ts";
import { CountField } from "./CountField.tsx";
import { StudyBar } from "./StudyBar.tsx";
import { Notes } from "./TableSection.tsx";
import { type InputRange, rangeProblem, usualRanges } from "./uncertainInputs.ts";
import { leftOut, tornadoBars, winShares } from "./uncertaintyShapes.ts";

interface RangeFieldProps {
  readonly label: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
}

function RangeField({ label, value, onChange }: RangeFieldProps) {
  return (
    <NumberField
      className="range-field"
      value={value}
      aria-label={label}
      formatOptions={{ maximumSignificantDigits: 6 }}
      onChange={(next) => {
        if (Number.isFinite(next)) onChange(next);
      }}
    >
      <Label className="visually-hidden">{label}</Label>
      <Input />
    </NumberField>
  );
}

function Ranges({
  ranges,
  onChange,
}: {
  readonly ranges: readonly InputRange[];
  readonly onChange: (ranges: readonly InputRange[]) => void;
}) {
  const set = (path: string, patch: Partial<InputRange>): void =>
    onChange(ranges.map((each) => (each.path === path ? { ...each, ...patch } : each)));
  return (
    <table className="ranges">
      <caption className="visually-hidden">Uncertain inputs</caption>
      <thead>
        <tr>
          <th scope="col">uncertain input</th>
          <th scope="col" className="figure-cell">
            least
          </th>
          <th scope="col" className="figure-cell">
            likeliest
          </th>
          <th scope="col" className="figure-cell">
            most
          </th>
          <th scope="col">
            <span className="visually-hidden">leave out</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {ranges.map(({ path, label, min, mode, max }) => (
          <tr key={path}>
            <td>{label}</td>
            <td className="figure-cell">
              <RangeField
                label={`${label}, least`}
                value={min}
                onChange={(value) => set(path, { min: value })}
              />
            </td>
            <td className="figure-cell">
              <RangeField
                label={`${label}, likeliest`}
                value={mode}
                onChange={(value) => set(path, { mode: value })}
              />
            </td>
            <td className="figure-cell">
              <RangeField
                label={`${label}, most`}
                value={max}
                onChange={(value) => set(path, { max: value })}
              />
            </td>
            <td className="figure-cell">
              <Button
                className="button small quiet"
                aria-label={`Take ${label} as known`}
                onPress={() => onChange(ranges.filter((each) => each.path !== path))}
              >
                Known
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Answer({ result }: { readonly result: UncertaintyResult }) {
  const { difference, options, samples } = result;
  const shares = useMemo(() => winShares(result), [result]);
  const bars = useMemo(() => tornadoBars(result), [result]);
  const label = (id: string): string => options.find((each) => each.id === id)?.label ?? id;
  const missing = leftOut(result).map(
    (input) => `${input} is not among the bars: at no value of it both options keep the targets.`,
  );
  return (
    <>
      <WinChart
        title="How often each option is cheapest"
        summary={uncertaintySentence(result)}
        {...{ shares, samples }}
      />
      <TornadoChart
        title="What moves the verdict"
        summary={`The cost of ${label(difference.a)} minus that of ${label(difference.b)}, one input at a time from its least to its most.`}
        empty={
          bars.length === 0
            ? "At no value of any input both options keep the targets, so that there is no difference to show."
            : undefined
        }
        bars={bars}
        baseUsd={difference.baseUsd}
        first={label(difference.a)}
        second={label(difference.b)}
      />
      <Notes heading="What to know" notes={[...missing, ...result.warnings, ...result.notes]} />
    </>
  );
}

export function UncertaintyView({ scenario }: { readonly scenario: OpenScenario }) {
  const { answer } = useStudy(scenario, "uncertainty");
  const document = useDocument(scenario, (state) => state.history.value);
  const [edited, setEdited] = useState<readonly InputRange[]>();
  const [samples, setSamples] = useState(100);
  const ranges = edited ?? usualRanges(document);
  const uncertain = ranges.map(({ path, label, min, mode, max }) => ({
    ...{ name: label, path },
    distribution: { kind: "triangular" as const, min, mode, max },
  }));
  return (
    <>
      <StudyBar
        scenario={scenario}
        question={{ kind: "uncertainty", uncertain, samples }}
        about="Draws the inputs below from their ranges, finds the fewest GPUs for each draw, and counts which option is cheapest while it keeps the targets."
        action="See how sure it is"
        obstacle={rangeProblem(ranges)}
      >
        <CountField label="Samples" value={samples} least={10} most={2000} onChange={setSamples} />
        {edited !== undefined && (
          <Button className="button" onPress={() => setEdited(undefined)}>
            Usual ranges
          </Button>
        )}
      </StudyBar>
      <Ranges ranges={ranges} onChange={setEdited} />
      {answer !== undefined && <Answer result={answer.result as object as UncertaintyResult} />}
    </>
  );
}
