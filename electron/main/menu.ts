/** The menu of the app, from the one list of commands; the page says what each is called now and whether it can run. */
import type { MenuItemConstructorOptions } from "electron";
import {
  type CommandGroup,
  type CommandSpec,
  type CommandState,
  commandGroups,
  commandSpecs,
} from "../../shared/contract/commands.ts";
import type { RecentFile } from "../../shared/contract/hostMethods.ts";

type Item = MenuItemConstructorOptions;

/** A recent file with the folder that tells it from another of its name. */
export interface MenuFile extends Pick<RecentFile, "id" | "name"> {
  readonly folder: string;
}

/** What the menu shows. */
export interface MenuState {
  /** What the page said last; undefined before it said anything. */
  readonly commands: readonly CommandState[] | undefined;
  readonly recentFiles: readonly MenuFile[];
  readonly isMac: boolean;
  /** Whether tools of developers are shown: not in a packaged app. */
  readonly hasDevTools: boolean;
}

/** What the entries do. */
export interface MenuActions {
  run(id: string): void;
  openRecent(id: string): void;
  clearRecent(): void;
}

const line: Item = { type: "separator" };

/** A shortcut as Electron writes it. */
export function acceleratorOf(shortcut: string): string {
  return shortcut.replace("Mod+", "CommandOrControl+");
}

function commandItem(spec: CommandSpec, state: MenuState, actions: MenuActions): Item {
  const told = state.commands?.find(({ id }) => id === spec.id);
  return {
    id: spec.id,
    label: told?.title ?? spec.title,
    enabled: told?.isEnabled ?? false,
    visible: state.commands === undefined || told !== undefined,
    // The page hears its own keys, typed text first; the menu shows them.
    registerAccelerator: false,
    ...(spec.shortcut !== undefined && { accelerator: acceleratorOf(spec.shortcut) }),
    click: () => actions.run(spec.id),
  };
}

function commandItems(group: CommandGroup, state: MenuState, actions: MenuActions): Item[] {
  return commandSpecs
    .filter((spec) => spec.group === group)
    .flatMap((spec: CommandSpec) => {
      const item = commandItem(spec, state, actions);
      return spec.startsPart ? [line, item] : [item];
    });
}

function recentItems({ recentFiles }: MenuState, actions: MenuActions): Item {
  const names = recentFiles.map(({ name }) => name);
  const items = recentFiles.map(({ id, name, folder }): Item => {
    const isTwice = names.filter((each) => each === name).length > 1;
    const label = isTwice ? `${name} (${folder})` : name;
    // An ampersand would name a key; two stand for one.
    return { label: label.replace(/&/g, "&&"), click: () => actions.openRecent(id) };
  });
  const clear: Item = { label: "Clear this list", click: () => actions.clearRecent() };
  return {
    id: "host.recent",
    label: "Open recent",
    enabled: items.length > 0,
    submenu: [...items, line, clear],
  };
}

function roles(...names: readonly (Item["role"] | "line")[]): Item[] {
  return names.map((role) => (role === "line" || role === undefined ? line : { role }));
}

/** What the system itself offers in each menu, after the commands. */
function hostItems(group: CommandGroup, state: MenuState, actions: MenuActions): Item[] {
  const { isMac, hasDevTools } = state;
  switch (group) {
    case "File":
      return [line, recentItems(state, actions), line, ...roles(isMac ? "close" : "quit")];
    case "Edit":
      return [line, ...roles("cut", "copy", "paste", "delete", "line", "selectAll")];
    case "View":
      return [
        line,
        ...roles("resetZoom", "zoomIn", "zoomOut", "line", "togglefullscreen"),
        ...(hasDevTools ? roles("line", "toggleDevTools") : []),
      ];
    case "Window":
      return isMac
        ? roles("minimize", "zoom", "line", "front")
        : roles("minimize", "zoom", "close");
    case "Help":
      return isMac ? [] : roles("about");
    default:
      return [];
  }
}

/** The whole menu. Menus without an entry are left out (Help on macOS, whose About stands in the app's own menu). */
export function menuTemplate(state: MenuState, actions: MenuActions): Item[] {
  const menus = commandGroups.map((group): Item => {
    const role =
      group === "Window" || group === "Help" ? { role: group.toLowerCase() as "help" } : {};
    const items = [...commandItems(group, state, actions), ...hostItems(group, state, actions)];
    return { ...role, id: group, label: group, submenu: items };
  });
  const filled = menus.filter(({ submenu }) => Array.isArray(submenu) && submenu.length > 0);
  return state.isMac ? [{ role: "appMenu" }, ...filled] : filled;
}
