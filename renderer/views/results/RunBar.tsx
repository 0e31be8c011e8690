/** The run itself: one button, how far it is, how many draws stand behind the intervals, and whether the answer is stale. */
import { type ReactNode, useState } from "react";
import { Button, ProgressBar } from "react-aria-components";
import type { RunReport } from "../../../shared/planning/runReport.ts";
import { formatCount, formatPercent, formatSeconds } from "../../../shared/reports/formatters.ts";
import { useApp, useDocument, useLive } from "../../components/useApp.ts";
import type { OpenScenario } from "../../state/appState.ts";
import { CountField } from "./CountField.tsx";
import { firstFigures, runProgress } from "./runProgress.ts";

function Progress({ scenario }: { readonly scenario: OpenScenario }) {
  const { share, etaS, startedMs, reach } = useLive(scenario, (state) => state);
  const elapsedS = (performance.now() - startedMs) / 1000;
  const first = reach && firstFigures(reach);
  return (
    <div className="row study-progress">
      <ProgressBar className="progress" value={share * 100} aria-label="Run">
        {({ percentage }) => (
          <>
            <span className="progress-fill" style={{ width: `${percentage ?? 0}%` }} />
            <span className="progress-text">
              {runProgress({ share, etaS, reach }, elapsedS).join(", ")}
            </span>
          </>
        )}
      </ProgressBar>
      <Button className="button small" onPress={() => scenario.live.cancel()}>
        Cancel
      </Button>
      {first !== undefined && <p className="study-state">{first}</p>}
    </div>
  );
}

function Explained({ term, children }: { readonly term: string; readonly children: ReactNode }) {
  return (
    <details className="explained">
      <summary>{term}</summary>
      <div>{children}</div>
    </details>
  );
}

function replicationText({ replications }: RunReport): string {
  const month = replications?.figures.monthUsd;
  if (replications === undefined || month?.halfWidth95 == null) {
    return "Each run draws lengths, latencies and failures from the seed. Further runs with other draws show how far the figures depend on them.";
  }
  const share = month.mean === 0 ? 0 : month.halfWidth95 / month.mean;
  const more =
    month.runsFor5Percent !== null && month.runsFor5Percent > replications.count
      ? ` ${formatCount(month.runsFor5Percent)} runs would bring it to 5 %.`
      : "";
  return `${formatCount(replications.count)} runs with other draws: the month's cost is known to ± ${formatPercent(share)} (95 %).${more}`;
}

function warmupText({ warmupS, horizonS }: RunReport): string {
  if (warmupS === 0) {
    return "Nothing is left out: latencies count every request from the first on. A trace that begins in the middle of a busy day starts with empty queues; set a warm-up where that matters.";
  }
  return `Latencies leave out the first ${formatSeconds(warmupS)} of ${formatSeconds(horizonS)}, in which queues fill from empty. Cost and utilization count all of it.`;
}

/** The head of a run's results. */
export function RunBar({ scenario }: { readonly scenario: OpenScenario }) {
  const app = useApp();
  const live = useLive(scenario, (state) => state);
  const document = useDocument(scenario, (state) => state.history.value);
  const { report, answered, isRunning, isSettling, replications, wasCancelled, error } = live;
  const [isKept, setKept] = useState(false);
  const isStale = report !== undefined && answered !== document;
  const keep = (): void => {
    setKept(true);
    void app.commands.run("run.start");
  };
  return (
    <header className="study-bar">
      <div className="row">
        {!isRunning && (
          <Button
            className={isStale || wasCancelled ? "button primary" : "button"}
            onPress={keep}
            isDisabled={error !== undefined && !isStale}
          >
            Simulate and keep the run
          </Button>
        )}
        <Button className="button" onPress={() => app.commands.run("run.allStale")}>
          Simulate all that is stale
        </Button>
        <CountField
          label="Runs behind the intervals"
          value={replications}
          least={1}
          most={100}
          onChange={(count) => scenario.live.setReplications(count)}
        />
        {!isRunning && isStale && <span className="badge">Stale: the scenario changed since</span>}
        {isSettling && <span className="badge quiet">Intervals are settling</span>}
        {isKept && !isRunning && !isStale && (
          <span className="study-state">Kept in the library.</span>
        )}
      </div>
      {isRunning && <Progress scenario={scenario} />}
      {report !== undefined && (
        <div className="explained-row">
          <Explained term="Why several runs?">{replicationText(report)}</Explained>
          <Explained term="What is the warm-up?">{warmupText(report)}</Explained>
        </div>
      )}
    </header>
  );
}
