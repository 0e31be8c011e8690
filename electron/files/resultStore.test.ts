import { createHash } from "node:crypto";
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { cacheFolder, ResultFolder } from "./resultStore.ts";

const root = mkdtempSync(join(tmpdir(), "crossover-results-"));
afterAll(() => rmSync(root, { recursive: true }));
const keyOf = (name: string) => createHash("sha256").update(name).digest("hex");
const key = keyOf("a");
const fileOf = (folder: string, of = key) => join(root, folder, "results", of.slice(0, 2), of);

describe("a folder of results", () => {
  test("gives back what was put there, also to the next process", () => {
    const folder = new ResultFolder(join(root, "plain"));
    expect(folder.get(key)).toBeUndefined();
    folder.put(key, '{"a":1}\n');
    expect(folder.get(key)).toBe('{"a":1}\n');
    expect(new ResultFolder(join(root, "plain")).get(key)).toBe('{"a":1}\n');
    expect(readdirSync(join(root, "plain", "results", key.slice(0, 2)))).toEqual([key]);
  });

  test.each([
    [
      "changed",
      (path: string) => writeFileSync(path, readFileSync(path, "utf8").replace("1", "2")),
    ],
    ["cut off", (path: string) => writeFileSync(path, readFileSync(path, "utf8").slice(0, -2))],
    ["longer", (path: string) => appendFileSync(path, " ")],
    ["empty", (path: string) => writeFileSync(path, "")],
  ])("takes a result that is %s for none, and removes it", (name, damage) => {
    const folder = new ResultFolder(join(root, name));
    folder.put(key, '{"a":"11"}');
    damage(fileOf(name));
    expect(folder.get(key)).toBeUndefined();
    expect(folder.damaged).toBe(1);
    expect(readdirSync(join(root, name, "results", key.slice(0, 2)))).toEqual([]);
  });

  test("takes a whole result under another key for none", () => {
    const folder = new ResultFolder(join(root, "moved"));
    folder.put(key, "text");
    const other = `${key.slice(0, 62)}00`;
    writeFileSync(fileOf("moved", other), readFileSync(fileOf("moved")));
    expect(folder.get(other)).toBeUndefined();
  });

  test("over its size loses the oldest results first", () => {
    const folder = new ResultFolder(join(root, "sized"), 2000);
    const keys = Array.from({ length: 20 }, (_, i) => keyOf(`each ${i}`));
    keys.forEach((each, i) => {
      folder.put(each, "x".repeat(100));
      utimesSync(fileOf("sized", each), 1000 + i, 1000 + i);
    });
    folder.keepToSize();
    const kept = keys.map((each) => folder.get(each) !== undefined);
    expect(kept.filter((each) => each)).toHaveLength(9);
    expect(kept.slice(11).every((each) => each)).toBe(true);
  });

  test("that cannot be made is refused with what to do", () => {
    writeFileSync(join(root, "file"), "");
    expect(() => new ResultFolder(join(root, "file"))).toThrow(/cannot be made.*--no-cache/);
    if (process.platform === "linux") {
      expect(() => new ResultFolder("/proc/none/such")).toThrow(/cannot be made.*--no-cache/);
    }
  });
});

test("the cache folder is where each system keeps caches", () => {
  expect(cacheFolder({ XDG_CACHE_HOME: "/c" }, "linux", "/home/a")).toBe("/c/crossover");
  expect(cacheFolder({ XDG_CACHE_HOME: "c" }, "linux", "/home/a")).toBe("/home/a/.cache/crossover");
  expect(cacheFolder({}, "linux", "/home/a")).toBe("/home/a/.cache/crossover");
  expect(cacheFolder({}, "darwin", "/Users/a")).toBe("/Users/a/Library/Caches/crossover");
  expect(cacheFolder({ LOCALAPPDATA: "L" }, "win32", "H")).toMatch(/^L.crossover.Cache$/);
});
