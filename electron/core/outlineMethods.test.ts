import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { methods } from "../../shared/contract/methods.ts";
import { TestCore } from "./testCore.ts";

const path = join(import.meta.dirname, "../../data/samples/azure-conv-hybrid.crossover");
const sample = JSON.parse(readFileSync(path, "utf8"));
let core: TestCore;

beforeAll(() => {
  core = new TestCore();
});

afterAll(async () => {
  await core.close();
  expect(core.logged).toEqual([]);
});

describe("presets, outlines and differences behind the contract", () => {
  it("creates a scenario from every preset, and it runs as it is", async () => {
    const { presets } = await core.call("scenario.presets", {});
    expect(presets).toHaveLength(5);
    for (const { id: preset } of presets) {
      const { id } = await core.call("scenario.createPreset", { preset });
      const { document } = await core.call("scenario.open", { id });
      expect((await core.call("scenario.check", { document })).problems).toEqual([]);
    }
    const { id } = await core.call("scenario.createPreset", {
      ...{ preset: "hybrid-spillover", name: "ours" },
    });
    const { document } = await core.call("scenario.open", { id });
    expect(document.name).toBe("ours");
    const { report } = await core.call("run.start", { job: "r", document, scenarioId: id });
    expect(report.requests).toMatchObject({ arrived: 17_331, finished: 17_331 });
    await expect(core.call("scenario.createPreset", { preset: "none" })).rejects.toThrow(
      'badInput: There is no preset "none"',
    );
  }, 30_000);

  it("tells a scenario in sentences, and names every problem of one that does not fit", async () => {
    const { parts } = await core.call("scenario.outline", { document: sample });
    expect(methods["scenario.outline"].result.safeParse({ parts }).success).toBe(true);
    expect(parts.find(({ part }) => part === "routing")?.lines[0]).toBe(
      "Real-time requests go to gpt-4.1.",
    );
    const broken = { ...sample, pools: [{ ...sample.pools[0], replicas: 0 }] };
    await expect(core.call("scenario.outline", { document: broken })).rejects.toThrow("badInput");
  });

  it("says how scenarios differ, of the library and of the page alike", async () => {
    const { id } = await core.call("scenario.create", { document: sample });
    const more = { ...sample, pools: [{ ...sample.pools[0], replicas: 2 }] };
    const asked = { scenarios: [{ id }, { document: more }, { id }] };
    const reply = await core.call("scenario.diff", asked);
    expect(reply.scenarios.map(({ lines }) => lines)).toEqual([
      ["no input differs"],
      ["pools.own-h100.replicas: 1 -> 2 (+100 %)"],
      ["no input differs"],
    ]);
    expect(reply.scenarios.map(({ isBaseline }) => isBaseline)).toEqual([true, false, false]);
    expect(methods["scenario.diff"].result.safeParse(reply).success).toBe(true);
    await core.call("scenario.saveDraft", { id, baseVersion: 1, document: more });
    const withDraft = await core.call("scenario.diff", { scenarios: [{ id }, { id, version: 1 }] });
    expect(withDraft.scenarios[1].lines).toEqual(["pools.own-h100.replicas: 2 -> 1 (-50.0 %)"]);
    await expect(core.call("scenario.diff", { ...asked, baseline: 5 })).rejects.toThrow(
      "badInput: The baseline is scenario 5 and there are 3",
    );
    await expect(
      core.call("scenario.diff", { scenarios: [{ id: "gone" }, { id }] }),
    ).rejects.toThrow("notFound");
  });
});
