/** The comparison in a sentence each, and its key figures on shared axes. */
import { useMemo } from "react";
import type { Comparison, ComparisonRow } from "../../../shared/planning/comparison/comparison.ts";
import { differenceSentence } from "../../../shared/reports/comparisonText.ts";
import { DotChart, type StyledRow } from "../../charts/DotChart.tsx";
import { keepUnits } from "../../charts/keepUnits.ts";
import { InlineMark } from "../../charts/Mark.tsx";
import type { ComparedNames } from "./comparedNames.ts";
import { differenceText, withUnit } from "./figureTexts.ts";

interface CompareAnswerProps {
  readonly comparison: Comparison;
  readonly names: ComparedNames;
}

const keyFigures = [
  { id: "cost.monthUsd", title: "Cost, $ a month" },
  { id: "cost.usdPerMTokReservation", title: "Cost, $ per million tokens" },
  { id: "latency.all.ttftMs.p95", title: "First token, 95 % of requests within" },
  { id: "sloAttainment.all", title: "Requests within all targets" },
] as const;

/** Where a logarithmic axis of durations has its marks, milliseconds. */
const durationMarks = [
  ...[1, 10, 100, 1000, 10_000, 60_000, 600_000],
  ...[3600e3, 36_000e3, 86_400e3, 864_000e3],
];

/** Letters of the comparison become names: a sentence is read without a legend. */
function sentence(comparison: Comparison, index: number, names: ComparedNames): string {
  const text = differenceSentence(comparison, index);
  const { scenarios, baseline } = comparison;
  const own = scenarios[index].letter;
  const base = scenarios[baseline].letter;
  return text
    .replace(new RegExp(`^${own} `), () => `${names[index].short} `)
    .replace(new RegExp(`(than|as) ${base}\\b`), (_, word) => `${word} ${names[baseline].short}`)
    .replace(
      /its TTFT p95 is (\S+ \S+) against (\S+ \S+)\.$/,
      "95 % of its requests have their first token within $1, against $2.",
    )
    .replace(
      /its TTFT p95 is the same \((\S+ \S+)\)\.$/,
      "95 % of its requests have their first token within $1, as there.",
    );
}

function rowsOf(row: ComparisonRow, names: ComparedNames, baseline: number): StyledRow[] {
  const base = row.values[baseline];
  return names.map(({ id, short: name, style }, i) => {
    const interval = row.differences[i]?.interval ?? null;
    const ends =
      interval === null || base === null
        ? {}
        : { low: Math.max(0, base + interval.low), high: base + interval.high };
    return { id, name, style, value: row.values[i], difference: differenceText(row, i), ...ends };
  });
}

function summaryOf(row: ComparisonRow, names: ComparedNames): string {
  const known = names.flatMap(({ short: name }, i) => {
    const value = row.values[i];
    return value === null ? [] : [{ name, value }];
  });
  if (known.length === 0) return "";
  const [least] = [...known].sort((a, b) => a.value - b.value);
  const most = known.reduce((a, b) => (b.value > a.value ? b : a));
  const [low, high] = [withUnit(least.value, row.unit), withUnit(most.value, row.unit)];
  if (least.value === most.value) return `The same in all: ${low}.`;
  if (low === high) return `${low} in all; they differ beyond the digits shown.`;
  return `From ${low} (${least.name}) to ${high} (${most.name}).`;
}

function KeyFigure({
  row,
  title,
  names,
  baseline,
}: {
  readonly row: ComparisonRow;
  readonly title: string;
  readonly names: ComparedNames;
  readonly baseline: number;
}) {
  const rows = useMemo(() => rowsOf(row, names, baseline), [row, names, baseline]);
  const { unit } = row;
  const format = useMemo(() => (value: number) => withUnit(value, unit), [unit]);
  return (
    <DotChart
      {...{ title, rows, baseline, format }}
      summary={summaryOf(row, names)}
      axis={format}
      {...(unit === "ms" && { marks: durationMarks })}
    />
  );
}

export function CompareAnswer({ comparison, names }: CompareAnswerProps) {
  const { baseline, scenarios, figures } = comparison;
  return (
    <section aria-label="The comparison in short">
      <ul className="compare-sentences" data-testid="compare-sentences">
        {scenarios.map(
          ({ letter }, index) =>
            index !== baseline && (
              <li key={letter}>
                <InlineMark style={names[index].style} />
                <span>{keepUnits(sentence(comparison, index, names))}</span>
              </li>
            ),
        )}
      </ul>
      <div className="multiples">
        {keyFigures.map(({ id, title }) => {
          const row = figures.find((each) => each.id === id);
          return row === undefined ? null : (
            <KeyFigure key={id} {...{ row, title, names, baseline }} />
          );
        })}
      </div>
    </section>
  );
}
