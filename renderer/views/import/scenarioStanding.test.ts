import { describe, expect, it } from "vitest";
import type { ScenarioPreview } from "../../../shared/contract/scenarioMethods.ts";
import { type Looked, standingOf } from "./scenarioStanding.ts";

const file = (name: string, contentHash: string, patch: Partial<ScenarioPreview> = {}) =>
  ({
    ...{ fileName: `${name}.crossover`, name, contentHash, isInLibrary: false },
    ...{ problems: [], isReadable: true, ...patch },
  }) as object as ScenarioPreview;
const looked = (preview: ScenarioPreview): Looked => ({ kind: "preview", preview });

describe("scenario files before they are taken in", () => {
  it("are taken without a word where they are new", () => {
    expect(standingOf(file("a", "1"), [], ["b"])).toEqual({
      ...{ canTake: true, isThere: false, note: "" },
    });
  });

  it("are taken with problems that can be mended in the library, and not where they cannot be read", () => {
    const broken = file("a", "1", { problems: [{ field: "rules", message: "x" }] });
    expect(standingOf(broken, [], [])).toMatchObject({
      ...{ canTake: true, note: expect.stringContaining("can be done in the library") },
    });
    expect(standingOf({ ...broken, isReadable: false }, [], []).canTake).toBe(false);
  });

  it("are not taken by themselves where the same is there", () => {
    expect(standingOf(file("a", "1", { isInLibrary: true }), [], ["a"])).toMatchObject({
      ...{ canTake: true, isThere: true, note: "The library has exactly this scenario already." },
    });
    expect(standingOf(file("b", "1"), [looked(file("a", "1"))], [])).toMatchObject({
      ...{ isThere: true, note: "It says exactly the same as a.crossover." },
    });
  });

  it("say where another one has their name, and stand beside it", () => {
    const note = "Another scenario has this name: both are kept, side by side.";
    expect(standingOf(file("a", "2"), [], ["a"])).toEqual({ canTake: true, isThere: false, note });
    expect(standingOf(file("a", "2"), [looked(file("a", "1"))], []).note).toBe(note);
    const unreadable: Looked = { kind: "unreadable", message: "cut off" };
    expect(standingOf(file("a", "2"), [unreadable], []).note).toBe("");
  });
});
