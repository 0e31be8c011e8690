import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..");

/** Numbers that a title names: "items 2, 3 and 8 to 11". */
function itemsIn(title: string): number[] {
  const list = /\bitems? (\d(?:\d|, | and | to )*)/.exec(title)?.[1];
  if (list === undefined) return [];
  return list.split(/, | and /).flatMap((part) => {
    const [from, to = from] = part.split(" to ").map(Number);
    return Array.from({ length: to! - from! + 1 }, (_, i) => from! + i);
  });
}

/** Titles of tests in the files that hold the app to Electron's list. */
function titles(): string[] {
  const inFolder = (folder: string) =>
    readdirSync(join(root, folder)).map((name) => `${folder}/${name}`);
  const files = [
    ...inFolder("e2e/security"),
    ...inFolder("e2e/packaged"),
    ...["scripts/securityScan.test.ts", "scripts/electronAge.test.ts"],
  ];
  const calls = /\b(?:test|it|describe)\(\s*["`]([^"`]+)["`]/g;
  return files.flatMap((file) =>
    [...readFileSync(join(root, file), "utf8").matchAll(calls)].map(([, title]) => title!),
  );
}

it("each of the 20 items of Electron's security list has a test that names it", () => {
  const named = new Set(titles().flatMap(itemsIn));
  expect([...named].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
});

it("titles name single items, several, and ranges", () => {
  expect(itemsIn("item 13: the page")).toEqual([13]);
  expect(itemsIn("items 2, 3, 4, 6 and 8 to 11: the page")).toEqual([2, 3, 4, 6, 8, 9, 10, 11]);
  expect(itemsIn("no number here")).toEqual([]);
});
