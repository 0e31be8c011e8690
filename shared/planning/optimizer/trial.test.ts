import { describe, expect, it } from "vitest";
import { runPoint } from "../points/runPoint.ts";
import { problem } from "./testProblems.ts";
import { runTrial } from "./trial.ts";

const idle = { traces: new Map(), isCancelled: () => false, onProgress: () => undefined };

describe("a trial", { timeout: 120_000 }, () => {
  it("ends early only where the whole run misses the target too, and is the whole run elsewhere", () => {
    let stopped = 0;
    for (const ttftMs of [50, 150, 400, 1000, 5000]) {
      for (const rateRps of [5, 20, 60, 120]) {
        const scenario = problem({ rateRps, ttftMs, requests: 4000, hasApi: false, tpotMs: 45 });
        const input = { scenario, replication: 0 };
        const trial = runTrial(input, idle);
        const whole = runTrial({ ...input, isWhole: true }, idle);
        expect(whole.figures).toEqual(runPoint(input, idle));
        if (trial.stoppedBy === null) {
          expect(trial).toEqual(whole);
          continue;
        }
        stopped++;
        const { metric } = trial.stoppedBy;
        const row = whole.figures!.targets.find((each) => each.metric === metric);
        expect(row?.isMet).toBe(false);
        expect(trial.missed[0]).toMatch(/cannot be met: \d+ requests were over/);
      }
    }
    expect(stopped).toBeGreaterThan(5);
  });

  it("ends at the first request that is lost", () => {
    const base = problem({ rateRps: 60, requests: 3000, hasApi: false });
    const [own] = base.traffic.classes;
    const classes = [{ ...own, targets: {}, abandonAfterS: 0.2 }];
    const scenario = { ...base, traffic: { ...base.traffic, classes } };
    const trial = runTrial({ scenario, replication: 0 }, idle);
    expect(trial.stoppedBy).toMatchObject({ metric: "answer", class: "all" });
    expect(trial.missed[0]).toContain("was not answered");
  });
});
