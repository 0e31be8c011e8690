/** The head of a study: what it asks, the button that starts it, its progress with a cancel, and whether its answer still fits the scenario. */
import type { ReactNode } from "react";
import { Button, ProgressBar } from "react-aria-components";
import { formatSeconds } from "../../../shared/reports/formatters.ts";
import { useDocument, useStudy } from "../../components/useApp.ts";
import type { OpenScenario } from "../../state/appState.ts";
import type { StudyKind, StudyQuestion, StudyState } from "../../state/studyRuns.ts";

interface StudyBarProps {
  readonly scenario: OpenScenario;
  readonly question: StudyQuestion;
  /** What the study does, in a sentence or two. */
  readonly about: string;
  /** On the button, e.g. "Find the break-even". */
  readonly action: string;
  /** Settings of the study. */
  readonly children?: ReactNode;
  /** Why it cannot be started; undefined where it can. */
  readonly obstacle?: string;
}

/** Why the answer may not be of the document in front; undefined where it is. */
function useStaleness(scenario: OpenScenario, kind: StudyKind): string | undefined {
  const document = useDocument(scenario, (state) => state.history.value);
  const { answer, answered, isKeptCurrent } = useStudy(scenario, kind);
  if (answer === undefined) return undefined;
  if (answered !== undefined) {
    return answered === document ? undefined : "Stale: the scenario changed since";
  }
  return isKeptCurrent === false
    ? "Stale: the scenario, its traces or the program changed since"
    : "Kept by an earlier version: the scenario may have changed since";
}

function StudyProgress({
  study,
  onCancel,
}: {
  readonly study: StudyState;
  readonly onCancel: () => void;
}) {
  const { share, etaS, text } = study;
  const left = etaS === undefined ? undefined : `${formatSeconds(etaS)} left`;
  return (
    <div className="row study-progress">
      <ProgressBar className="progress" value={share * 100} aria-label="Study">
        {({ percentage }) => (
          <>
            <span className="progress-fill" style={{ width: `${percentage ?? 0}%` }} />
            <span className="progress-text">
              {[text ?? "simulating", left].filter((part) => part !== undefined).join(", ")}
            </span>
          </>
        )}
      </ProgressBar>
      <Button className="button small" onPress={onCancel}>
        Cancel
      </Button>
    </div>
  );
}

function Outcome({
  study,
  staleness,
}: {
  readonly study: StudyState;
  readonly staleness: string | undefined;
}) {
  const { error, wasCancelled, answer } = study;
  if (error !== undefined) {
    return (
      <div className="problem" role="alert">
        <p>{error.message}</p>
        {error.hint !== undefined && <p>{error.hint}</p>}
        {(error.problems ?? []).map(({ field, message }) => (
          <p key={`${field} ${message}`}>
            <code>{field}</code> {message}
          </p>
        ))}
      </div>
    );
  }
  if (wasCancelled) {
    return (
      <p className="study-state">
        Cancelled. The runs that were done are kept: it goes on from them when you start it again.
      </p>
    );
  }
  if (answer === undefined) return null;
  const { startedMs, wallMs } = answer.study;
  const when = new Date(startedMs).toLocaleString();
  return (
    <p className="study-state">
      {staleness !== undefined && <span className="badge">{staleness}</span>}
      Run {when}, {formatSeconds(wallMs / 1000)}.
    </p>
  );
}

export function StudyBar({ scenario, question, about, action, children, obstacle }: StudyBarProps) {
  const { kind } = question;
  const study = useStudy(scenario, kind);
  const staleness = useStaleness(scenario, kind);
  const start = (): void => void scenario.studies.start(question, scenario.document.document);
  const isFirst = study.answer === undefined;
  return (
    <header className="study-bar">
      <p className="lead">{about}</p>
      <div className="row">
        {children}
        {!study.isRunning && (
          <Button
            className={isFirst || staleness !== undefined ? "button primary" : "button"}
            onPress={start}
            isDisabled={obstacle !== undefined}
          >
            {isFirst ? action : "Run it again"}
          </Button>
        )}
      </div>
      {obstacle !== undefined && <p className="study-state">{obstacle}</p>}
      {study.isRunning && (
        <StudyProgress study={study} onCancel={() => scenario.studies.cancel(kind)} />
      )}
      <Outcome study={study} staleness={staleness} />
    </header>
  );
}
