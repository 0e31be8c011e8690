import { describe, expect, it } from "vitest";
import { poolsByInstance } from "./instanceUse.ts";

describe("the pools of a GPU's instances", () => {
  it("are told instance by instance, and what is left over is unused", () => {
    const pools = [
      { id: "chat", replicas: 1 },
      { id: "tags", replicas: 1 },
    ];
    expect(poolsByInstance(pools, 3, 1)).toEqual([["chat"], ["tags"], []]);
  });

  it("have their replicas over all GPUs that are cut the same", () => {
    expect(poolsByInstance([{ id: "chat", replicas: 4 }], 2, 2)).toEqual([["chat"], ["chat"]]);
    expect(poolsByInstance([{ id: "chat", replicas: 1 }], 2, 2)).toEqual([["chat"], []]);
  });

  it("are never out of sight, also where there are too many", () => {
    const pools = [
      { id: "chat", replicas: 2 },
      { id: "tags", replicas: 5 },
    ];
    expect(poolsByInstance(pools, 2, 1)).toEqual([["chat"], ["chat", "tags"]]);
    expect(poolsByInstance(pools, 0, 1)).toEqual([]);
  });
});
