/** Whether scenarios were given the same requests, replication by replication. */
import { differingParts, type TrafficPart, type TrafficPrint } from "./trafficPrint.ts";

/** How a scenario's traffic differs from the baseline's. */
export interface TrafficDifference {
  /** Index of the scenario. */
  readonly scenario: number;
  /** Parts that differ in some replication. */
  readonly parts: readonly TrafficPart[];
  /** Requests of the first replication, the baseline's and its own. */
  readonly baselineRequests: number;
  readonly requests: number;
}

/** What was checked of the traffic. */
export interface TrafficComparison {
  /** Every scenario has the baseline's requests in every replication: same arrivals, lengths and all else that is compared. */
  readonly isSame: boolean;
  readonly differences: readonly TrafficDifference[];
  /** Some scenario has closed-loop clients, whose arrivals follow the answers and so differ by design. */
  readonly hasClosedLoops: boolean;
  /** Arrivals and lengths of each scenario are the same in all its replications: a trace played as it is. */
  readonly isRepeated: boolean;
}

/** Compares traffic: `prints` by scenario, then replication. */
export function compareTraffic(
  prints: readonly (readonly TrafficPrint[])[],
  baseline: number,
): TrafficComparison {
  const base = prints[baseline];
  const differences = prints.flatMap((own, scenario): TrafficDifference[] => {
    const found = new Set(own.flatMap((print, i) => differingParts(base[i], print)));
    if (found.size === 0) return [];
    const { requests } = own[0];
    return [{ scenario, parts: [...found], baselineRequests: base[0].requests, requests }];
  });
  return {
    isSame: differences.length === 0,
    differences,
    hasClosedLoops: prints.some(([first]) => first.hasClosedLoops),
    isRepeated:
      prints[0].length > 1 &&
      prints.every((own) => own.every((print) => isSameShape(own[0], print))),
  };
}

function isSameShape(a: TrafficPrint, b: TrafficPrint): boolean {
  const parts = differingParts(a, b);
  return !parts.includes("arrivals") && !parts.includes("token lengths");
}
