import type { MenuItemConstructorOptions } from "electron";
import { describe, expect, it } from "vitest";
import { commandSpecs } from "../../shared/contract/commands.ts";
import { acceleratorOf, type MenuState, menuTemplate } from "./menu.ts";

type Item = MenuItemConstructorOptions;

const state: MenuState = { commands: undefined, recentFiles: [], isMac: false, hasDevTools: false };
const told: string[] = [];
const actions = {
  run: (id: string) => void told.push(`run ${id}`),
  openRecent: (id: string) => void told.push(`open ${id}`),
  clearRecent: () => void told.push("clear"),
};

function itemsOf(menu: Item | undefined): Item[] {
  return Array.isArray(menu?.submenu) ? menu.submenu : [];
}

function build(patch: Partial<MenuState> = {}) {
  const menus = menuTemplate({ ...state, ...patch }, actions);
  const all = menus.flatMap(itemsOf);
  const find = (id: string): Item | undefined => all.find((item) => item.id === id);
  return { menus, all, find };
}

describe("the menu", () => {
  it.each([true, false])("has every command of the list, in its menu (macOS: %s)", (isMac) => {
    const { menus } = build({ isMac });
    for (const { id, group } of commandSpecs) {
      const menu = menus.find(({ label }) => label === group);
      expect(itemsOf(menu).filter((item) => item.id === id)).toHaveLength(1);
    }
  });

  it("shows what the page says: titles, what can run, and no command that the page lacks", () => {
    const title = "Undo change GPU count";
    const { find } = build({ commands: [{ id: "edit.undo", title, isEnabled: true }] });
    expect(find("edit.undo")).toMatchObject({ label: title, enabled: true, visible: true });
    expect(find("edit.redo")).toMatchObject({ enabled: false, visible: false });
  });

  it("can run nothing before the page has spoken, but shows what there will be", () => {
    for (const { id, title } of commandSpecs) {
      expect(build().find(id)).toMatchObject({ label: title, enabled: false, visible: true });
    }
  });

  it("leaves keys to the page and shows them as the system writes them", () => {
    expect(build().find("scenario.save")).toMatchObject({
      accelerator: "CommandOrControl+S",
      registerAccelerator: false,
    });
    expect(acceleratorOf("Mod+Shift+S")).toBe("CommandOrControl+Shift+S");
    expect(acceleratorOf("F5")).toBe("F5");
  });

  it("tells recent files of one name apart by their folder, and can forget them", () => {
    told.length = 0;
    const recentFiles = [
      { id: "1", name: "a & b.csv", folder: "/x" },
      { id: "2", name: "t.csv", folder: "/x" },
      { id: "3", name: "t.csv", folder: "/y" },
    ];
    const items = itemsOf(build({ recentFiles }).find("host.recent"));
    const labels = items.map(({ label }) => label);
    expect(labels).toEqual([
      "a && b.csv",
      "t.csv (/x)",
      "t.csv (/y)",
      undefined,
      "Clear this list",
    ]);
    for (const item of items) (item.click as (() => void) | undefined)?.();
    expect(told).toEqual(["open 1", "open 2", "open 3", "clear"]);
    expect(build().find("host.recent")).toMatchObject({ enabled: false });
  });

  it("shows tools of developers only where it is told to", () => {
    const hasTools = (each: ReturnType<typeof build>) =>
      each.all.some(({ role }) => role === "toggleDevTools");
    expect(hasTools(build())).toBe(false);
    expect(hasTools(build({ hasDevTools: true }))).toBe(true);
  });
});
