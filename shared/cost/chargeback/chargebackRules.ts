/** The rules of a chargeback in words. */
import type { Scenario } from "../../schema/scenario.ts";
import type { FixedRule, IdleRule } from "./chargebackReport.ts";

const idleTexts: Readonly<Record<IdleRule, string>> = {
  proportional: "Idle GPU-hours of a pool are charged in proportion to the work done on it.",
  even: "Idle GPU-hours of a pool are charged in equal parts to all who used it.",
  separate: 'Idle GPU-hours are charged to nobody and stand in the row "(idle)".',
};

const fixedTexts: Readonly<Record<FixedRule, string>> = {
  cost: "Fixed costs are charged in proportion to all else that a row is charged.",
  tokens: "Fixed costs are charged in proportion to the tokens served, prompt and output.",
  even: "Fixed costs are charged in equal parts to all rows with requests.",
};

/** One sentence for each rule that this bill needs. */
export function chargebackRules(
  { idle, fixed }: { readonly idle: IdleRule; readonly fixed: FixedRule },
  { pools, partitions, providers, fixedCosts }: Scenario,
): string[] {
  return [
    ...(pools.length > 0
      ? [
          "GPU-hours in use are charged by work: prompt tokens computed and output tokens after the first, each at the time that the pool's time model gives it at the pool's mean batch. Work counts also where it ends after the horizon; what preemption computed again does not.",
          idleTexts[idle],
          "Licences are charged like the work on the GPUs that they cover; what no work stands behind is in the row of unused capacity, or of the pool.",
        ]
      : []),
    ...(partitions.length > 0
      ? [
          "A GPU under MIG is paid whole and split by memory slices; slices that no pool has are idle, and go by the GPU-hours used on that partition.",
        ]
      : []),
    ...(providers.length > 0
      ? ["API costs are charged exactly: each request's own billed tokens at its own prices."]
      : []),
    ...(fixedCosts.length > 0 ? [fixedTexts[fixed]] : []),
    "Every line is divided in whole units by largest remainder, so that rows and columns add up to the bill.",
  ];
}
