import { describe, expect, it } from "vitest";
import type { Comparison } from "../../shared/planning/comparison/comparison.ts";
import { allInputs, differingInputs } from "./inputRows.ts";

const change = (path: string, from: unknown, to: unknown) => ({
  ...{ path, kind: "changed", from, to, unit: null, absolute: null, relative: null },
});

describe("inputs side by side", () => {
  it("show the baseline's value where a scenario does not differ from it", () => {
    const scenarios = [
      { inputs: { differences: [] } },
      { inputs: { differences: [change("pools.own.replicas", 1, 2)] } },
      { inputs: { differences: [{ ...change("pools.more", null, "x"), kind: "added" }] } },
    ];
    const rows = differingInputs({ scenarios, baseline: 0 } as object as Comparison);
    expect(rows).toEqual([
      { path: "pools.own.replicas", cells: ["1", "2", "1"], isDifferent: true },
      { path: "pools.more", cells: ["not there", "not there", "x"], isDifferent: true },
    ]);
  });

  it("say that a whole part is there or not, and that nothing within it is there where it is not", () => {
    const pool = { id: "own", replicas: 1 };
    const scenarios = [
      { inputs: { differences: [] } },
      { inputs: { differences: [change("pools.own.replicas", 1, 2)] } },
      { inputs: { differences: [{ ...change("pools.own", pool, null), kind: "removed" }] } },
    ];
    const rows = differingInputs({ scenarios, baseline: 0 } as object as Comparison);
    expect(rows.map(({ path, cells }) => [path, ...cells])).toEqual([
      ["pools.own.replicas", "1", "2", "not there"],
      ["pools.own", "there", "there", "not there"],
    ]);
  });

  it("list every input of all documents by ids, without sources and names", () => {
    const document = (replicas: number) => ({
      name: `with ${replicas}`,
      pools: [{ id: "own", replicas, price: { usd: 2.69, provenance: [{ source: "x" }] } }],
      rules: [],
    });
    const rows = allInputs([document(1), document(2)]);
    expect(rows).toEqual([
      { path: "pools.own.replicas", cells: ["1", "2"], isDifferent: true },
      { path: "pools.own.price.usd", cells: ["2.69", "2.69"], isDifferent: false },
      { path: "rules", cells: ["", ""], isDifferent: false },
    ]);
  });
});
