import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { forbiddenIn, scanFolders } from "./securityScan.ts";

describe("security items 6 and 8 to 10 by source", () => {
  it("no file of the program opens one of the doors", () => {
    const root = join(import.meta.dirname, "..");
    expect(scanFolders(root, ["electron", "renderer", "shared"])).toEqual([]);
  });

  it.each([
    ["webPreferences: { webSecurity: false }", "6"],
    ["allowRunningInsecureContent: true", "8"],
    ["experimentalFeatures: true", "9"],
    ['enableBlinkFeatures: "x"', "10"],
    ["nodeIntegrationInWorker: true", "2"],
    ["nodeIntegration: isTest", "2"],
    ["contextIsolation: false", "3"],
    ["sandbox: !app.isPackaged", "4"],
    ['app.commandLine.appendSwitch("no-sandbox")', "4"],
    ["webviewTag: true", "11"],
    ['window.loadFile("x.html")', "18"],
    ['window.loadURL("https://example.com")', "18"],
    ["privileges: { bypassCSP: true }", "7"],
  ])("the scan would find %s", (text, item) => {
    expect(forbiddenIn(text)).toContain(item);
  });

  it("the scan lets the closed doors be named", () => {
    expect(forbiddenIn("nodeIntegration: false, contextIsolation: true, sandbox: true")).toEqual(
      [],
    );
  });
});
