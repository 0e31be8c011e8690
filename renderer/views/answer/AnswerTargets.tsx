/** Targets against what the run gave, and how busy each pool is. */
import { Button } from "react-aria-components";
import type { RunReport, TargetReport } from "../../../shared/planning/runReport.ts";
import { figurePath } from "../../../shared/reports/explanation.ts";
import { formatGiven, formatMs, formatPercent } from "../../../shared/reports/formatters.ts";
import { fewTargetSamplesNote } from "../../../shared/reports/percentiles.ts";
import { keepUnits } from "../../charts/keepUnits.ts";
import type { AnswerBaseline } from "../../state/answerBaseline.ts";
import type { OpenScenario } from "../../state/appState.ts";
import { changeText } from "../results/answerTexts.ts";

interface PartProps {
  readonly scenario: OpenScenario;
  readonly report: RunReport;
}

function targetText(row: TargetReport): string {
  if (row.metric === "deadline") return "deadline";
  const name = row.metric === "e2e" ? "end to end" : row.metric.toUpperCase();
  return `${name} p${formatGiven(row.percentile * 100)}`;
}

interface TargetProps {
  readonly scenario: OpenScenario;
  readonly row: TargetReport;
  /** Why the figure says little; undefined where it says enough. */
  readonly few: string | undefined;
  /** The same target in the baseline. */
  readonly before: TargetReport | undefined;
}

function Target({ scenario, row, few, before }: TargetProps) {
  const { isMet, actualMs, targetMs } = row;
  const value = actualMs === null ? (isMet ? "met" : "-") : formatMs(actualMs);
  const explain = (): void => scenario.explained.show(figurePath("target", row.class, row.metric));
  const change = before && changeText(before.actualMs, actualMs, formatMs);
  return (
    <li data-met={isMet ?? "unknown"} data-few={few !== undefined}>
      <span className="target-mark" aria-hidden="true">
        {isMet === null ? "?" : isMet ? "✓" : "✕"}
      </span>
      <span className="target-name">
        <span>{row.class}</span> {targetText(row)}
      </span>
      <span className="target-value">
        <Button className="figure-button" onPress={explain}>
          {value}
        </Button>
        {targetMs !== null && <span className="unit"> of {formatMs(targetMs)}</span>}
        {few !== undefined && (
          <span className="figure-note" title={few}>
            too few requests to tell
          </span>
        )}
        {change !== undefined && <span className="figure-note">{keepUnits(change)}</span>}
      </span>
      <span className="visually-hidden">
        {isMet === null ? "not known" : isMet ? "met" : "missed"}
      </span>
    </li>
  );
}

/** Changes of targets are told against what the person pinned; by each edit they would only make rows jump. */
export function AnswerTargets({
  scenario,
  report,
  baseline,
}: PartProps & { readonly baseline: AnswerBaseline | undefined }) {
  if (report.targets.length === 0) {
    return <p className="answer-note">No targets are set: any fleet that keeps up will do.</p>;
  }
  const pinned = baseline?.kind === "pinned" ? baseline.targets : [];
  return (
    <ul className="targets" aria-label="Targets">
      {report.targets.map((row) => (
        <Target
          key={`${row.class}:${row.metric}`}
          {...{ scenario, row }}
          few={fewTargetSamplesNote(report, row)}
          before={pinned.find((each) => each.class === row.class && each.metric === row.metric)}
        />
      ))}
    </ul>
  );
}

export function AnswerPools({ scenario, report }: PartProps) {
  return report.pools.map((pool) => (
    <div className="meter" key={pool.name}>
      <span>{pool.name} busy</span>
      <span className="meter-track" aria-hidden="true">
        <span style={{ width: `${Math.min(1, pool.busyFraction ?? 0) * 100}%` }} />
      </span>
      <Button
        className="figure-button"
        onPress={() => scenario.explained.show(figurePath("pool", pool.name, "busy"))}
      >
        {pool.busyFraction === null ? "-" : formatPercent(pool.busyFraction)}
      </Button>
    </div>
  ));
}
