import { describe, expect, it } from "vitest";
import type { Draft } from "../../components/editing.tsx";
import {
  type ClassInput,
  carved,
  carvings,
  isCatchAll,
  placeFor,
  renameClass,
  takesText,
  unreachable,
} from "./classes.ts";

const names = { models: ["gpt", "small"], tenants: ["red"], tags: ["chat"] };

function draftOf(classes: ClassInput[]): Draft {
  return {
    name: "x",
    traffic: { sources: [{ id: "chat", kind: "trace" }], classes },
    rules: [{ id: "r", match: { classes: ["all", "other"] }, to: { reject: true } }],
  } as object as Draft;
}

describe("carving classes", () => {
  it("puts the new class before the one that takes everything, and never takes everything itself", () => {
    const draft = draftOf([{ id: "all" }]);
    for (const { id } of carvings) {
      const made = carved(id, draft, names);
      expect(isCatchAll(made)).toBe(false);
      draft.traffic.classes.splice(placeFor(draft.traffic.classes), 0, made);
    }
    expect(draft.traffic.classes).toHaveLength(7);
    expect(draft.traffic.classes[6].id).toBe("all");
    expect(unreachable(draft.traffic.classes)).toEqual([]);
  });

  it("gives each class an id of its own", () => {
    const draft = draftOf([{ id: "share" }, { id: "all" }]);
    expect(carved("share", draft, names).id).toBe("share-2");
  });

  it("knows the classes that nothing reaches", () => {
    expect(unreachable([{ id: "a" }, { id: "b", share: 0.5 }, { id: "c" }])).toEqual([1, 2]);
    expect(placeFor([{ id: "b", share: 0.5 }])).toBe(1);
  });

  it("says what a class takes", () => {
    expect(takesText({ id: "a" }, true)).toBe("takes all requests");
    expect(takesText({ id: "a", share: 0.3 }, false)).toBe(
      "takes 30 % of the requests that earlier classes left",
    );
    const match = { tenants: ["red", "blue"], promptTokens: { min: 4000 } };
    expect(takesText({ id: "a", match }, true)).toBe(
      "takes all requests of red or blue, with 4,000 or more prompt tokens",
    );
  });

  it("renames a class in the rules that name it", () => {
    const draft = draftOf([{ id: "all" }]);
    renameClass(draft, 0, "chat");
    expect(draft.rules?.[0].match?.classes).toEqual(["chat", "other"]);
  });
});
