import { describe, expect, it } from "vitest";
import { comparedNames, numbered, shortName } from "./comparedNames.ts";

const long =
  "Azure conversations in the spring, three H100s rented by the hour in two regions (draft 7)";

describe("names of compared scenarios", () => {
  it("are cut at a word where they are long, and only there", () => {
    expect(shortName("Two replicas")).toBe("Two replicas");
    expect(shortName(long)).toBe("Azure conversations in the spring, three…");
    expect(shortName("x".repeat(60))).toHaveLength(23);
  });

  it("are told apart where two scenarios have the same one, whole or cut", () => {
    expect(numbered(["a", "b", "a", "a"])).toEqual(["a", "b", "a (2)", "a (3)"]);
    const library = [
      { id: "1", name: long, createdMs: 1 },
      { id: "2", name: `${long}, again`, createdMs: 2 },
      { id: "3", name: long, createdMs: 3 },
    ];
    const names = comparedNames(["3", "1", "2"], library);
    expect(names.map(({ name }) => name)).toEqual([long, `${long} (2)`, `${long}, again`]);
    expect(new Set(names.map(({ short }) => short)).size).toBe(3);
    expect(new Set(names.map(({ style }) => style.mark)).size).toBe(3);
  });
});
