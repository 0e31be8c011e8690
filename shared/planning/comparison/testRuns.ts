/** Runs of comparisons for tests, without traces. */
import type { Scenario } from "../../schema/scenario.ts";
import { type ComparedRun, runCompared } from "./comparedRun.ts";

/** One run in place. */
export function runOf(scenario: Scenario, seed: number, replication: number): ComparedRun {
  return runCompared(
    { scenario, seed, replication, traceNames: {}, label: "a test" },
    { traces: new Map(), isCancelled: () => false, onProgress: () => undefined },
  );
}
