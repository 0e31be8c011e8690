import { describe, expect, it } from "vitest";
import { nsPerS } from "../units/units.ts";
import { testScenario } from "./breakEven/testScenario.ts";
import { lateWork } from "./lateWork.ts";
import { missedTargets } from "./points/runFigures.ts";
import { ScenarioRun } from "./scenarioRun.ts";

/** Poisson requests over `durationS` from 10:00 on, of about 47 ms of a replica each when it is full; held from 22:00 for `minutes`. */
function heldFor(minutes: number, durationS: number, rateRps: number) {
  const to = `22:${String(minutes).padStart(2, "0")}`;
  return testScenario({
    clock: { startWeekday: "monday", startTime: "10:00", utcOffsetMinutes: 0 },
    traffic: {
      sources: [
        {
          id: "jobs",
          kind: "synthetic",
          durationS,
          arrivals: { process: "poisson", rateRps },
          lengths: {
            prompt: { kind: "constant", value: 300 },
            output: { kind: "constant", value: 100 },
          },
        },
      ],
      classes: [{ id: "jobs", tier: "batch" }],
    },
    rules: [{ id: "own", to: { pool: "own" }, hold: { window: { from: "22:00", to } } }],
  });
}

function runOf(scenario: ReturnType<typeof heldFor>) {
  const run = new ScenarioRun({ scenario, traces: new Map() });
  while (run.step(1_000_000));
  return run;
}

describe("work after the horizon", () => {
  it("is not late when it was held for hours that come later and had room in them", () => {
    const run = runOf(heldFor(30, 3600, 0.5));
    const figures = run.figures();
    expect(figures.pools[0].lateShare).toBe(0);
    expect(missedTargets(figures)).toEqual([]);
    expect(figures.cost.usdPerMTokReservation).toBeGreaterThan(0);
    const report = run.report(0);
    expect(report.warnings.join()).toMatch(
      /100 % of its work after the horizon of 60.0 min, in the/,
    );
    expect(report.warnings.join()).not.toMatch(/could not keep up/);
  });

  it("is late when the hours have no room for what a day brings", () => {
    const twoDaysS = 2 * 86_400;
    const hasRoom = runOf(heldFor(15, twoDaysS, 0.12)).figures();
    const isFull = runOf(heldFor(15, twoDaysS, 0.4)).figures();
    expect(hasRoom.pools[0].lateShare).toBeLessThan(0.01);
    expect(isFull.pools[0].lateShare).toBeGreaterThan(0.2);
    expect(missedTargets(isFull)[0]).toMatch(/of its work after the horizon$/);
  });

  it("is divided without a rest", () => {
    const run = runOf(heldFor(15, 2 * 86_400, 0.4));
    const { lateShare, heldOverShare } = lateWork(run, 0, 2 * 86_400 * nsPerS);
    expect(heldOverShare).toBeGreaterThan(0);
    expect(lateShare * (1 - heldOverShare) + heldOverShare).toBeLessThan(1);
  });
});
