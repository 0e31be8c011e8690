import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { edit, redo, seal, startHistory, stepNames, undo } from "./history.ts";

const start = () => startHistory({ gpus: 1, name: "a", tags: ["x"] });

describe("a history", () => {
  it("names what it would undo and redo", () => {
    const one = edit(start(), "change GPU count", (draft) => {
      draft.gpus = 2;
    });
    expect(stepNames(one)).toEqual({ undo: "change GPU count" });
    expect(stepNames(undo(one))).toEqual({ redo: "change GPU count" });
    expect(stepNames(start())).toEqual({});
  });

  it("takes steps under one key as one, until it is sealed", () => {
    let history = start();
    for (const gpus of [2, 3, 4]) {
      history = edit(
        history,
        "change GPU count",
        (draft) => Object.assign(draft, { gpus }),
        "gpus",
      );
    }
    expect(history.done).toHaveLength(1);
    expect(undo(history).value.gpus).toBe(1);
    history = edit(
      seal(history),
      "change GPU count",
      (draft) => Object.assign(draft, { gpus: 9 }),
      "gpus",
    );
    expect(history.done).toHaveLength(2);
    expect(undo(history).value.gpus).toBe(4);
  });

  it("has no step for an edit that changes nothing", () => {
    const history = edit(start(), "nothing", (draft) => Object.assign(draft, { gpus: 1 }));
    expect(history.done).toEqual([]);
  });

  it("comes back to where it was after any edits, undone and redone", () => {
    const change = fc.record({ gpus: fc.nat(), name: fc.string(), tags: fc.array(fc.string()) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 20 }), (changes) => {
        let history = start();
        for (const each of changes)
          history = edit(history, "x", (draft) => Object.assign(draft, each));
        const end = history.value;
        const steps = history.done.length;
        for (let i = 0; i < steps; i++) history = undo(history);
        expect(history.value).toEqual(start().value);
        for (let i = 0; i < steps; i++) history = redo(history);
        expect(history.value).toEqual(end);
      }),
    );
  });
});
