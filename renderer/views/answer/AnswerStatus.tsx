/** What the answer is at this moment: new, on its way, old, or none and why. Its line keeps its height, so that nothing below it moves. */
import { Button, ProgressBar } from "react-aria-components";
import { useStore } from "zustand";
import { formatPercent, formatSeconds } from "../../../shared/reports/formatters.ts";
import { withoutArithmetic } from "../../components/PartProblems.tsx";
import { useApp, useDocument, useLive } from "../../components/useApp.ts";
import { useLasting } from "../../components/useLasting.ts";
import { type OpenScenario, scenarioParts } from "../../state/appState.ts";
import type { Finding } from "../../state/documentCheck.ts";
import { partOfField } from "../outline/partLines.ts";
import { partNames } from "../partNames.ts";

interface StatusProps {
  readonly scenario: OpenScenario;
}

/** A run that is done sooner shows its answer and nothing else. */
const quickMs = 250;
/** A field that is just being typed may be wrong for so long. */
const typingMs = 500;

/** How the answer in sight stands to the document. */
export function useAnswerAge(scenario: OpenScenario) {
  const live = useLive(scenario, (state) => state);
  const document = useDocument(scenario, (state) => state.history.value);
  const isStale = live.report !== undefined && live.answered !== document;
  const isSlow = useLasting(live.isRunning, quickMs);
  const hasError = useLasting(live.error !== undefined, typingMs);
  const isLate = useLasting(isStale && !live.isRunning, quickMs);
  const isWhole = !isStale && !live.isRunning && live.report !== undefined;
  /** What the figures in sight are of, at once and without a word about it: the document as it stands, its first part, or the one before. */
  const of = isWhole ? "whole" : live.firstShare === undefined ? "before" : "first";
  return { live, isSlow, hasError, isLate, of };
}

function statusText(age: ReturnType<typeof useAnswerAge>): string {
  const { live, isSlow, hasError, isLate } = age;
  if (isSlow && live.firstShare !== undefined) {
    return `First answer, from ${formatPercent(live.firstShare)} of the traffic; settling`;
  }
  if (isSlow || live.report === undefined) {
    if (live.isRunning) return "Simulating";
    return live.wasCancelled ? "Cancelled" : live.error === undefined ? "" : "No answer";
  }
  if (hasError) return "Stale: the last answer, from before the problem";
  if (live.wasCancelled) return "Cancelled: the answer before the last edit";
  if (isLate) return "Stale";
  return live.isSettling ? "Answer, intervals are settling" : "Answer";
}

function Progress({ scenario }: StatusProps) {
  const share = useLive(scenario, (state) => state.share);
  return (
    <ProgressBar className="answer-progress" value={share * 100} aria-label="Simulating">
      {({ percentage }) => <span style={{ width: `${percentage ?? 0}%` }} />}
    </ProgressBar>
  );
}

function TimeLeft({ scenario }: StatusProps) {
  const etaS = useLive(scenario, (state) => state.etaS);
  return etaS === undefined ? null : <span className="unit">{formatSeconds(etaS)} left</span>;
}

/** The first thing to put right in each part, with the way there. */
function ToPutRight({ scenario, found }: StatusProps & { readonly found: readonly Finding[] }) {
  const app = useApp();
  const { id } = scenario.document.store.getState();
  return (
    <ul>
      {scenarioParts.map((part) => {
        const [first, ...others] = found.filter(({ field }) => partOfField(field) === part);
        if (first === undefined) return null;
        return (
          <li key={part}>
            <Button
              className="link"
              onPress={() => app.go({ kind: "scenario", id, part })}
              aria-label={`To ${partNames[part]}, where something is to be put right`}
            >
              {partNames[part]}
            </Button>
            : {first.field !== "" && <code>{first.field}</code>} {withoutArithmetic(first.message)}
            {others.length > 0 && ` And ${others.length} more.`}
          </li>
        );
      })}
    </ul>
  );
}

/** Why there is no answer to the document as it stands. */
function Problem({ scenario }: StatusProps) {
  const error = useLive(scenario, (state) => state.error);
  const hasReport = useLive(scenario, (state) => state.report !== undefined);
  const found = useStore(scenario.check.store, (state) => state.problems);
  if (error === undefined) return null;
  return (
    <div className="problem answer-problem" role="alert">
      {found.length === 0 ? (
        <>
          <p>{error.message}</p>
          {error.hint !== undefined && <p>{error.hint}</p>}
        </>
      ) : (
        <>
          <p>
            The scenario cannot be simulated as it stands.
            {hasReport && " Below is the last answer."}
          </p>
          <ToPutRight scenario={scenario} found={found} />
        </>
      )}
    </div>
  );
}

export function AnswerStatus({
  scenario,
  age,
}: StatusProps & { readonly age: ReturnType<typeof useAnswerAge> }) {
  const { live, isSlow, hasError } = age;
  const isRunning = isSlow || (live.isRunning && live.report === undefined);
  return (
    <>
      <div className="answer-head">
        <div className="answer-line">
          <span className="answer-status" aria-live="polite">
            {statusText(age)}
          </span>
          {isRunning && <TimeLeft scenario={scenario} />}
          {isRunning && (
            <Button className="button small quiet" onPress={() => scenario.live.cancel()}>
              Cancel
            </Button>
          )}
          {live.wasCancelled && !live.isRunning && (
            <Button
              className="button small"
              onPress={() => void scenario.live.run(scenario.document.document, true)}
            >
              Simulate again
            </Button>
          )}
        </div>
        {isRunning ? <Progress scenario={scenario} /> : <span className="answer-progress" />}
      </div>
      {(hasError || (live.error !== undefined && live.report === undefined)) && (
        <Problem scenario={scenario} />
      )}
    </>
  );
}
