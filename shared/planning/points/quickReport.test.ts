import { describe, expect, it } from "vitest";
import { scenarioSchema } from "../../schema/scenario.ts";
import type { TraceColumns } from "../../schema/traceColumns.ts";
import { hybridInput } from "../fixtures/hybridScenario.ts";
import { runScenario } from "../scenarioRun.ts";
import { runQuickReport } from "./quickReport.ts";

const idle = { isCancelled: () => false, onProgress: () => {} };

function trace(count: number): TraceColumns {
  return {
    count,
    arrivalNs: Float64Array.from({ length: count }, (_, i) => i * 1e9),
    promptTokens: new Int32Array(count).fill(500),
    outputTokens: new Int32Array(count).fill(50),
    models: [],
    tenants: [],
    origin: { kind: "relative" },
  };
}

describe("a first answer", () => {
  it("is the report of the traffic's first part, run as a scenario of that length", () => {
    const traffic = {
      sources: [{ id: "log", kind: "trace" as const }],
      classes: [{ id: "live" }],
    };
    const rules = hybridInput().rules.slice(1);
    const scenario = scenarioSchema.parse({ ...hybridInput(), traffic, rules });
    const traces = new Map([["log", trace(10_000)]]);
    const quick = runQuickReport({ scenario, requests: 1000 }, { ...idle, traces });
    expect(quick.share).toBe(0.1);
    const run = { ...scenario.run, horizonS: 999.9 };
    const first = new Map([["log", trace(1000)]]);
    const expected = runScenario({ scenario: { ...scenario, run }, traces: first });
    expect(quick.report?.hash).toBe(expected.hash);
    expect(quick.report?.requests.arrived).toBe(1000);
  });

  it("cuts made traffic and closed loops alike, and is no answer where the whole is short", () => {
    const scenario = scenarioSchema.parse(hybridInput());
    const context = { ...idle, traces: new Map<string, TraceColumns>() };
    expect(runQuickReport({ scenario, requests: 5000 }, context)).toEqual({
      report: null,
      share: 1,
    });
    const quick = runQuickReport({ scenario, requests: 600 }, context);
    expect(quick.share).toBeCloseTo(600 / 3600, 9);
    expect(quick.report?.horizonS).toBeCloseTo(100, 6);
    expect(quick.report?.requests.arrived).toBeGreaterThan(300);
    expect(quick.report?.requests.arrived).toBeLessThan(1200);
  });

  it("stands near the whole where the traffic is steady", () => {
    const scenario = scenarioSchema.parse(hybridInput());
    const context = { ...idle, traces: new Map<string, TraceColumns>() };
    const quick = runQuickReport({ scenario, requests: 1500 }, context).report!;
    const whole = runScenario({ scenario, traces: new Map() });
    expect(quick.cost.monthUsd / whole.cost.monthUsd).toBeGreaterThan(0.7);
    expect(quick.cost.monthUsd / whole.cost.monthUsd).toBeLessThan(1.4);
  });
});
