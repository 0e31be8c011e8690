import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ScenarioDocument } from "../../shared/contract/common.ts";
import type { MethodParams } from "../../shared/contract/methods.ts";
import { canonicalJson } from "../../shared/schema/canonicalJson.ts";
import { TestCore } from "./testCore.ts";

const path = join(import.meta.dirname, "../../data/samples/azure-conv-hybrid.crossover");
const sample = JSON.parse(readFileSync(path, "utf8"));
/** A tenth of the sample's traffic, so that a study takes a second. */
const small = structuredClone(sample);
small.traffic.sources[0].transforms.volume = 0.1;

let core: TestCore;
let scenarioId = "";

beforeAll(async () => {
  core = new TestCore(2);
  scenarioId = (await core.call("scenario.createSample", {})).id;
  await core.call("scenario.save", { id: scenarioId, baseVersion: 1, document: small });
}, 60_000);

afterAll(async () => {
  await core.close();
  expect(core.logged).toEqual([]);
});

type Spec = MethodParams<"study.start">["study"];

let jobs = 0;
function start(
  study: Spec,
  scenarios: MethodParams<"study.start">["scenarios"] = [{ id: scenarioId }],
) {
  return core.call("study.start", { job: `s${++jobs}`, study, scenarios });
}

const axes = [{ inputs: [{ path: "pools.own-h100.replicas", values: [1, 2] }] }];

describe("studies behind the contract", () => {
  it("run, are kept with their answer, and are given back at once when asked again", async () => {
    const spec: Spec = { kind: "sweep", axes, outputs: ["monthUsd"] };
    const first = await start(spec);
    expect(first.isCached).toBe(false);
    expect(first.study).toMatchObject({ kind: "sweep", scenarioId, headline: null });
    const points = first.result.pointResults as { figures: { monthUsd: { mean: number } } }[];
    expect(points[1].figures.monthUsd.mean).toBeGreaterThan(points[0].figures.monthUsd.mean);
    expect(core.events).toContainEqual({ kind: "done", job: `s${jobs}`, outcome: "done" });
    const again = await start(spec);
    expect(again).toEqual({ ...first, isCached: true });
    const { studies } = await core.call("study.list", { scenarioId });
    expect(studies).toEqual([first.study]);
    expect(await core.call("study.get", { id: first.study.id })).toEqual({
      ...{ study: first.study, result: first.result, isCurrent: null },
    });
    const fresh = await core.call("study.start", {
      ...{ job: "fresh", study: spec, scenarios: [{ id: scenarioId }], isFresh: true },
    });
    expect(fresh.isCached).toBe(false);
    expect(canonicalJson(fresh.result)).toBe(canonicalJson(first.result));
    await core.call("study.delete", { id: fresh.study.id });
    await expect(core.call("study.get", { id: fresh.study.id })).rejects.toThrow("notFound");
  }, 60_000);

  it("know whether they are of a document as it is now, whatever order its fields have", async () => {
    const { study } = await start({ kind: "sweep", axes, outputs: ["monthUsd"] });
    const { document } = await core.call("scenario.open", { id: scenarioId });
    const isCurrent = async (asked: ScenarioDocument): Promise<boolean | null> =>
      (await core.call("study.get", { id: study.id, document: asked })).isCurrent;
    expect(await isCurrent(document)).toBe(true);
    const turned = Object.fromEntries(Object.entries(document).reverse());
    expect(await isCurrent(turned)).toBe(true);
    expect(await isCurrent({ ...document, seed: 99 })).toBe(false);
    expect(await isCurrent({ ...document, traffic: "none" })).toBe(false);
  }, 60_000);

  it("find the break-even and the gate with the verdict as headline", async () => {
    const spec = { points: 2, replications: 1, strategies: ["api", "own"], from: 5e8, to: 4e9 };
    const even = await start({ kind: "breakeven", ...spec });
    expect(even.study.headline).toBe(even.result.sentence);
    expect(even.result.points).toHaveLength(2);
    const gate = await start({ kind: "gate", ...spec });
    expect(Object.keys(gate.result)).toContain("gate");
    expect(gate.result.sentence).toBe(even.result.sentence);
  }, 120_000);

  it("compare scenarios of the library and of the page", async () => {
    const more = structuredClone(small);
    more.pools[0].replicas = 2;
    const spec: Spec = { kind: "compare", replications: 2 };
    const { result, study } = await start(spec, [{ id: scenarioId }, { document: more }]);
    expect(result.scenarios).toHaveLength(2);
    expect(study.headline).toMatch(/month/);
    await expect(start(spec)).rejects.toThrow(/badInput: A study of kind compare takes 2 to 8/);
    await expect(
      start({ kind: "compare", baseline: 5 }, [{ id: scenarioId }, { document: more }]),
    ).rejects.toThrow(/badInput: A comparison wants .* a baseline among them/);
  }, 60_000);

  it("find the cheapest fleet and give each alternative as a document that can be opened", async () => {
    const space = { gpus: ["h100-sxm"], precisions: ["fp8"], backends: ["vllm"], maxGpus: 4 };
    const { result, study } = await start({ kind: "optimize", space, top: 2, replications: 1 });
    const documents = result.scenarios as Record<string, unknown>[];
    expect(documents.length).toBeGreaterThan(0);
    const { id } = await core.call("scenario.create", { document: documents[0] });
    const { document } = await core.call("scenario.open", { id });
    expect((await core.call("scenario.check", { document })).problems).toEqual([]);
    expect(study.headline).toMatch(/a month/);
  }, 120_000);

  it("say which option wins how often", async () => {
    const uncertain = [
      {
        path: "pools.own-h100.price.usdPerGpuHour",
        distribution: { kind: "uniform" as const, min: 1, max: 4 },
      },
    ];
    const { result } = await start({
      ...{ kind: "uncertainty", uncertain, samples: 4, fleet: "given" },
      strategies: ["api", "hybrid"],
    });
    expect(result.options).toHaveLength(2);
    await expect(start({ kind: "uncertainty", uncertain, strategies: ["hybrid"] })).rejects.toThrow(
      /badInput: There are not two options/,
    );
  }, 60_000);

  it("look months ahead, and divide a bill to the last cent", async () => {
    const projected = await start({
      ...{ kind: "project", strategies: ["api"], grid: 2 },
      plan: { months: 3 },
    });
    expect(projected.result.months).toHaveLength(3);
    const charged = await start({ kind: "chargeback", by: "class" });
    expect((charged.result.rows as object[]).length).toBeGreaterThanOrEqual(2);
    await expect(start({ kind: "chargeback", by: "namespace" })).rejects.toThrow(
      /badInput: Nothing says which namespace/,
    );
  }, 120_000);

  it("refuse fields that no study has, inputs that do not exist and traces that are missing", async () => {
    const unknown = [{ inputs: [{ path: "seed", values: [1] }], nmae: "x" }];
    await expect(start({ kind: "sweep", axes: unknown })).rejects.toThrow(/badParams.*nmae/);
    const wrong = [{ inputs: [{ path: "pools.nobody.replicas", values: [1] }] }];
    await expect(start({ kind: "sweep", axes: wrong })).rejects.toThrow(/badInput.*nobody/);
    const document = structuredClone(small);
    document.traffic.sources[0].sha256 = "0".repeat(64);
    await expect(start({ kind: "sweep", axes }, [{ document }])).rejects.toThrow(
      /badInput: The trace of source/,
    );
  }, 30_000);

  it("end when they are cancelled, long before they are done", async () => {
    const many = [{ inputs: [{ path: "seed", range: { from: 1, to: 9000, step: 1 } }] }];
    const call = start({ kind: "sweep", axes: many });
    const job = `s${jobs}`;
    const isUnderWay = () =>
      core.events.some((event) => event.kind === "progress" && event.job === job);
    while (!isUnderWay()) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await core.call("job.cancel", { job })).toEqual({ isKnown: true });
    await expect(call).rejects.toThrow("cancelled");
    expect(core.events).toContainEqual({ kind: "done", job, outcome: "cancelled" });
  });
});

describe("the claim ledger and the fidelity card behind the contract", () => {
  it("check a claim and keep the ledger", async () => {
    const only = ["mixed-periods"];
    const first = await core.call("claims.run", { job: "c1", only });
    expect(first.ledger.claims).toHaveLength(1);
    const again = await core.call("claims.run", { job: "c2", only });
    expect(again).toEqual({ ...first, isCached: true });
    await expect(core.call("claims.run", { job: "c3", only: ["none"] })).rejects.toThrow(
      /badInput: There is no claim "none"/,
    );
  }, 60_000);

  it("give each group with whether it is within its bar", async () => {
    const { card, isWithinBar } = await core.call("fidelity.card", {});
    expect(isWithinBar.iterationTimes).toHaveLength(card.iterationTimes.groups.length);
    expect(isWithinBar.serving).toHaveLength(card.serving.groups.length);
  });
});
