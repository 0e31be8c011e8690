/** The commands of the page: what the list in shared/contract/commands.ts names, with how to run each. */
import {
  type CommandGroup,
  type CommandId,
  type CommandSpec,
  commandSpecs,
} from "../../shared/contract/commands.ts";

/** A command. Its id is what menus of the system send. */
export interface Command {
  readonly id: string;
  readonly group: CommandGroup;
  /** What it does, in the person's words; may depend on the state ("Undo change GPU count"). */
  title(): string;
  /** As in "Mod+Shift+S": Mod is Command on macOS and Ctrl elsewhere. */
  readonly shortcut?: string;
  readonly otherShortcut?: string;
  isEnabled(): boolean;
  run(): void | Promise<void>;
}

/** Id, menu, title and shortcut of a command, from the list that the system's menu reads too. */
export function commandBase(
  wanted: CommandId,
): Pick<Command, "group" | "title" | "shortcut" | "otherShortcut"> & { readonly id: CommandId } {
  const spec: CommandSpec | undefined = commandSpecs.find(({ id }) => id === wanted);
  if (spec === undefined) throw new Error(`no command is called ${wanted}`);
  const { group, title, shortcut, otherShortcut } = spec;
  return {
    ...{ id: wanted, group, title: () => title },
    ...(shortcut !== undefined && { shortcut }),
    ...(otherShortcut !== undefined && { otherShortcut }),
  };
}

/** Commands by id, in the order in which they were added. */
export class CommandRegistry {
  private readonly known = new Map<string, Command>();

  add(...commands: readonly Command[]): void {
    for (const command of commands) {
      if (this.known.has(command.id)) throw new Error(`two commands are called ${command.id}`);
      this.known.set(command.id, command);
    }
  }

  list(): readonly Command[] {
    return [...this.known.values()];
  }

  /** Runs a command if it is known and enabled; whether it did. */
  run(id: string): boolean {
    const command = this.known.get(id);
    if (command === undefined || !command.isEnabled()) return false;
    void command.run();
    return true;
  }
}

/** The parts of a keyboard event that a shortcut is made of. */
export interface Keystroke {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/** The shortcut that a keystroke is, in the form of Command.shortcut. */
export function shortcutOf(stroke: Keystroke, isMac: boolean): string {
  const isMod = isMac ? stroke.metaKey : stroke.ctrlKey;
  const key = stroke.key.length === 1 ? stroke.key.toUpperCase() : stroke.key;
  const parts = [isMod && "Mod", stroke.altKey && "Alt", stroke.shiftKey && "Shift", key];
  return parts.filter((part) => part !== false).join("+");
}

const macSigns: Readonly<Record<string, string>> = {
  ...{ Mod: "⌘", Shift: "⇧", Alt: "⌥", Enter: "↩", Backspace: "⌫" },
};
/** The order in which macOS writes what is held down; the key comes last. */
const macOrder = ["Alt", "Shift", "Mod"];

/** A shortcut as the system's menus write it. */
export function shortcutText(shortcut: string, isMac: boolean): string {
  const parts = shortcut.split("+");
  if (!isMac) return parts.map((part) => (part === "Mod" ? "Ctrl" : part)).join("+");
  const held = macOrder.filter((part) => parts.includes(part));
  const keys = parts.filter((part) => !macOrder.includes(part));
  return [...held, ...keys].map((part) => macSigns[part] ?? part).join("");
}

/** Keys that write in a field, with a modifier too: by the word, by the line. */
const writingKeys = /^(Backspace|Delete|Home|End|Arrow)/;

/** Whether a keystroke is left to the field that it goes to. */
export function isLeftToField({ key }: Pick<Keystroke, "key">, isInField: boolean): boolean {
  return isInField && writingKeys.test(key);
}

/** The command of a keystroke; undefined for none. */
export function commandOf(
  commands: readonly Command[],
  stroke: Keystroke,
  isMac: boolean,
): Command | undefined {
  const shortcut = shortcutOf(stroke, isMac);
  return commands.find(
    (command) => command.shortcut === shortcut || command.otherShortcut === shortcut,
  );
}
