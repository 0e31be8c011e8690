import { describe, expect, it } from "vitest";
import { comparedIds } from "./comparedIds.ts";

const entry = (id: string, ...sources: string[]) => ({
  id,
  summary: { gpus: 1, pools: 1, providers: [], sources },
});
const scenarios = [entry("n", "night"), entry("c", "chat"), entry("b", "chat"), entry("a", "chat")];
const library = { scenarios, baseline: null, lastCompared: [] };

describe("scenarios that are compared unless others are chosen", () => {
  it("are those of the same traffic, the one in front first, or the baseline where it is one of them", () => {
    expect(comparedIds(library, "b", 4)).toEqual(["b", "c", "a"]);
    expect(comparedIds({ ...library, baseline: "a" }, "b", 4)).toEqual(["a", "b", "c"]);
    expect(comparedIds({ ...library, baseline: "n" }, "b", 2)).toEqual(["b", "c"]);
    expect(comparedIds(library, "n", 4)).toEqual(["n"]);
  });

  it("are those compared last, of whatever traffic, where the one in front is among them", () => {
    const lastCompared = ["n", "b", "gone"];
    expect(comparedIds({ ...library, lastCompared }, "b", 4)).toEqual(["b", "n"]);
    expect(comparedIds({ ...library, lastCompared }, "c", 4)).toEqual(["c", "b", "a"]);
  });
});
