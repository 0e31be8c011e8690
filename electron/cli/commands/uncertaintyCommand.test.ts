import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { testScenario } from "../../../shared/planning/breakEven/testScenario.ts";
import { runScenario } from "../../../shared/planning/scenarioRun.ts";
import type { UncertaintyResult } from "../../../shared/planning/uncertainty/uncertaintyResult.ts";
import { serialiseScenario } from "../../../shared/schema/scenarioFile.ts";
import { callCommandLine } from "../testCommandLine.ts";
import { uncertaintyCommand } from "./uncertaintyCommand.ts";

const root = mkdtempSync(join(tmpdir(), "crossover-uncertainty-"));
afterAll(() => rmSync(root, { recursive: true }));
const at = (name: string) => join(root, name);
const put = (name: string, text: string) => {
  writeFileSync(at(name), text);
  return at(name);
};
const call = (...args: string[]) => callCommandLine([uncertaintyCommand], ["uncertainty", ...args]);
const scenario = testScenario();
const file = put("a.crossover", serialiseScenario(scenario));
const cache = ["--cache", at("cache"), "--workers", "2"];
const hourly = "pools.own.price.usdPerGpuHour";

async function resultOf(...args: string[]): Promise<UncertaintyResult> {
  const { code, stdout, stderr } = await call(...args, ...cache, "--json");
  expect([code, stderr.includes("error")]).toEqual([0, false]);
  return JSON.parse(stdout);
}

/** What a month on the API costs by itself. */
const apiUsd = runScenario({
  scenario: { ...scenario, pools: [], rules: [{ ...scenario.rules[1], guards: {} }] },
  traces: new Map(),
}).cost.monthUsd;
const given = ["--options", "api,own", "--fleet", "given"];
const samples = ["--samples", "40"];

describe("crossover uncertainty", { timeout: 60_000 }, () => {
  test("finds the price at which own GPUs cost what the API costs, and how often they win", async () => {
    const flip = apiUsd / 730;
    const range = `${hourly}=uniform(0,${4 * flip})`;
    const result = await resultOf(file, ...given, ...samples, "--uncertain", range);
    const [row] = result.tornado;
    expect(row).toMatchObject({ input: hourly, method: "priced", flipsInRange: true });
    expect(row.flips).toHaveLength(1);
    expect(row.flips[0].value / flip).toBeCloseTo(1, 9);
    const own = result.options.find(({ id }) => id === "own");
    // One value in each of 40 equal parts of the range, a quarter of which lies below the flip.
    expect(own?.wins).toBe(10);
    expect(own?.probability).toBe(0.25);
    expect(row.points[0].differenceUsd).toBeCloseTo(-apiUsd, 6);
    expect(row.swingUsd).toBeCloseTo(4 * apiUsd, 6);
  });

  test("says that a verdict does not flip, and sorts inputs by swing", async () => {
    const ranges = [`${hourly}=uniform(2,2.1)`, "providers.api.price.inputUsdPerMTok=uniform(1,9)"];
    const args = ranges.flatMap((each) => ["--uncertain", each]);
    const result = await resultOf(file, ...given, ...samples, ...args);
    expect(result.tornado.map(({ input }) => input)).toEqual([
      "providers.api.price.inputUsdPerMTok",
      hourly,
    ]);
    expect(result.tornado.map(({ flipsInRange }) => flipsInRange)).toEqual([false, false]);
    const text = await call(file, ...given, ...samples, ...args, ...cache);
    expect(text.stdout).toMatch(/usdPerGpuHour +USD\/GPU-hour .* not from 2 to 2\.1/);
    expect(text.stdout).toMatch(
      /is cheapest in 100 % of 40 samples \(95 % interval 91\.\d % to 100 %\)/,
    );
  });

  test("counts options that cost the same as level, and says so instead of hiding them", async () => {
    const rules = [{ id: "own-first", to: { pool: "own" } }, scenario.rules[1]];
    const same = put("same.crossover", serialiseScenario({ ...scenario, rules } as never));
    const range = ["--uncertain", `${hourly}=uniform(0.1,0.2)`];
    const args = [
      same,
      "--options",
      "api,own,hybrid",
      "--fleet",
      "given",
      "--samples",
      "4",
      ...range,
    ];
    const { options } = await resultOf(...args);
    expect(options.map(({ wins, ties }) => [wins, ties])).toEqual([
      [0, 0],
      [0, 4],
      [0, 4],
    ]);
    const text = await call(...args, ...cache);
    expect(text.stdout).toMatch(/is cheapest in 100 % of 4 samples, in 100 % level with\s+another/);
  });

  test("simulates what prices alone do not tell, and chooses GPUs for every sample", async () => {
    const volume = ["--uncertain", "traffic.volume=uniform(0.05,6)"];
    const result = await resultOf(file, "--options", "api,own", "--samples", "8", ...volume);
    const [row] = result.tornado;
    expect(row.method).toBe("simulated");
    const own = result.options.find(({ id }) => id === "own");
    expect(own?.fewestGpus).toBe(1);
    expect(own?.mostGpus).toBeGreaterThan(1);
    // One GPU is enough at the flip: its month over the cost of a month's requests.
    expect(row.flips[0].value).toBeCloseTo((2 * 730) / apiUsd, 1);
  });

  test("leaves the other inputs as the scenario has them, those with several places too", async () => {
    const both = "providers.api.price.inputUsdPerMTok;providers.api.price.outputUsdPerMTok=1..3";
    const result = await resultOf(file, ...given, ...samples, "--uncertain", both);
    expect(result.inputs[0].base).toBeNull();
    expect(result.difference.baseUsd).toBeCloseTo(2 * 730 - apiUsd, 6);
    const [low] = result.tornado[0].points;
    // 300 in and 100 out at $2 and $8 cost as much as 400 at $3.50.
    expect(low.differenceUsd).toBeCloseTo(2 * 730 - apiUsd / 3.5, 6);
  });

  test("takes scenario files as options; equal ones tie", async () => {
    const same = put("b.crossover", serialiseScenario({ ...scenario, name: "b" }));
    const range = ["--uncertain", `${hourly}=uniform(1,3)`];
    const result = await resultOf(file, "--options", same, ...samples, ...range);
    expect(result.options.map(({ wins, ties }) => [wins, ties])).toEqual([
      [0, 40],
      [0, 40],
    ]);
    expect(result.difference.baseUsd).toBe(0);
    expect(result.tornado[0].points.every(({ differenceUsd }) => differenceUsd === 0)).toBe(true);
  });

  test("reads uncertain inputs of a study file, and writes samples as CSV", async () => {
    const study = {
      format: "crossover-study",
      version: 1,
      name: "prices",
      scenario: "a.crossover",
      uncertain: [
        { name: "GPU hour", path: hourly, distribution: { kind: "discrete", values: [1, 2] } },
      ],
    };
    const path = put("study.json", JSON.stringify(study));
    const result = await resultOf(path, ...given, "--samples", "10", "--csv", at("s.csv"));
    expect(result.inputs[0]).toMatchObject({ name: "GPU hour", distribution: "discrete(1, 2)" });
    const rows = readFileSync(at("s.csv"), "utf8").trim().split("\r\n");
    expect(rows[0]).toBe(
      "sample,GPU hour,api:api.monthUsd,api:api.gpus,own.monthUsd,own.gpus,winner",
    );
    const values = rows.slice(1).map((row) => row.split(",")[1]);
    expect(values.filter((value) => value === "1")).toHaveLength(5);
  });

  test("gives the same bytes for any number of workers, cached or not", async () => {
    const range = ["--uncertain", `${hourly}=1..3`, "--uncertain", "traffic.volume=0.5..2"];
    const args = [file, "--samples", "6", ...range, "--json"];
    const outputs = [];
    for (const workers of ["1", "2", "3"]) {
      outputs.push((await call(...args, "--no-cache", "--workers", workers)).stdout);
    }
    outputs.push((await call(...args, ...cache)).stdout, (await call(...args, ...cache)).stdout);
    expect(new Set(outputs).size).toBe(1);
  });

  test.each([
    [[], 3, /No input is uncertain.*usdPerGpuHour=triangular/],
    [["--uncertain", "pools.own.price.usdPerGpuHours=1..2"], 3, /not an input.*usdPerGpuHour/],
    [["--uncertain", `${hourly}=gamma(1,2)`], 3, /no distribution. Wanted uniform/],
    [["--uncertain", `${hourly}=normal(1,2)`], 3, /usdPerGpuHour: found -.*at least 0/],
    [["--uncertain", `${hourly}=1..2`, "--uncertain", `${hourly}=1..2`], 3, /uncertain twice/],
    [["--uncertain", `${hourly}=1..2`, "--options", "owned,api"], 3, /no strategy "owned"/],
    [["--uncertain", `${hourly}=1..2`, "--options", "own"], 3, /not two options/],
    [["--uncertain", `${hourly}=1..2`, "--difference", "own"], 2, /--difference is "own"/],
    [["--uncertain", `${hourly}=1..2`, "--difference", "own,x"], 3, /wanted two of the options/],
    [["--uncertain", `${hourly}=1..2`, "--samples", "1"], 2, /--samples wants/],
    [["--uncertain", `${hourly}=1..2`, "--fleet", "any"], 2, /--fleet is "any"/],
  ])("refuses %j", async (args, code, message) => {
    const result = await call(file, ...args, ...cache);
    expect([result.code, result.stdout]).toEqual([code, ""]);
    expect(result.stderr).toMatch(message);
  });
});
