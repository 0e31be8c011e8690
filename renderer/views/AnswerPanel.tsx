/** The answer to the scenario in front, always in sight: sentence, cost, latency against targets, utilization; marked while a new one is on its way. */
import { Button, ProgressBar } from "react-aria-components";
import type { RunReport, TargetReport } from "../../shared/planning/runReport.ts";
import {
  formatGiven,
  formatMs,
  formatPercent,
  formatSeconds,
  formatUsd,
} from "../../shared/reports/formatters.ts";
import { runSentence } from "../../shared/reports/runText.ts";
import { Figure } from "../components/Figure.tsx";
import { useLive } from "../components/useApp.ts";
import type { OpenScenario } from "../state/appState.ts";

function targetText(row: TargetReport): string {
  if (row.metric === "deadline") return "deadline";
  const name = row.metric === "e2e" ? "end to end" : row.metric.toUpperCase();
  return `${name} p${formatGiven(row.percentile * 100)}`;
}

function Targets({ targets }: { readonly targets: readonly TargetReport[] }) {
  if (targets.length === 0) {
    return <p className="answer-note">No targets are set: any fleet that keeps up will do.</p>;
  }
  return (
    <ul className="targets" aria-label="Targets">
      {targets.map((row) => (
        <li key={`${row.class}:${row.metric}`} data-met={row.isMet ?? "unknown"}>
          <span className="target-mark" aria-hidden="true">
            {row.isMet === null ? "?" : row.isMet ? "✓" : "✕"}
          </span>
          <span>
            {targetText(row)}, {row.class}
          </span>
          <span className="target-value">
            {row.actualMs === null ? (row.isMet ? "met" : "-") : formatMs(row.actualMs)}
            {row.targetMs !== null && <span className="unit"> of {formatMs(row.targetMs)}</span>}
          </span>
          <span className="visually-hidden">
            {row.isMet === null ? "not known" : row.isMet ? "met" : "missed"}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Pools({ report }: { readonly report: RunReport }) {
  return report.pools.map((pool) => (
    <div className="meter" key={pool.name}>
      <span>{pool.name} busy</span>
      <span className="meter-track" aria-hidden="true">
        <span style={{ width: `${Math.min(1, pool.busyFraction ?? 0) * 100}%` }} />
      </span>
      <span>{pool.busyFraction === null ? "-" : formatPercent(pool.busyFraction)}</span>
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

function Figures({ report }: { readonly report: RunReport }) {
  const { cost } = report;
  const perMTok = cost.usdPerMTokReservation;
  const usage = cost.usdPerMTokUsage;
  return (
    <dl className="answer-figures">
      <Figure
        label="A month"
        value={formatUsd(cost.monthUsd)}
        note={
          cost.idleMonthUsd > 0 ? `${formatUsd(cost.idleMonthUsd)} of it idle hours` : undefined
        }
        testId="month-usd"
      />
      <Figure
        label="Per million tokens"
        value={perMTok === null ? "-" : formatUsd(perMTok)}
        note={
          usage === null || perMTok === null || usage === perMTok
            ? undefined
            : `${formatUsd(usage)} without idle hours`
        }
      />
      <Figure
        label="Requests within all targets"
        value={report.sloAttainment.all === null ? "-" : formatPercent(report.sloAttainment.all)}
      />
    </dl>
  );
}

export function AnswerPanel({ scenario }: { readonly scenario: OpenScenario }) {
  const { report, isRunning, error, wasCancelled } = useLive(scenario, (state) => state);
  const isOld = isRunning || error !== undefined || wasCancelled;
  return (
    <aside className="answer" aria-label="Answer" data-old={isOld}>
      <div className="answer-status" aria-live="polite">
        {isRunning ? "Simulating" : error ? "No answer" : wasCancelled ? "Cancelled" : "Answer"}
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
            {runSentence(report)}
          </p>
          <Figures report={report} />
          <Targets targets={report.targets} />
          <Pools report={report} />
        </div>
      )}
    </aside>
  );
}
