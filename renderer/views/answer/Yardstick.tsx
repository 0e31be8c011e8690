/** Which is cheaper, the run or the same tokens on the API: the answer's first sentence. */
import { useMemo } from "react";
import type { RunReport } from "../../../shared/planning/runReport.ts";
import { listPrices, yardstickSentence } from "../../../shared/reports/apiYardstick.ts";
import { keepUnits } from "../../charts/keepUnits.ts";
import { useDocument, useLive } from "../../components/useApp.ts";
import type { OpenScenario } from "../../state/appState.ts";

interface YardstickProps {
  readonly scenario: OpenScenario;
  readonly report: RunReport;
}

/** Names such as GPT-4.1 stay on one line. */
function unbroken(text: string): string {
  return text.replace(/-(?=\d)/g, "\u2011");
}

export function Yardstick({ scenario, report }: YardstickProps) {
  const answered = useLive(scenario, (state) => state.answered);
  const document = useDocument(scenario, (state) => state.history.value);
  const prices = useMemo(() => listPrices(answered ?? document), [answered, document]);
  const sentence = yardstickSentence(report, prices);
  if (sentence === undefined) return null;
  return (
    <p className="yardstick" data-testid="yardstick">
      {unbroken(keepUnits(sentence))}
    </p>
  );
}
