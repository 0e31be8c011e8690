import { describe, expect, it } from "vitest";
import { loadCatalog } from "../../../electron/services/catalogFiles.ts";
import { findModel } from "../../catalog/catalog.ts";
import { scenarioSchema } from "../../schema/scenario.ts";
import type { BenchmarkTarget } from "../benchmark/benchmarkCase.ts";
import { applyCalibration } from "./applyCalibration.ts";
import { buildCalibration, type SourcedPoint } from "./buildCalibration.ts";
import { parseCalibration, serialiseCalibration } from "./calibrationFile.ts";
import type { HostTerms } from "./chooseTerms.ts";
import { replayPoint } from "./replayPoint.ts";

const catalog = loadCatalog();

/** Sets with host terms that a new fit of the catalog does not move. */
const hosts: Record<string, HostTerms> = {
  "vllm-bf16": { gpuScale: 1, oIterUs: 300, oSeqUs: 8, oTpUs: 200, oReqMs: 40 },
  "vllm-fp8": { gpuScale: 1, oIterUs: 5000, oSeqUs: 0, oTpUs: 0, oReqMs: 0 },
};
const coefficients = catalog.coefficients.map((each) => ({
  ...each,
  host: hosts[each.id] ?? each.host,
}));
const target: BenchmarkTarget = {
  model: findModel(catalog, "llama-3.1-8b"),
  gpu: catalog.gpus[0],
  backend: "vllm",
  precision: "bf16",
  kvPrecision: "bf16",
  tensorParallel: 1,
};
const set = coefficients.find(({ id }) => id === "vllm-bf16")!;
const truth: HostTerms = { ...set.host, gpuScale: 1.3, oIterUs: 900, oSeqUs: 25, oReqMs: 20 };

function pointOf(load: object, host: HostTerms = truth, on = target): SourcedPoint {
  const point: SourcedPoint = {
    tool: "guidellm",
    promptTokens: 600,
    outputTokens: 80,
    loadBasis: "stated",
    requests: undefined,
    measured: { tpotMs: 1 },
    notes: [],
    source: { file: "b.json", place: "", toolVersion: "0.8.1" },
    ...load,
  };
  const replay = replayPoint(point, { ...on, host }, coefficients);
  return "figures" in replay ? { ...point, measured: replay.figures } : point;
}

function build(points: readonly SourcedPoint[]) {
  const input = { name: "ours", target, points, coefficients, readOn: "2026-06-01" };
  return buildCalibration(input);
}

const clients = (...counts: number[]) => counts.map((concurrency) => pointOf({ concurrency }));

describe("a calibration", () => {
  it("of one point fits one term, says which and why, and meets the point", () => {
    const host = { ...hosts["vllm-bf16"], gpuScale: 1.3, oReqMs: 20 };
    const { calibration } = build([pointOf({ concurrency: 16 }, host)]);
    expect(calibration.fitted).toEqual(["gpuScale", "oReqMs"]);
    expect(calibration.reasons[0]).toMatch(/a single load tells one term; \d+ % .* kernel/);
    expect(calibration.host).toMatchObject({ oIterUs: 300, oSeqUs: 8 });
    expect(calibration.error.before.tpotPct).toBeGreaterThan(5);
    expect(calibration.error.after.tpotPct).toBeLessThan(0.1);
    expect(calibration.error.after.ttftPct).toBeLessThan(0.1);
    expect(calibration.error.leftOutTpotPct).toBe(undefined);
  });

  it("of one load measured three times still fits one term", () => {
    expect(build(clients(16, 16, 16)).calibration.fitted).toEqual(["gpuScale", "oReqMs"]);
  });

  it("of three loads fits two terms, of six over a wide range three, and finds what they were made with", () => {
    expect(build(clients(4, 16, 32)).calibration.fitted).toEqual(["gpuScale", "oIterUs", "oReqMs"]);
    const { calibration } = build(clients(1, 4, 16, 32, 64, 128));
    expect(calibration.fitted).toEqual(["gpuScale", "oIterUs", "oSeqUs", "oReqMs"]);
    expect(calibration.error.before.tpotPct).toBeGreaterThan(10);
    expect(calibration.error.after.tpotPct).toBeLessThan(1);
    expect(calibration.error.leftOutTpotPct).toBeLessThan(4);
    expect(Math.abs(calibration.host.gpuScale - truth.gpuScale)).toBeLessThan(0.15);
  });

  it("leaves the terms as they are where today's meet the points already", () => {
    const points = [4, 16, 32].map((concurrency) => pointOf({ concurrency }, set.host));
    const { calibration } = build(points);
    expect(calibration.host.gpuScale).toBeCloseTo(set.host.gpuScale, 4);
    expect(calibration.host.oIterUs).toBeCloseTo(set.host.oIterUs, 1);
    expect(calibration.error.after.tpotPct).toBeLessThan(0.1);
  });

  it("of open-loop points replays their rate", () => {
    const { calibration } = build([pointOf({ rateRps: 5, requests: 300 })]);
    expect(calibration.error.after.tpotPct).toBeLessThan(0.1);
  });

  it("fits no TTFT where the load was guessed", () => {
    const { calibration } = build([pointOf({ concurrency: 8, loadBasis: "estimated" })]);
    expect(calibration.fitted).toEqual(["gpuScale"]);
    expect(calibration.host.oReqMs).toBe(set.host.oReqMs);
    expect(calibration.error.before.ttftPct).toBe(null);
    expect(calibration.reasons.join()).toContain("oReqMs stays");
  });

  it("takes in the other term where one cannot go far enough", () => {
    const fp8: BenchmarkTarget = { ...target, precision: "fp8", tensorParallel: 8 };
    const host = { ...hosts["vllm-fp8"], oIterUs: 0, gpuScale: 0.8 };
    const fast = pointOf({ concurrency: 8 }, host, fp8);
    const input = { name: "fast", target: fp8, points: [fast], coefficients, readOn: "2026-06-01" };
    const { calibration } = buildCalibration(input);
    expect(calibration.fitted).toEqual(["oIterUs", "gpuScale", "oReqMs"]);
    expect(calibration.reasons[1]).toContain("oIterUs came to its bound");
    expect(calibration.error.after.tpotPct).toBeLessThan(1);
  });

  it("leaves out points that do not fit or cannot be, and refuses to be made of none", () => {
    const long = pointOf({ concurrency: 1, promptTokens: 900_000 });
    const { calibration, unused } = build([...clients(8), long]);
    expect(calibration.points).toHaveLength(1);
    expect(unused[0].reason).toMatch(/does not fit in memory.*longer than/i);
    expect(() => build([long])).toThrow("None of the 1 measured points");
  });

  it("reads back as it was written, to the byte, and refuses what is none", () => {
    const { calibration } = build(clients(8));
    const text = serialiseCalibration(calibration);
    expect(serialiseCalibration(parseCalibration(text, "c.json"))).toBe(text);
    expect(calibration.provenance).toEqual([
      { source: "guidellm 0.8.1 b.json", retrievedOn: "2026-06-01", basis: "measured" },
    ]);
    expect(() => parseCalibration("{}", "c.json")).toThrow("not a calibration");
    expect(() => parseCalibration(text.replace('"version": 1', '"version": 9'), "c.json")).toThrow(
      "newer Crossover",
    );
    expect(() => parseCalibration(text.replace('"vllm"', '"vlm"'), "c.json")).toThrow("backend");
  });
});

describe("applying a calibration", () => {
  const { calibration } = build(clients(8));
  const pool = {
    id: "own",
    gpu: target.gpu.id,
    model: "llama-3.1-8b",
    backend: "vllm",
    replicas: 1,
    note: "kept",
  };

  function scenarioOf(...pools: object[]) {
    return scenarioSchema.parse({
      format: "crossover-scenario",
      version: 1,
      name: "s",
      traffic: {
        sources: [
          {
            id: "t",
            kind: "trace",
            rows: { arrivalS: [0], promptTokens: [1], outputTokens: [1] },
          },
        ],
        classes: [{ id: "all" }],
      },
      coefficients,
      pools,
      rules: [{ id: "r", to: { pool: "own" } }],
    });
  }

  it("changes the pools that it was measured for, with provenance, and says how the others differ", () => {
    const linear = { kind: "linear", iterationUs: 5 };
    const scenario = scenarioOf(
      pool,
      { ...pool, id: "two", tensorParallel: 2 },
      { ...pool, id: "plain", executionTime: linear },
      { ...pool, id: "set", executionTime: { kind: "fitted", set: "vllm-fp8" } },
    );
    const applied = applyCalibration(scenario, calibration, coefficients);
    expect(applied.pools).toEqual(["own"]);
    expect(applied.others).toEqual([
      "two: tensor parallel 2, not 1",
      "plain: a linear execution time",
      "set: coefficient set vllm-fp8, not vllm-bf16",
    ]);
    expect(applied.warnings).toEqual([]);
    expect(applied.scenario.pools[0]).toMatchObject({
      note: "kept",
      executionTime: {
        kind: "fitted",
        host: calibration.host,
        provenance: [{ basis: "measured", note: expect.stringContaining('calibration "ours"') }],
      },
    });
    expect(applied.scenario.pools.slice(1)).toEqual(scenario.pools.slice(1));
    const again = applyCalibration(applied.scenario, calibration, coefficients);
    expect(again.scenario).toEqual(applied.scenario);
  });

  it("refuses a scenario without such a pool, and warns of other coefficients", () => {
    const other = scenarioOf({ ...pool, precision: "fp8" });
    expect(() => applyCalibration(other, calibration, coefficients)).toThrow(
      "own: precision fp8, not bf16",
    );
    const scenario = scenarioOf(pool);
    const mine = scenario.coefficients.find(({ id }) => id === "vllm-bf16")!;
    const kernel = { ...mine.kernel, layerUs: 99, oLayerUs: 99 };
    const changed = { ...scenario, coefficients: [{ ...mine, kernel }] };
    expect(applyCalibration(changed, calibration, coefficients).warnings[0]).toContain(
      "another version",
    );
  });
});
