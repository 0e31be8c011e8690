/** The answer to the scenario in front, always in sight: sentence, cost, latency against targets, utilization, what binds; marked while a new one is on its way. Every figure can be taken apart. */
import type { RunReport } from "../../shared/planning/runReport.ts";
import { runSentence } from "../../shared/reports/runText.ts";
import { keepUnits } from "../charts/keepUnits.ts";
import type { OpenScenario } from "../state/appState.ts";
import { AnswerFigures, BaselineLine, useBaseline } from "./answer/AnswerFigures.tsx";
import { AnswerStatus, useAnswerAge } from "./answer/AnswerStatus.tsx";
import { AnswerPools, AnswerTargets } from "./answer/AnswerTargets.tsx";
import { Yardstick } from "./answer/Yardstick.tsx";
import { whatBinds } from "./results/answerTexts.ts";
import { ExplanationPanel } from "./results/ExplanationPanel.tsx";

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
  const age = useAnswerAge(scenario);
  const { live, isSlow, hasError, isLate } = age;
  const baseline = useBaseline(scenario, live);
  const { report } = live;
  const isOld = isSlow || hasError || isLate || live.wasCancelled;
  return (
    <aside className="answer" aria-label="Answer" data-old={isOld} data-of={age.of}>
      <AnswerStatus scenario={scenario} age={age} />
      {report !== undefined && (
        <div className="answer-body">
          <Yardstick {...{ scenario, report }} />
          <p className="verdict" data-testid="verdict">
            {keepUnits(runSentence(report))}
          </p>
          <AnswerFigures {...{ scenario, report, baseline }} />
          <BaselineLine {...{ scenario, baseline }} />
          <ExplanationPanel {...{ scenario, report }} />
          <AnswerTargets {...{ scenario, report, baseline }} />
          <div className="meters">
            <AnswerPools {...{ scenario, report }} />
          </div>
          <Binds report={report} />
        </div>
      )}
    </aside>
  );
}
