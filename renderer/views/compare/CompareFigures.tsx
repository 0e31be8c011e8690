/** All figures side by side, each with its difference to the baseline and its interval. */
import { Fragment, useState } from "react";
import { Checkbox } from "react-aria-components";
import type { Comparison, ComparisonRow } from "../../../shared/planning/comparison/comparison.ts";
import { isDifferent } from "../../../shared/reports/comparisonText.ts";
import { formatCount, noValue } from "../../../shared/reports/formatters.ts";
import { InlineMark } from "../../charts/Mark.tsx";
import { CsvButton } from "../../components/CsvButton.tsx";
import { Term } from "../../components/Term.tsx";
import type { ComparedNames } from "./comparedNames.ts";
import { differenceText, hasInterval, intervalText, withUnit } from "./figureTexts.ts";

interface CompareFiguresProps {
  readonly comparison: Comparison;
  readonly names: ComparedNames;
}

/** Latencies by class are many: they come when asked for. */
const detail = "latency by class";

function Value({ row, index }: { readonly row: ComparisonRow; readonly index: number }) {
  const value = row.values[index];
  const reason = row.unreliable[index];
  if (value === null) return noValue;
  const text = withUnit(value, row.unit);
  return reason === null ? (
    text
  ) : (
    <span className="few" title={reason}>
      {text}
      <span className="visually-hidden"> (too few samples: {reason})</span>
    </span>
  );
}

function FigureRow({
  row,
  comparison,
}: {
  readonly row: ComparisonRow;
  readonly comparison: Comparison;
}) {
  return (
    <tr>
      <th scope="row">{row.label}</th>
      {comparison.scenarios.map(({ letter }, index) => (
        <td key={letter} className="figure-cell">
          <Value row={row} index={index} />
          {index !== comparison.baseline && (
            <span className="difference">
              {differenceText(row, index)}
              {hasInterval(row, index) && (
                <span className="unit"> 95 %: {intervalText(row, index)}</span>
              )}
            </span>
          )}
        </td>
      ))}
    </tr>
  );
}

function csvOf(rows: readonly ComparisonRow[], names: ComparedNames, baseline: number) {
  const header = [
    ...["id", "figure", "unit"],
    ...names.flatMap(({ name }, i) =>
      i === baseline ? [name] : [name, `${name} - baseline`, `${name} low95`, `${name} high95`],
    ),
  ];
  const cells = rows.map((row) => [
    ...[row.id, row.label, row.unit],
    ...names.flatMap((_, i) => {
      const difference = row.differences[i];
      if (i === baseline || difference === null) return [row.values[i]];
      const { absolute, interval } = difference;
      return [row.values[i], absolute, interval?.low ?? null, interval?.high ?? null];
    }),
  ]);
  return { header, rows: cells };
}

function restText(count: number): string {
  if (count === 0) return "These are all figures.";
  const which = count === 1 ? "One further figure is" : `${formatCount(count)} further figures are`;
  return `${which} the same, not known, or folded away.`;
}

export function CompareFigures({ comparison, names }: CompareFiguresProps) {
  const [onlyDifferent, setOnlyDifferent] = useState(true);
  const [hasDetail, setDetail] = useState(false);
  const { figures, scenarios, baseline } = comparison;
  const shown = figures.filter(
    (row) =>
      (hasDetail || row.group !== detail) &&
      row.values.some((value) => value !== null) &&
      (!onlyDifferent || row.differences.some(isDifferent)),
  );
  const groups = [...new Set(shown.map(({ group }) => group))];
  return (
    <section>
      <h2>Figures</h2>
      <div className="row">
        <Checkbox className="checkbox" isSelected={onlyDifferent} onChange={setOnlyDifferent}>
          <span className="checkbox-box" aria-hidden="true" />
          Only what differs
        </Checkbox>
        <Checkbox className="checkbox" isSelected={hasDetail} onChange={setDetail}>
          <span className="checkbox-box" aria-hidden="true" />
          Latency of each class
        </Checkbox>
        <CsvButton name="comparison" table={() => csvOf(figures, names, baseline)} />
      </div>
      {shown.length === 0 ? (
        <p className="empty">Every figure is the same.</p>
      ) : (
        // A wide table scrolls by itself; the keyboard reaches it.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: so that the keyboard can scroll it
        <section className="table-frame" tabIndex={0} aria-label="Figures side by side">
          <table className="compare-table">
            <caption className="visually-hidden">Figures of the scenarios side by side</caption>
            <thead>
              <tr>
                <th scope="col">Figure</th>
                {scenarios.map(({ letter, isBaseline }, i) => (
                  <th key={letter} scope="col" className="figure-cell" title={names[i].name}>
                    <InlineMark style={names[i].style} /> {names[i].short}
                    {isBaseline && <span className="unit"> baseline</span>}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {groups.map((group) => (
                <Fragment key={group}>
                  <tr>
                    <th colSpan={scenarios.length + 1} scope="colgroup" className="group-row">
                      {`${group[0].toUpperCase()}${group.slice(1)}`}
                    </th>
                  </tr>
                  {shown
                    .filter((row) => row.group === group)
                    .map((row) => (
                      <FigureRow key={row.id} row={row} comparison={comparison} />
                    ))}
                </Fragment>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {shown.some(({ label }) => /TTFT|TPOT/.test(label)) && (
        <p className="chart-rule">
          <Term word="TTFT" /> and <Term word="TPOT" /> at p95: 95 % of requests stay within.
        </p>
      )}
      <p className="lead">{restText(figures.length - shown.length)}</p>
    </section>
  );
}
