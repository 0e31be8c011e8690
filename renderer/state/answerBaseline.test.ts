import { describe, expect, it } from "vitest";
import type { RunReport } from "../../shared/planning/runReport.ts";
import { answerBaseline } from "./answerBaseline.ts";

function report(monthUsd: number): RunReport {
  return {
    cost: { monthUsd, usdPerMTokReservation: 1 },
    ...{ sloAttainment: { all: 0.9 }, targets: [] },
  } as object as RunReport;
}

const scenario = {
  name: "the baseline",
  lastRun: { monthUsd: 30, usdPerMTok: null, sloAttainment: 1, finished: 1, spilled: 0 },
};

describe("what an answer is held against", () => {
  it("is the answer pinned here before all, then the pinned scenario, then the one before the last edit", () => {
    expect(answerBaseline(report(10), scenario, report(20))).toMatchObject({
      ...{ kind: "pinned", monthUsd: 10, usdPerMTok: 1, sloAttainment: 0.9 },
    });
    expect(answerBaseline(undefined, scenario, report(20))).toMatchObject({
      ...{ kind: "scenario", name: "the baseline", monthUsd: 30, usdPerMTok: null },
    });
    expect(answerBaseline(undefined, undefined, report(20))?.kind).toBe("lastEdit");
  });

  it("is not a scenario that was never simulated", () => {
    const bare = { ...scenario, lastRun: null };
    expect(answerBaseline(undefined, bare, report(20))?.monthUsd).toBe(20);
    expect(answerBaseline(undefined, bare, undefined)).toBeUndefined();
  });
});
