import { describe, expect, it } from "vitest";
import { launchFiles } from "./launchFiles.ts";

describe("files that a start names", () => {
  it("are the arguments of a packaged app that are no switches, from its folder", () => {
    const argv = ["/opt/crossover", "--user-data-dir=/d", "a.crossover", "/b/c.csv", "-x"];
    expect(launchFiles(argv, "/home/p", undefined)).toEqual(["/home/p/a.crossover", "/b/c.csv"]);
  });

  it("stand after the app where Electron runs it from its folder", () => {
    const argv = ["/e/electron", "-r", "/e/loader.js", "/src/app", "--no-sandbox", "a.csv"];
    expect(launchFiles(argv, "/w", "/src/app")).toEqual(["/w/a.csv"]);
    expect(launchFiles(["/e/electron", "x.csv"], "/w", "/src/app")).toEqual([]);
  });

  it("may be file: addresses, as desktops of Linux pass them; other addresses are no files of ours", () => {
    const argv = ["/opt/crossover", "file:///a/b%20c.crossover", "file://host/share"];
    expect(launchFiles(argv, "/", undefined)).toEqual(["/a/b c.crossover"]);
  });
});
