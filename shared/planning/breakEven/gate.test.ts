import { describe, expect, it, vi } from "vitest";
import type { ScenarioInput } from "../../schema/scenario.ts";
import { InlineRunner } from "../jobs/inlineRunner.ts";
import type { Gate } from "./gate.ts";
import { runBreakEven } from "./runBreakEven.ts";
import { testPool, testProvider, testScenario } from "./testScenario.ts";

vi.setConfig({ testTimeout: 60_000 });

const provenance = [{ source: "test", retrievedOn: "2026-11-26", basis: "estimated" as const }];

async function gateOf(change: Partial<ScenarioInput>, rateRps: number): Promise<Gate> {
  const study = await runBreakEven(new InlineRunner(new Map()), testScenario(change, rateRps), {
    points: 4,
    replications: 1,
    strategies: ["api", "own"],
  });
  return study.gate!;
}

function conditionOf(gate: Gate, name: string) {
  return gate.conditions.find(({ condition }) => condition === name)!;
}

describe("the gate of three conditions", () => {
  it("is open where own GPUs win by volume, batching and utilization", async () => {
    const gate = await gateOf({}, 20);
    expect(gate.isOpen).toBe(true);
    expect(gate.ownWins).toBe(true);
    expect(conditionOf(gate, "volume").margin).toBeGreaterThan(1);
  });

  it("finds volume and utilization missing where the traffic is small, as the rule of thumb does", async () => {
    const gate = await gateOf({}, 0.1);
    expect(gate.ownWins).toBe(false);
    expect(conditionOf(gate, "volume").isMet).toBe(false);
    expect(conditionOf(gate, "utilization").isMet).toBe(false);
    expect(conditionOf(gate, "batching")).toMatchObject({ isMet: true, isFoundAtLeast: true });
    expect(gate.ruleOfThumb.ownWins).toBe(false);
    expect(gate.agrees).toBe(true);
  });

  it("disagrees with the rule where a dear API makes little volume pay, and says why", async () => {
    const dear = { inputUsdPerMTok: 20, outputUsdPerMTok: 80, provenance };
    const gate = await gateOf({ providers: [testProvider({ price: dear })] }, 0.2);
    expect(gate.ruleOfThumb.isVolumeMet).toBe(false);
    expect(gate.ownWins).toBe(true);
    expect(gate.agrees).toBe(false);
    expect(gate.reasons.join()).toMatch(/The rule asks for 300 M tokens a month/);
    expect(gate.reasons.join()).toMatch(/60 % busy/);
  });

  it("says that own GPUs win where no API keeps the targets, whatever they cost", async () => {
    const { sources } = testScenario({}, 0.1).traffic;
    const classes = [{ id: "all", targets: { tpot: { ms: 12 } } }];
    const gate = await gateOf({ traffic: { sources, classes } }, 0.1);
    expect(gate.isApiValid).toBe(false);
    expect(gate.ownWins).toBe(true);
    expect(gate.isOpen).toBe(false);
    expect(gate.reasons[0]).toMatch(
      /No API keeps the targets: api:api says TPOT.*own GPUs would not be cheaper/,
    );
  });

  it("finds batching missing where the targets leave batches too small to pay, and tells what the targets cost", async () => {
    const { sources } = testScenario({}, 20).traffic;
    // 10 ms an iteration and 2 ms a sequence: 16 ms allow batches of 3 of 32.
    const pool = testPool({
      executionTime: {
        kind: "linear",
        iterationUs: 10_000,
        perSequenceUs: 2000,
        perPrefillTokenUs: 1,
      },
    });
    const price = { inputUsdPerMTok: 0.5, outputUsdPerMTok: 0.5, provenance };
    const gate = await gateOf(
      {
        traffic: { sources, classes: [{ id: "all", targets: { tpot: { ms: 16 } } }] },
        pools: [pool],
        providers: [testProvider({ price, latency: { outputTokensPerS: 200 } })],
      },
      20,
    );
    expect(conditionOf(gate, "batching").isMet).toBe(false);
    expect(conditionOf(gate, "batching").isFoundAtLeast).toBeUndefined();
    expect(gate.strictGpus).toBeGreaterThan(gate.relaxedGpus!);
    expect(gate.relaxedMonthUsd).toBeLessThan(gate.strictMonthUsd);
    expect(gate.ownWins).toBe(false);
    expect(gate.isOpen).toBe(false);
  });
});
