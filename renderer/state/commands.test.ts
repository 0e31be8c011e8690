import { describe, expect, it } from "vitest";
import { CommandRegistry, commandOf, isLeftToField, shortcutOf, shortcutText } from "./commands.ts";

const stroke = { key: "s", ctrlKey: false, metaKey: false, shiftKey: false, altKey: false };

describe("commands", () => {
  it("are found by their shortcut on each system", () => {
    const save = {
      id: "scenario.save",
      group: "File" as const,
      title: () => "Save",
      shortcut: "Mod+S",
      isEnabled: () => true,
      run: () => {},
    };
    expect(commandOf([save], { ...stroke, ctrlKey: true }, false)).toBe(save);
    expect(commandOf([save], { ...stroke, metaKey: true }, true)).toBe(save);
    expect(commandOf([save], { ...stroke, ctrlKey: true }, true)).toBeUndefined();
    expect(commandOf([save], { ...stroke, ctrlKey: true, shiftKey: true }, false)).toBeUndefined();
  });

  it("write shortcuts as the system does", () => {
    expect(shortcutText("Mod+Shift+S", true)).toBe("⇧⌘S");
    expect(shortcutText("Mod+Backspace", true)).toBe("⌘⌫");
    expect(shortcutText("Mod+Backspace", false)).toBe("Ctrl+Backspace");
    expect(shortcutText("Mod+Shift+S", false)).toBe("Ctrl+Shift+S");
    expect(shortcutOf({ ...stroke, key: "F5" }, false)).toBe("F5");
  });

  it("leave to a field the keys with which one writes in it", () => {
    expect(isLeftToField({ key: "Backspace" }, true)).toBe(true);
    expect(isLeftToField({ key: "Backspace" }, false)).toBe(false);
    expect(isLeftToField({ key: "s" }, true)).toBe(false);
  });

  it("run only when they are enabled, and have ids of their own", () => {
    const registry = new CommandRegistry();
    let ran = 0;
    let isEnabled = false;
    const command = {
      id: "a",
      group: "Run" as const,
      title: () => "A",
      isEnabled: () => isEnabled,
      run: () => void ran++,
    };
    registry.add(command);
    expect(registry.run("a")).toBe(false);
    isEnabled = true;
    expect(registry.run("a")).toBe(true);
    expect(registry.run("b")).toBe(false);
    expect(ran).toBe(1);
    expect(() => registry.add(command)).toThrow("two commands are called a");
  });
});
