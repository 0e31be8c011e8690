import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const main = join(import.meta.dirname, "main.ts");
const sample = join(root, "data/samples/azure-conv-hybrid.crossover");
const folder = mkdtempSync(join(tmpdir(), "crossover-cli-"));
afterAll(() => rmSync(folder, { recursive: true }));

function crossover(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const sampleWith = (changes: object): string =>
  JSON.stringify({ ...JSON.parse(readFileSync(sample, "utf8")), ...changes });

const unusable: [string, () => string, string][] = [
  ["a missing file", () => join(folder, "none.crossover"), "there is no such file"],
  ["a folder", () => folder, "Wanted the path of a file"],
  ["an empty file", () => file("empty.crossover", ""), "is empty; wanted a Crossover scenario"],
  [
    "a binary file",
    () => file("b.crossover", new Uint8Array([0x89, 0x50, 0xff, 0xfe])),
    "not UTF-8 text",
  ],
  ["a broken file", () => file("broken.crossover", '{"format":\n}'), "line 2, column 1"],
  [
    "a newer file",
    () => file("new.crossover", sampleWith({ version: 9 })),
    "is version 9; this Crossover reads up to 1",
  ],
];

describe("the crossover program", () => {
  it("prints its version", () => {
    expect(crossover("--version")).toEqual({ status: 0, stdout: "0.1.0\n", stderr: "" });
  });

  it("finds the sample scenario valid", () => {
    const { status, stdout } = crossover("validate", sample, "--json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ valid: true, problems: [], unknownFields: [] });
  });

  it.each(unusable)("refuses %s with exit code 3", (_name, path, message) => {
    const { status, stdout, stderr } = crossover("validate", path());
    expect(stderr).toContain(message);
    expect([status, stdout]).toEqual([3, ""]);
  });

  it("refuses two traces for the same source", () => {
    const { status, stderr } = crossover("run", sample, "--trace", "a.csv", "--trace", "b.csv");
    expect(status).toBe(3);
    expect(stderr).toContain('Two traces are given for source "azure-conv": a.csv and b.csv');
  });

  it("refuses a trace without a name", () => {
    const { traffic } = JSON.parse(readFileSync(sample, "utf8"));
    traffic.sources[0].file = "";
    const { status, stderr } = crossover("run", file("noname.crossover", sampleWith({ traffic })));
    expect(status).toBe(3);
    expect(stderr).toContain('source "azure-conv" names the file "". Wanted the name of a trace');
  });

  it("lists every problem of a scenario with its field", () => {
    const path = file(
      "bad.crossover",
      sampleWith({ rules: [{ id: "r", to: { pool: "x" }, share: 0.5 }] }),
    );
    const { status, stdout } = crossover("validate", path, "--json");
    expect(status).toBe(3);
    const { valid, problems } = JSON.parse(stdout);
    expect(valid).toBe(false);
    expect(problems.map(({ field }: { field: string }) => field)).toContain("rules[0].to.pool");
    expect(crossover("validate", path).stdout).toContain("the policy is not total");
  });

  it("rewrites a valid file in canonical form once, and leaves it the same after", () => {
    const path = file("own.crossover", sampleWith({ seed: 7, zebra: 1 }));
    expect(crossover("validate", path, "--write-canonical").status).toBe(0);
    const written = readFileSync(path, "utf8");
    expect(JSON.parse(written)).toMatchObject({ seed: 7, zebra: 1, monthHours: 730 });
    expect(crossover("validate", path, "--write-canonical").status).toBe(0);
    expect(readFileSync(path, "utf8")).toBe(written);
  });

  it("does not touch a file that is not valid", () => {
    const path = join(folder, "untouched.crossover");
    copyFileSync(file("x.crossover", sampleWith({ rules: [] })), path);
    const before = readFileSync(path, "utf8");
    expect(crossover("validate", path, "--write-canonical").status).toBe(3);
    expect(readFileSync(path, "utf8")).toBe(before);
  });

  it("is quiet when the reader of its output goes away", () => {
    const script = `"${process.execPath}" "${main}" validate "${sample}" --json | true; "${process.execPath}" "${main}" --help | true`;
    const { status, stderr } = spawnSync("sh", ["-c", script], { encoding: "utf8" });
    expect([status, stderr]).toEqual([0, ""]);
  });
});
