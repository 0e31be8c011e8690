import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { methods } from "../../shared/contract/methods.ts";
import { TestCore } from "./testCore.ts";

const sample = join(import.meta.dirname, "../../data/samples/azure-conv-hybrid.crossover");
let core: TestCore;

beforeAll(() => {
  core = new TestCore();
});

afterAll(async () => {
  await core.close();
  expect(core.logged).toEqual([]);
});

describe("the catalog behind the contract", () => {
  it("has every kind of entry with its source and date", async () => {
    const catalog = await core.call("catalog.get", {});
    const kinds = [catalog.gpus, catalog.models, catalog.offers, catalog.licences];
    for (const entry of [...kinds.flat(), ...catalog.providers.map(({ price }) => price)]) {
      expect(entry.provenance?.[0]?.retrievedOn).toMatch(/^\d{4}-\d{2}/);
    }
    expect(catalog.gpus.find(({ id }) => id === "h100-sxm")?.migProfiles).toHaveLength(7);
  });

  it("says that a 70B model in bf16 does not fit one H100, with the arithmetic, and what would", async () => {
    const place = { model: "llama-3.1-70b", gpu: "h100-sxm" };
    const { fit, wouldFit } = await core.call("catalog.fit", place);
    expect(fit.fits).toBe(false);
    expect(fit.reason).toMatch(/GiB/);
    expect(fit.lines.map(({ label }) => label)).toContain("weights");
    expect(
      wouldFit.map(({ precision, tensorParallel }) => [precision, tensorParallel]),
    ).toContainEqual(["fp8", 1]);
    const slice = await core.call("catalog.fit", {
      ...{ model: "llama-3.1-8b", gpu: "h100-sxm", profile: "3g.40gb", precision: "fp8" },
    });
    expect(slice.fit.fits).toBe(true);
    expect(slice.wouldFit).toEqual([]);
    expect(methods["catalog.fit"].result.safeParse(slice).success).toBe(true);
  });

  it("looks at the document's own entries first, and answers unknown names with the nearest", async () => {
    const document = JSON.parse(readFileSync(sample, "utf8"));
    document.gpus[0] = { ...document.gpus[0], memoryGib: 10 };
    const place = { model: "llama-3.1-8b", gpu: "h100-sxm" };
    expect((await core.call("catalog.fit", place)).fit.fits).toBe(true);
    expect((await core.call("catalog.fit", { ...place, document })).fit.fits).toBe(false);
    await expect(core.call("catalog.fit", { ...place, gpu: "h100-smx" })).rejects.toThrow(
      /badInput: There is no GPU "h100-smx" in the catalog\. Nearest: h100-sxm/,
    );
  });

  it("shows which starts are legal beside the instances that stand there, and what blocks the others", async () => {
    const placed = [{ profile: "3g.40gb", start: 4 }];
    const board = await core.call("catalog.mig", { gpu: "h100-sxm", placed });
    expect(board.owners).toEqual([null, null, null, null, 0, 0, 0, 0]);
    expect(board.problems).toEqual([]);
    const starts = (name: string) =>
      board.profiles
        .find(({ profile }) => profile === name)!
        .starts.filter(({ isLegal }) => isLegal)
        .map(({ start }) => start);
    expect(starts("3g.40gb")).toEqual([0]);
    expect(starts("4g.40gb")).toEqual([0]);
    expect(starts("1g.10gb")).toEqual([0, 1, 2, 3]);
    expect(starts("7g.80gb")).toEqual([]);
    const whole = board.profiles.find(({ profile }) => profile === "7g.80gb")!;
    expect(whole.starts[0]).toMatchObject({
      blockedSlices: [4, 5, 6, 7],
      reason: "slices 4, 5, 6, 7 taken by 3g.40gb at slice 4",
    });
    expect(whole.fitsAfterMoves).toBe(false);
    expect(board.answer).toBeNull();
    expect(methods["catalog.mig"].result.safeParse(board).success).toBe(true);
  });

  it("names what is wrong with instances that overlap or stand where they may not", async () => {
    const placed = [
      { profile: "3g.40gb", start: 0 },
      { profile: "2g.20gb", start: 3 },
    ];
    const { problems } = await core.call("catalog.mig", { gpu: "h100-sxm", placed });
    expect(problems).toEqual([
      "2g.20gb may start at slice 0, 2, 4, not at 3. Move it.",
      "2g.20gb at slice 3 and 3g.40gb at slice 0 overlap. Move or remove one.",
    ]);
  });

  it("finds the layouts that hold several models, and says why none does", async () => {
    const small = { model: "llama-3.1-8b", precision: "fp8" as const };
    const two = await core.call("catalog.mig", { gpu: "h100-sxm", models: [small, small] });
    expect(two.answer?.shortfall).toBeNull();
    expect(two.answer?.solutions[0].assignments).toHaveLength(2);
    const large = { model: "llama-3.1-70b", precision: "fp8" as const };
    const both = await core.call("catalog.mig", { gpu: "h100-sxm", models: [small, large] });
    expect(both.answer?.solutions).toEqual([]);
    expect(both.answer?.shortfall?.arithmetic.model).toBe("llama-3.1-70b");
    expect(methods["catalog.mig"].result.safeParse(both).success).toBe(true);
  });

  it("copies what an edit names into the document and leaves the rest, half-done parts included, as it was", async () => {
    const document = JSON.parse(readFileSync(sample, "utf8"));
    const edited = {
      ...document,
      pools: [...document.pools, { id: "half-done", gpu: "h200-sxm", backend: "sglang" }],
      ours: { kept: true },
    };
    const filled = await core.call("catalog.addToScenario", {
      document: edited,
      providers: ["claude-haiku-4.5"],
    });
    expect(filled.added).toEqual([
      "gpus h200-sxm",
      "coefficients vllm-bf16",
      "coefficients sglang-bf16",
      "coefficients sglang-fp8",
      "providers claude-haiku-4.5",
    ]);
    const { gpus, coefficients, providers, ...rest } = filled.document;
    const { gpus: _g, coefficients: _c, providers: _p, ...before } = edited;
    expect(rest).toEqual(before);
    expect(await core.call("catalog.addToScenario", { document: filled.document })).toEqual({
      document: filled.document,
      added: [],
    });
  });
});
