/** The answer of a study in one sentence, for lists. */
import type { StudyKind } from "../../../shared/contract/studyMethods.ts";
import type { Comparison } from "../../../shared/planning/comparison/comparison.ts";
import type { OptimizeResult } from "../../../shared/planning/optimizer/optimize.ts";
import type { UncertaintyResult } from "../../../shared/planning/uncertainty/uncertaintyResult.ts";
import { differenceSentence } from "../../../shared/reports/comparisonText.ts";
import { optimumSentence } from "../../../shared/reports/optimizeText.ts";
import { uncertaintySentence } from "../../../shared/reports/uncertaintyText.ts";

/** Null for kinds whose answer is a table. `result` is one of that kind. */
export function studyHeadline(kind: StudyKind, result: object): string | null {
  switch (kind) {
    case "breakeven":
    case "gate":
    case "project":
      return (result as { readonly sentence: string }).sentence;
    case "compare": {
      const comparison = result as Comparison;
      const others = comparison.scenarios.flatMap((_, index) =>
        index === comparison.baseline ? [] : [differenceSentence(comparison, index)],
      );
      return others.join(" ");
    }
    case "optimize":
      return optimumSentence(result as OptimizeResult);
    case "uncertainty":
      return uncertaintySentence(result as UncertaintyResult);
    case "chargeback":
    case "sweep":
      return null;
  }
}
