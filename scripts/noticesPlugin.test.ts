import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { noticesText, packageFolder, readBundled } from "./noticesPlugin.ts";

const made: string[] = [];

function plant(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "crossover-notices-"));
  made.push(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  mkdirSync(join(folder, "lib"));
  return folder;
}

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
});

describe("notices of bundled packages", () => {
  it("find the innermost package of a module", () => {
    expect(packageFolder("/a/node_modules/react/index.js?x=1")).toBe("/a/node_modules/react");
    expect(packageFolder("\0/a/node_modules/@b/c/d/e.js")).toBe("/a/node_modules/@b/c");
    expect(packageFolder("/a/node_modules/b/node_modules/c/i.js")).toBe(
      "/a/node_modules/b/node_modules/c",
    );
    expect(packageFolder("/a/renderer/main.tsx")).toBeUndefined();
    expect(packageFolder("\0rolldown/runtime.js")).toBeUndefined();
  });

  it("hold name, version, licence and every licence text, in the order of names", () => {
    const json = (name: string) => JSON.stringify({ name, version: "1.2.3", license: "MIT" });
    const b = readBundled(
      plant({ "package.json": json("b"), LICENSE: "Text of b", NOTICE: "Mind" }),
    );
    const a = readBundled(plant({ "package.json": json("a"), "license.md": "Text of a" }));
    const text = noticesText([b, a]);
    const order = ["a 1.2.3 (MIT)", "Text of a", "b 1.2.3 (MIT)", "Text of b", "Mind"];
    const places = order.map((each) => text.indexOf(each));
    expect(places).toEqual([...places].sort((x, y) => x - y));
    expect(places.includes(-1)).toBe(false);
  });

  it("cannot be made for a package without a licence", () => {
    const folder = plant({ "package.json": '{"name": "x", "version": "1.0.0"}' });
    expect(() => readBundled(folder)).toThrow("x 1.0.0 names no licence");
  });
});
