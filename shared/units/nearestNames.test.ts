import { expect, it } from "vitest";
import { closestNames, nearestNames } from "./nearestNames.ts";

it("suggests names within a few edits, nearest first", () => {
  const names = ["replica", "replicas", "price"];
  expect(nearestNames("replcas", names)).toEqual(["replicas", "replica"]);
});

it("suggests what a name begins with", () => {
  expect(nearestNames("val", ["validate", "run"])).toEqual(["validate"]);
});

it("suggests nothing for a name that is unlike all, or one letter long", () => {
  expect(nearestNames("zebra", ["gpu", "model"])).toEqual([]);
  expect(nearestNames("q", ["p"])).toEqual([]);
});

it("suggests longer names whose beginning is near", () => {
  expect(nearestNames("h101", ["h100-sxm", "a100-pcie-80gb"])).toEqual(["h100-sxm"]);
});

it("suggests the three with the fewest edits where something must be named", () => {
  const names = ["llama-3-8b", "qwen3-8b", "mistral-7b", "deepseek-v3"];
  expect(nearestNames("lama-8b", names)).toEqual([]);
  expect(closestNames("lama-8b", names)).toEqual(["llama-3-8b", "qwen3-8b", "mistral-7b"]);
  expect(closestNames("llama-3-8", names)).toEqual(["llama-3-8b"]);
  expect(closestNames("x", [])).toEqual([]);
});
