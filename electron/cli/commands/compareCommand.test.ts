import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hybridInput } from "../../../shared/planning/fixtures/hybridScenario.ts";
import { callCommandLine } from "../testCommandLine.ts";
import { compareCommand } from "./compareCommand.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "crossover-compare-"));
  write("a.crossover", {});
  write("b.crossover", { pools: [{ ...base.pools![0], replicas: 2 }], seed: 9 });
});
afterAll(() => rmSync(folder, { recursive: true }));

const base = hybridInput();

function write(name: string, changes: Partial<typeof base>): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify({ ...base, ...changes }));
  return path;
}

const at = (...names: string[]): string[] => names.map((name) => join(folder, name));
let workers = "1";
const compare = (...args: string[]) =>
  callCommandLine([compareCommand], ["compare", ...args, "--no-cache", "--workers", workers]);

describe("crossover compare", () => {
  test("prints one JSON document with columns, traffic and figures, the same each time", async () => {
    const args = [...at("a.crossover", "b.crossover"), "--replications", "2", "--json"];
    const first = await compare(...args);
    expect(first.code).toBe(0);
    const document = JSON.parse(first.stdout);
    expect(document).toMatchObject({ baseline: 0, seed: 5, replications: 2 });
    expect(document.scenarios[1]).toMatchObject({ letter: "B", isBaseline: false });
    expect(document.scenarios[1].inputs.differences.map((d: { path: string }) => d.path)).toEqual([
      "seed",
      "pools.own.replicas",
    ]);
    expect(document.traffic.isSame).toBe(true);
    expect(document.figures[0]).toMatchObject({ id: "cost.monthUsd", unit: "USD/month" });
    expect((await compare(...args)).stdout).toBe(first.stdout);
  });

  test("gives the same bytes on any number of worker threads", async () => {
    const args = [...at("a.crossover", "b.crossover"), "--replications", "3", "--json"];
    const one = await compare(...args);
    workers = "3";
    expect((await compare(...args)).stdout).toBe(one.stdout);
    workers = "1";
  });

  test("plays different traces under one source id, and one trace in two scenarios", async () => {
    const rows = (s: number) => `arrival_s,prompt_tokens,output_tokens\n0,100,10\n${s},200,20\n`;
    writeFileSync(join(folder, "short.csv"), rows(1));
    writeFileSync(join(folder, "long.csv"), rows(9));
    for (const [name, file] of Object.entries({ t1: "short", t2: "long", t3: "long" })) {
      const source = { id: "chat", kind: "trace", file: `${file}.csv` } as const;
      write(`${name}.crossover`, { traffic: { sources: [source], classes: [{ id: "all" }] } });
    }
    const { stdout } = await compare(
      ...at("t1.crossover", "t2.crossover", "t3.crossover"),
      "--json",
    );
    const { traffic, figures } = JSON.parse(stdout);
    expect(traffic.differences.map((each: { scenario: number }) => each.scenario)).toEqual([1, 2]);
    const same = figures.every(({ values }: { values: number[] }) => values[1] === values[2]);
    expect(same).toBe(true);
  });

  test("runs all with the baseline's seed and says whose was another", async () => {
    const paths = at("a.crossover", "b.crossover");
    const { stderr, stdout } = await compare(...paths, "--baseline", "2", "--replications", "1");
    expect(stderr).toContain("a.crossover has seed 5; all scenarios run with the baseline's, 9");
    expect(stdout).toMatch(/^B .*; the baseline$/m);
    expect(stdout).toMatch(/^A - B$/m);
    const given = await compare(...paths, "--seed", "3", "--replications", "1");
    expect(given.stderr).toBe("");
    expect(given.stdout).toContain("seed 3");
  });

  test.each([
    [1, "found 1"],
    [9, "found 9"],
  ])("refuses %i scenarios", async (count, message) => {
    const { code, stderr } = await compare(...new Array(count).fill(join(folder, "a.crossover")));
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });

  test("refuses a baseline that is none of the scenarios", async () => {
    const { code, stderr } = await compare(...at("a.crossover", "b.crossover"), "--baseline", "3");
    expect([code, stderr]).toEqual([2, expect.stringContaining("from 1 to 2")]);
  });

  test("names the scenario that cannot be read", async () => {
    const { code, stderr } = await compare(...at("a.crossover", "none.crossover"));
    expect(code).toBe(3);
    expect(stderr).toMatch(/scenario B, .*none\.crossover: .*no such file/);
  });

  test("names the scenario with problems and lists all of them", async () => {
    write("bad.crossover", { rules: [{ id: "x", to: { pool: "nowhere" } }] });
    const { code, stdout } = await compare(...at("a.crossover", "bad.crossover"), "--json");
    const { error } = JSON.parse(stdout);
    expect(code).toBe(3);
    expect(error.message).toMatch(/^scenario B, .*bad\.crossover/);
    expect(error.problems[0].field).toMatch(/^rules\[0\]/);
  });

  test("names the scenario that fails while it runs", async () => {
    const [source] = base.traffic.sources;
    const arrivals = { process: "poisson", rateRps: 1e-6 } as const;
    const none = { ...source, arrivals, durationS: 1 } as typeof source;
    write("empty.crossover", { traffic: { ...base.traffic, sources: [none] } });
    const { code, stderr } = await compare(...at("a.crossover", "empty.crossover"));
    expect(code).toBe(3);
    expect(stderr).toMatch(/empty\.crossover: The traffic has no requests/);
  });
});
