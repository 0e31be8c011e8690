import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { engineFingerprint, hashSources, rooms } from "./engineFingerprint.ts";

const root = join(import.meta.dirname, "../..");
const copy = mkdtempSync(join(tmpdir(), "crossover-fingerprint-"));
afterAll(() => rmSync(copy, { recursive: true }));

/** Files that a source file brings with it, itself included. */
function withImports(start: string): Set<string> {
  const found = new Set<string>();
  const visit = (path: string): void => {
    if (found.has(path)) return;
    found.add(path);
    const text = readFileSync(path, "utf8");
    for (const [, to] of text.matchAll(/^(?:import|export)\b[^;]*?\bfrom "(\.[^"]+)";/gms)) {
      visit(resolve(dirname(path), to));
    }
  };
  visit(start);
  return found;
}

describe("the fingerprint of the engine", () => {
  test("covers every file of shared that a worker brings with it", () => {
    const files = [...withImports(join(import.meta.dirname, "simulationWorker.ts"))]
      .map((path) => relative(root, path).split("\\").join("/"))
      .filter((path) => path.startsWith("shared/"));
    expect(files.length).toBeGreaterThan(100);
    const outside = files.filter((path) => !rooms.includes(path.split("/")[1]));
    expect(outside).toEqual([]);
  });

  test("is another one when one byte of one file of a room is another, and not for a test or another room", () => {
    cpSync(join(root, "shared"), copy, { recursive: true });
    expect(hashSources(copy)).toBe(engineFingerprint());
    const before = hashSources(copy);
    const change = (file: string, by: string): string => {
      const path = join(copy, file);
      const text = readFileSync(path, "utf8");
      writeFileSync(path, text + by);
      const after = hashSources(copy);
      writeFileSync(path, text);
      return after;
    };
    expect(change("serving/replica.ts", " ")).not.toBe(before);
    expect(change("cost/computeCost.ts", "\n")).not.toBe(before);
    expect(change("serving/oracle.test.ts", "\n")).toBe(before);
    expect(change("reports/csv.ts", "\n")).toBe(before);
    expect(readdirSync(copy)).toContain("reports");
  });
});
