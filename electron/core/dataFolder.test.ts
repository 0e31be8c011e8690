import { join } from "node:path";
import { describe, expect, it } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { defaultDataFolder } from "./dataFolder.ts";

const home = "/home/me";

/** The folder that Electron's documentation of app.getPath gives: appData/NAME, the name being package.json's productName. */
describe("the folder of the work", () => {
  it.each([
    ["linux", {}, join(home, ".config", "Crossover")],
    ["linux", { XDG_CONFIG_HOME: "/cfg" }, join("/cfg", "Crossover")],
    ["linux", { XDG_CONFIG_HOME: "" }, join(home, ".config", "Crossover")],
    ["linux", { XDG_CONFIG_HOME: "relative" }, join(home, ".config", "Crossover")],
    ["darwin", {}, join(home, "Library", "Application Support", "Crossover")],
    ["win32", { APPDATA: "/c/Roaming" }, join("/c/Roaming", "Crossover")],
    ["win32", {}, join(home, "AppData", "Roaming", "Crossover")],
  ] as const)("is the desktop app's own on %s with %o", (platform, env, folder) => {
    expect(defaultDataFolder({ platform, env, home })).toBe(folder);
  });

  it("has the name that Electron takes from package.json", () => {
    expect(packageJson.productName).toBe("Crossover");
  });
});
