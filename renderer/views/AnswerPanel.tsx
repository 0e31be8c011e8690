/** The answer to the scenario in front, always in sight: sentence, cost, latency against targets, utilization, what binds; marked while a new one is on its way. Every figure can be taken apart. */
import { Button, ProgressBar } from "react-aria-components";
import type { ReplicatedFigure, RunReport, TargetReport } from "../../shared/planning/runReport.ts";
import { figurePath } from "../../shared/reports/explanation.ts";
import {
  formatGiven,
  formatMs,
  formatPercent,
  formatSeconds,
  formatUsd,
} from "../../shared/reports/formatters.ts";
import { runSentence } from "../../shared/reports/runText.ts";
import { keepUnits } from "../charts/keepUnits.ts";
import { useDocument, useLive } from "../components/useApp.ts";
import type { OpenScenario } from "../state/appState.ts";
import { changeText, whatBinds } from "./results/answerTexts.ts";
import { ExplanationPanel } from "./results/ExplanationPanel.tsx";

interface PartProps {
  readonly scenario: OpenScenario;
  readonly report: RunReport;
}

function targetText(row: TargetReport): string {
  if (row.metric === "deadline") return "deadline";
  const name = row.metric === "e2e" ? "end to end" : row.metric.toUpperCase();
  return `${name} p${formatGiven(row.percentile * 100)}`;
}

function Target({
  scenario,
  row,
}: {
  readonly scenario: OpenScenario;
  readonly row: TargetReport;
}) {
  const { isMet, actualMs, targetMs } = row;
  const value = actualMs === null ? (isMet ? "met" : "-") : formatMs(actualMs);
  const explain = (): void => scenario.explained.show(figurePath("target", row.class, row.metric));
  return (
    <li data-met={isMet ?? "unknown"}>
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
      </span>
      <span className="visually-hidden">
        {isMet === null ? "not known" : isMet ? "met" : "missed"}
      </span>
    </li>
  );
}

function Targets({ scenario, report }: PartProps) {
  if (report.targets.length === 0) {
    return <p className="answer-note">No targets are set: any fleet that keeps up will do.</p>;
  }
  return (
    <ul className="targets" aria-label="Targets">
      {report.targets.map((row) => (
        <Target key={`${row.class}:${row.metric}`} {...{ scenario, row }} />
      ))}
    </ul>
  );
}

function Pools({ scenario, report }: PartProps) {
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

function Progress({ scenario }: { readonly scenario: OpenScenario }) {
  const share = useLive(scenario, (state) => state.share);
  const etaS = useLive(scenario, (state) => state.etaS);
  return (
    <div className="row">
      <ProgressBar className="progress" value={share * 100} aria-label="Simulating">
        {({ percentage }) => (
          <>
            <span className="progress-fill" style={{ width: `${percentage ?? 0}%` }} />
            <span className="progress-text">
              {etaS === undefined ? "simulating" : `${formatSeconds(etaS)} left`}
            </span>
          </>
        )}
      </ProgressBar>
      <Button className="button small" onPress={() => scenario.live.cancel()}>
        Cancel
      </Button>
    </div>
  );
}

interface AnswerFigureProps {
  readonly scenario: OpenScenario;
  readonly label: string;
  readonly value: string;
  /** Path of the figure. */
  readonly figure: string;
  readonly spread?: string;
  readonly notes: readonly (string | undefined)[];
  readonly testId?: string;
}

function AnswerFigure(props: AnswerFigureProps) {
  const { scenario, label, value, figure, spread, notes, testId } = props;
  return (
    <div className="figure">
      <dt>{label}</dt>
      <dd>
        <Button
          className="figure-button"
          aria-label={`${label}: ${value}. Where it comes from`}
          onPress={() => scenario.explained.show(figure)}
        >
          <span className="figure-value" data-testid={testId}>
            {value}
          </span>
        </Button>
        {spread !== undefined && <span className="figure-spread"> {spread}</span>}
        {notes.map((note) =>
          note === undefined ? null : (
            <span className="figure-note" key={note}>
              {note}
            </span>
          ),
        )}
      </dd>
    </div>
  );
}

/** "± 1.2 %" of a figure over runs with other draws; undefined before there are any, or where it does not spread. */
function spreadText(figure: ReplicatedFigure | undefined, format: (value: number) => string) {
  if (figure === undefined || figure.halfWidth95 === null || figure.halfWidth95 === 0)
    return undefined;
  return `± ${format(figure.halfWidth95)}`;
}

function Figures({ scenario, report }: PartProps) {
  const before = useLive(scenario, (state) => state.before);
  const { cost, sloAttainment, replications } = report;
  const perMTok = cost.usdPerMTokReservation;
  const usage = cost.usdPerMTokUsage;
  const spread = replications?.figures ?? {};
  const isIdleDear = usage !== null && perMTok !== null && usage !== perMTok;
  return (
    <dl className="answer-figures">
      <AnswerFigure
        {...{ scenario, label: "A month", value: formatUsd(cost.monthUsd), figure: "cost/month" }}
        spread={spreadText(spread.monthUsd, formatUsd)}
        notes={[
          before && changeText(before.cost.monthUsd, cost.monthUsd, formatUsd),
          cost.idleMonthUsd > 0 ? `${formatUsd(cost.idleMonthUsd)} of it idle hours` : undefined,
        ]}
        testId="month-usd"
      />
      <AnswerFigure
        {...{ scenario, label: "Per million tokens", figure: "cost/perMTok" }}
        value={perMTok === null ? "-" : formatUsd(perMTok)}
        spread={spreadText(spread.usdPerMTokReservation, formatUsd)}
        notes={[
          before && perMTok !== null
            ? changeText(before.cost.usdPerMTokReservation, perMTok, formatUsd)
            : undefined,
          isIdleDear ? `${formatUsd(usage)} without idle hours` : undefined,
        ]}
      />
      <AnswerFigure
        {...{ scenario, label: "Requests within all targets", figure: "slo/all" }}
        value={sloAttainment.all === null ? "-" : formatPercent(sloAttainment.all)}
        spread={spreadText(spread.sloAttainment, formatPercent)}
        notes={[]}
      />
    </dl>
  );
}

function statusText(state: {
  readonly isRunning: boolean;
  readonly hasError: boolean;
  readonly wasCancelled: boolean;
  readonly isStale: boolean;
  readonly isSettling: boolean;
  readonly firstShare: number | undefined;
}): string {
  if (state.isRunning && state.firstShare !== undefined) {
    return `First answer, from ${formatPercent(state.firstShare)} of the traffic; settling`;
  }
  if (state.isRunning) return "Simulating";
  if (state.hasError) return "No answer";
  if (state.wasCancelled) return "Cancelled";
  if (state.isStale) return "Stale";
  return state.isSettling ? "Answer, intervals are settling" : "Answer";
}

function Binds({ report }: { readonly report: RunReport }) {
  const texts = whatBinds(report);
  if (texts.length === 0) return null;
  return (
    <section className="binds">
      <h2>What binds it</h2>
      {texts.map((text) => (
        <p key={text}>{keepUnits(text)}</p>
      ))}
    </section>
  );
}

export function AnswerPanel({ scenario }: { readonly scenario: OpenScenario }) {
  const live = useLive(scenario, (state) => state);
  const document = useDocument(scenario, (state) => state.history.value);
  const { report, answered, isRunning, isSettling, firstShare, error, wasCancelled } = live;
  const isStale = report !== undefined && answered !== document;
  const isOld = isRunning || isStale || error !== undefined || wasCancelled;
  return (
    <aside className="answer" aria-label="Answer" data-old={isOld}>
      <div className="answer-status" aria-live="polite">
        {statusText({
          isRunning,
          hasError: error !== undefined,
          wasCancelled,
          isStale,
          isSettling,
          firstShare,
        })}
      </div>
      {isRunning && <Progress scenario={scenario} />}
      {error !== undefined && (
        <div className="problem" role="alert">
          <p>{error.message}</p>
          {error.hint !== undefined && <p>{error.hint}</p>}
        </div>
      )}
      {wasCancelled && (
        <Button
          className="button"
          onPress={() => void scenario.live.run(scenario.document.document, true)}
        >
          Simulate again
        </Button>
      )}
      {report !== undefined && (
        <div className="answer-body">
          <p className="verdict" data-testid="verdict">
            {keepUnits(runSentence(report))}
          </p>
          <Figures {...{ scenario, report }} />
          <ExplanationPanel {...{ scenario, report }} />
          <Targets {...{ scenario, report }} />
          <div className="meters">
            <Pools {...{ scenario, report }} />
          </div>
          <Binds report={report} />
        </div>
      )}
    </aside>
  );
}
