import { describe, expect, it } from "vitest";
import type { Draft } from "../../components/editing.tsx";
import { asId, freeId } from "../../components/ids.ts";
import { licenceProblem, licenceSentence } from "./licenceRule.ts";
import {
  addRuleTo,
  duplicatePool,
  gpusOf,
  removePartition,
  removePool,
  renamePartition,
  renamePool,
} from "./poolEdits.ts";

const provenance = [{ source: "t", retrievedOn: "2026-11-26", basis: "estimated" as const }];

function draft(): Draft {
  return {
    ...{ format: "crossover-scenario", version: 1, name: "t" },
    traffic: { sources: [], classes: [] },
    licences: [
      { id: "dev", name: "Development", production: false, maxGpus: 4, provenance },
      { id: "open-source", name: "Open", production: true, provenance },
    ],
    partitions: [
      {
        id: "cut",
        gpu: "g",
        gpus: 2,
        layout: ["3g.40gb"],
        price: { usdPerGpuHour: 1, provenance },
      },
    ],
    pools: [
      { id: "own", gpu: "g", model: "m", backend: "vllm", replicas: 3, tensorParallel: 2 },
      {
        id: "part",
        gpu: "g",
        model: "m",
        backend: "nim",
        replicas: 1,
        partition: { id: "cut", profile: "3g.40gb" },
      },
    ],
    rules: [
      { id: "a", to: { pool: "own" } },
      { id: "b", to: { pool: "part" } },
      { id: "rest", to: { reject: true } },
    ],
  };
}

describe("edits of the fleet", () => {
  it("rename a pool and a partition everywhere", () => {
    const own = draft();
    renamePool(own, 0, "new");
    renamePartition(own, 0, "sliced");
    expect(own.rules[0].to).toEqual({ pool: "new" });
    expect(own.pools![1].partition!.id).toBe("sliced");
  });

  it("remove a pool with its rules, and a partition with its pools", () => {
    const own = draft();
    removePool(own, 0);
    expect(own.rules.map(({ id }) => id)).toEqual(["b", "rest"]);
    removePartition(own, 0);
    expect(own.pools).toEqual([]);
    expect(own.rules.map(({ id }) => id)).toEqual(["rest"]);
  });

  it("copy a pool under a free name, and send work to it before the last rule", () => {
    const own = draft();
    duplicatePool(own, 0);
    expect(own.pools!.map(({ id }) => id)).toEqual(["own", "own-2", "part"]);
    addRuleTo(own, "own-2");
    expect(own.rules.map(({ id }) => id)).toEqual(["a", "b", "to-own-2", "rest"]);
  });

  it("count physical GPUs: replicas times their GPUs, spares too, and cut GPUs once", () => {
    const own = draft();
    own.pools![0].failures = { mtbfS: 1, repairS: 1, spares: 1 };
    expect(gpusOf(own)).toBe(4 * 2 + 2);
  });

  it("make ids that are free and that the schema takes", () => {
    expect(freeId("a", [{ id: "a" }, { id: "a-2" }])).toBe("a-3");
    expect(freeId("a-2", [{ id: "a-2" }])).toBe("a-3");
    expect(asId("my pool/ü")).toBe("my-pool-u");
    expect(asId("-Ärger & Söhne <b>")).toBe("Arger-Sohne-b-");
    expect(asId("Ω")).toBe("");
  });
});

describe("the rule of a licence", () => {
  it("flags production on a licence that does not allow it, and too many GPUs", () => {
    const own = draft();
    own.pools![0].licence = "dev";
    expect(licenceProblem(own, own.pools![0])).toContain('Production traffic on "Development"');
    own.pools![0].production = false;
    expect(licenceProblem(own, own.pools![0])).toContain("allows 4 GPUs; the scenario has 6");
    own.pools![0].replicas = 2;
    expect(licenceProblem(own, own.pools![0])).toBeUndefined();
  });

  it("flags NIM in production without a licence, or with an open-source one", () => {
    const own = draft();
    const nim = { backend: "nim" };
    expect(licenceProblem(own, nim)).toContain("NIM serves production");
    expect(licenceProblem(own, { ...nim, licence: "open-source" })).toContain("not open source");
    expect(licenceProblem(own, { ...nim, production: false })).toBeUndefined();
    expect(licenceProblem(own, { backend: "vllm" })).toBeUndefined();
  });

  it("is told in a sentence", () => {
    expect(licenceSentence(draft().licences![0])).toBe(
      "no charge, not for production, at most 4 GPUs",
    );
  });
});
