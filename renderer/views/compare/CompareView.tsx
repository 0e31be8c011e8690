/** Up to eight scenarios side by side: the answer in sentences, key figures on one axis, all figures with differences, inputs. */
import { useEffect, useMemo, useState } from "react";
import { Button, ProgressBar } from "react-aria-components";
import { useStore } from "zustand";
import { formatSeconds } from "../../../shared/reports/formatters.ts";
import { keepUnits } from "../../charts/keepUnits.ts";
import { PlainChoice } from "../../components/PlainChoice.tsx";
import { useApp, useWindow } from "../../components/useApp.ts";
import { shortcutText } from "../../state/commands.ts";
import { ComparisonRun } from "../../state/comparisonRun.ts";
import { isMac } from "../../state/platform.ts";
import { CompareAnswer } from "./CompareAnswer.tsx";
import { CompareFigures } from "./CompareFigures.tsx";
import { CompareInputs } from "./CompareInputs.tsx";
import { mostCompared, ScenarioPicker } from "./ScenarioPicker.tsx";
import { TrafficNote } from "./TrafficNote.tsx";
import { useNames } from "./useNames.ts";

const replicationChoices = [1, 5, 20, 50];

/** The run of the chosen scenarios; anew when the choice or one of them changes. */
function useComparison(ids: readonly string[], replications: number): ComparisonRun {
  const app = useApp();
  const run = useMemo(() => new ComparisonRun(app.client), [app]);
  const versions = useWindow((state) =>
    ids
      .map((id) => state.scenarios.find((each) => each.id === id))
      .map((each) => `${each?.id} ${each?.version} ${each?.hasDraft ? each.updatedMs : ""}`)
      .join(),
  );
  useEffect(() => run.listen(), [run]);
  useEffect(() => {
    if (ids.length < 2 || versions === "") return;
    void app.flush().then(() => run.run({ ids, replications }));
  }, [app, run, ids, replications, versions]);
  return run;
}

function Progress({ run }: { readonly run: ComparisonRun }) {
  const { isRunning, share, etaS } = useStore(run.store);
  if (!isRunning) return null;
  return (
    <div className="row">
      <ProgressBar className="progress" value={share * 100} aria-label="Comparing">
        {({ percentage }) => (
          <>
            <span className="progress-fill" style={{ width: `${percentage ?? 0}%` }} />
            <span className="progress-text">
              {etaS === undefined
                ? "simulating all with the same requests"
                : `${formatSeconds(etaS)} left`}
            </span>
          </>
        )}
      </ProgressBar>
      <Button className="button small" onPress={() => run.stop()}>
        Cancel
      </Button>
    </div>
  );
}

/** After a cancel: what the figures in sight are of, and the way to start again. */
function Cancelled({ run, again }: { readonly run: ComparisonRun; again(): void }) {
  const { wasCancelled, comparison } = useStore(run.store);
  if (!wasCancelled) return null;
  return (
    <div className="row cancelled">
      <p role="status">
        {comparison === undefined
          ? "The comparison was cancelled."
          : "The comparison was cancelled: the figures below are of the choice before."}
      </p>
      <Button className="button small" onPress={again}>
        Compare again
      </Button>
    </div>
  );
}

function Answer({ run }: { readonly run: ComparisonRun }) {
  const { comparison, answered, error, isRunning, leftOut, wasCancelled } = useStore(run.store);
  const names = useNames(answered?.ids ?? noIds);
  if (error !== undefined) {
    return (
      <div className="problem" role="alert">
        <p>{error.message}</p>
        {error.hint !== undefined && <p>{error.hint}</p>}
      </div>
    );
  }
  if (comparison === undefined && wasCancelled) return null;
  if (comparison === undefined) {
    return (
      <p className="empty">
        {isRunning || leftOut.length === 0
          ? "The figures of all will stand here side by side."
          : "There is nothing to compare: fewer than two of the chosen scenarios can be simulated."}
      </p>
    );
  }
  return (
    <div className="compare-body" data-old={isRunning}>
      <TrafficNote comparison={comparison} names={names} />
      <CompareAnswer comparison={comparison} names={names} />
      <CompareFigures comparison={comparison} names={names} />
      <CompareInputs comparison={comparison} names={names} />
      <section>
        <h2>What to know</h2>
        <ul className="notes">
          {comparison.notes.map((note) => (
            <li key={note}>{keepUnits(note)}</li>
          ))}
        </ul>
      </section>
    </div>
  );
}

const noIds: readonly string[] = [];

export function CompareView({ ids: given }: { readonly ids: readonly string[] }) {
  const scenarios = useWindow((state) => state.scenarios);
  const baseline = useWindow((state) => state.settings.baselineScenario);
  const [replications, setReplications] = useState(5);
  const ids = useMemo(() => {
    const known = given.filter((id) => scenarios.some((each) => each.id === id));
    const first = baseline !== null && known.includes(baseline) ? baseline : known[0];
    const all = first === undefined ? [] : [first, ...known.filter((id) => id !== first)];
    return all.slice(0, mostCompared);
  }, [given, scenarios, baseline]);
  const run = useComparison(ids, replications);
  const leftOut = useStore(run.store, (state) => state.leftOut);
  const problems = useMemo(() => new Map(leftOut.map(({ id, reason }) => [id, reason])), [leftOut]);
  return (
    <article className="sheet-body wide">
      <header>
        <h1>Compare scenarios</h1>
        <p className="lead">
          All are run with the same seed and, where their traffic is the same, the same requests:
          what differs is then what you changed. Differences are to the baseline.
        </p>
      </header>
      <ScenarioPicker ids={ids} problems={problems}>
        {ids.length > 1 && (
          <>
            <PlainChoice
              label="Runs of each"
              value={String(replications)}
              options={replicationChoices.map((each) => ({
                id: String(each),
                name: each === 1 ? "1, without intervals" : `${each}`,
              }))}
              onChange={(value) => setReplications(Number(value))}
            />
            <Progress run={run} />
          </>
        )}
      </ScenarioPicker>
      {ids.length < 2 ? (
        <p className="empty">
          Choose at least two scenarios.{" "}
          {scenarios.length < 2 &&
            `Duplicate one (${shortcutText("Mod+D", isMac)}) and change it to have a second.`}
        </p>
      ) : (
        <>
          <Cancelled run={run} again={() => void run.run({ ids, replications })} />
          <Answer run={run} />
        </>
      )}
    </article>
  );
}
