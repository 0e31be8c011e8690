import { describe, expect, it } from "vitest";
import { type CommandSpec, commandGroups, commandSpecs } from "./commands.ts";

const specs: readonly CommandSpec[] = commandSpecs;

describe("the list of commands", () => {
  it("has each id and each shortcut once", () => {
    const ids = specs.map(({ id }) => id);
    const shortcuts = specs.flatMap(({ shortcut }) => shortcut ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(shortcuts).size).toBe(shortcuts.length);
  });

  it("writes shortcuts in one order, with a modifier or a function key", () => {
    for (const { shortcut } of specs) {
      if (shortcut !== undefined)
        expect(shortcut).toMatch(/^((Mod\+)(Alt\+)?(Shift\+)?.|((Shift\+)?F\d{1,2}))$/);
    }
  });

  it("keeps the commands of a menu together, in the order of the menus", () => {
    const order = specs.map(({ group }) => commandGroups.indexOf(group));
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });
});
