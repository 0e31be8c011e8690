import { describe, expect, it } from "vitest";
import { type CommandSpec, commandGroups, commandSpecs } from "./commands.ts";

const specs: readonly CommandSpec[] = commandSpecs;

describe("the list of commands", () => {
  it("has each id and each shortcut once", () => {
    const ids = specs.map(({ id }) => id);
    const shortcuts = specs.flatMap(({ shortcut, otherShortcut }) => [
      ...(shortcut === undefined ? [] : [shortcut]),
      ...(otherShortcut === undefined ? [] : [otherShortcut]),
    ]);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(shortcuts).size).toBe(shortcuts.length);
  });

  it("gives every command a shortcut, in one order, with a modifier or a function key", () => {
    for (const { id, shortcut } of specs) {
      expect(shortcut, id).toMatch(
        /^((Mod\+)(Alt\+)?(Shift\+)?(.|Backspace)|((Shift\+)?F\d{1,2}))$/,
      );
    }
  });

  it("takes no keys that a browser keeps for itself", () => {
    const kept = ["Mod+N", "Mod+T", "Mod+W", "Mod+Shift+N", "Mod+Shift+T", "Mod+Shift+W", "Mod+Q"];
    expect(specs.filter(({ shortcut = "" }) => kept.includes(shortcut))).toEqual([]);
  });

  it("keeps the commands of a menu together, in the order of the menus", () => {
    const order = specs.map(({ group }) => commandGroups.indexOf(group));
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });
});
