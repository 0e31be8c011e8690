import { spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { hybridInput } from "../../../shared/planning/fixtures/hybridScenario.ts";
import { callCommandLine } from "../testCommandLine.ts";
import { studyCommand } from "./studyCommand.ts";

const root = mkdtempSync(join(tmpdir(), "crossover-study-"));
afterAll(() => rmSync(root, { recursive: true }));
const at = (name: string) => join(root, name);
const call = (...args: string[]) => callCommandLine([studyCommand], ["study", ...args]);
const kept = (folder: string) => {
  const results = at(`${folder}/results`);
  if (!existsSync(results)) return [];
  return readdirSync(results).flatMap((each) => readdirSync(join(results, each)));
};
const read = (name: string) => readFileSync(at(name), "utf8");

writeFileSync(at("hybrid.crossover"), JSON.stringify(hybridInput()));
const axis = ["--axis", "pools.own.replicas=1,2,3"];
const cache = ["--cache", at("cache")];
const scenario = at("hybrid.crossover");

describe("crossover study", { timeout: 60_000 }, () => {
  test("shows every point with mean and interval, and gives the same as JSON and CSV", async () => {
    const files = ["--csv", at("a.csv"), "--out", at("a.json")];
    const text = await call(scenario, ...axis, "--replications", "2", ...cache, ...files);
    expect(text.code).toBe(0);
    expect(text.stdout).toMatch(/3 points \(grid\), 2 runs each/);
    expect(text.stdout).toMatch(/^ +2 +2 +\$[\d,.]+ ±\$/m);
    const json = await call(scenario, ...axis, "--replications", "2", ...cache, "--json");
    expect(json.stdout).toBe(read("a.json"));
    const { pointResults } = JSON.parse(json.stdout);
    const rows = read("a.csv").split("\r\n");
    expect(rows[0]).toMatch(
      /^point,pools.own.replicas,runs,monthUsd,monthUsd.low95,monthUsd.high95/,
    );
    expect(rows[2].split(",").slice(0, 4)).toEqual([
      "2",
      "2",
      "2",
      String(pointResults[1].figures.monthUsd.mean),
    ]);
  });

  test("gives the bytes of one run out of shards, for any number of workers", async () => {
    const one = await call(scenario, ...axis, "--no-cache", "--workers", "1", "--json");
    for (const count of [1, 2, 5]) {
      const files = Array.from({ length: count }, (_, i) => at(`${count}-${i}.json`));
      for (const [i, file] of files.entries()) {
        const workers = String((i % 3) + 1);
        const part = ["--shard", `${i + 1}/${count}`, "--out", file, "--workers", workers];
        expect((await call(scenario, ...axis, "--no-cache", ...part)).code).toBe(0);
      }
      const merged = await call("merge", ...files, "--json");
      expect(merged.stdout).toBe(one.stdout);
    }
  });

  test("runs only new points again", async () => {
    const folder = ["--cache", at("stale")];
    const first = await call(scenario, ...axis, ...folder, "--json");
    expect(kept("stale")).toHaveLength(3);
    const second = await call(scenario, "--axis", "pools.own.replicas=2,3,4", ...folder, "--json");
    const [a, b] = [JSON.parse(first.stdout), JSON.parse(second.stdout)];
    expect(b.pointResults[0].figures).toEqual(a.pointResults[1].figures);
    expect(kept("stale")).toHaveLength(4);
    const results = await call(scenario, ...axis, ...folder, "--json");
    expect(results.stdout).toBe(first.stdout);
  });

  test("reads a study file with its scenario beside it, and takes more from the command line", async () => {
    const study = {
      format: "crossover-study",
      version: 1,
      name: "prices",
      scenario: "hybrid.crossover",
      axes: [{ inputs: [{ path: "pools.own.price.usdPerGpuHour", values: [2, 4] }] }],
      outputs: ["gpuUsedUsd", "gpuIdleUsd"],
      extra: 1,
    };
    writeFileSync(at("prices.json"), JSON.stringify(study));
    const { code, stdout } = await call(at("prices.json"), ...cache, "--json");
    const result = JSON.parse(stdout);
    expect([code, result.name, result.outputs]).toEqual([0, "prices", study.outputs]);
    expect(result.warnings.join()).toContain("unknown field extra");
    const [cheap, dear] = result.pointResults.map(
      (point: { figures: Record<string, { mean: number }> }) =>
        point.figures.gpuUsedUsd.mean + point.figures.gpuIdleUsd.mean,
    );
    expect(dear).toBeCloseTo(2 * cheap, 6);
    const design = ["--design", "lhs", "--points", "2", "--axis", "pools.own.replicas=1..2"];
    const lhs = await call(at("prices.json"), ...design, ...cache, "--json");
    expect(JSON.parse(lhs.stdout)).toMatchObject({ design: "latinHypercube", points: 2 });
  });

  test.each([
    [["--axis", "pools.own.replica=1"], 3, /not an input.*pools\.own\.replicas/],
    [["--axis", "pools.own.replicas=5..1:1"], 3, /range from 5 to 1 is empty/],
    [["--axis", "pools.own.replicas=0"], 3, /found 0, wanted a number of at least 1/],
    [["--axis", "seed=1..20000:1"], 3, /20,000 runs.*--shard 1\/2/],
    [["--outputs", "costs"], 3, /"costs" is no figure/],
    [["--design", "cube"], 2, /--design is "cube"/],
    [["--points", "3"], 2, /--points goes with --design lhs/],
    [["--shard", "1/2"], 2, /--shard needs --out/],
    [["--shard", "3/2", "--out", "x"], 3, /--shard is "3\/2"/],
    [["--cache", "x", "--no-cache"], 2, /both given/],
    [["--workers", "0"], 2, /--workers wants a whole number/],
    [["--csv", "/no/such/folder/x.csv"], 3, /cannot be written, its folder does not exist/],
    [["--out", scenario], 2, /--out names the file that is read/],
    [["--export", "nomad"], 2, /--export is "nomad"/],
  ])("refuses %j before anything runs", async (args, code, message) => {
    const result = await call(scenario, ...args);
    expect([result.code, result.stdout]).toEqual([code, ""]);
    expect(result.stderr).toMatch(message);
  });

  test("tells which points could not be run, and gives the others", async () => {
    const late = { ...hybridInput(), rules: [{ id: "own", to: { pool: "own" } }] };
    const { sources, classes } = late.traffic;
    const traffic = {
      classes: classes.map((each) => ({ ...each, abandonAfterS: undefined })),
      sources: sources.map((each) => ({ ...each, durationS: 600 })),
    };
    const pools = (late.pools ?? []).map((pool) => ({
      ...pool,
      executionTime: { kind: "linear", iterationUs: 1 },
    }));
    writeFileSync(at("late.crossover"), JSON.stringify({ ...late, traffic, pools }));
    const slow = ["--axis", "pools.own.executionTime.iterationUs=1,1e9"];
    const { code, stdout, stderr } = await call(at("late.crossover"), ...slow, ...cache, "--json");
    const { pointResults } = JSON.parse(stdout);
    expect(code).toBe(3);
    expect(stderr).toMatch(/1 of 2 points could not be run/);
    expect(pointResults[0].figures.monthUsd.mean).toBeGreaterThan(0);
    expect(pointResults[1].problem).toMatch(/104 days/);
  });

  test("exports a folder for a cluster, whose study a pod can run", async () => {
    const args = ["--export", "kubernetes", "--shards", "2", "--image", "me/crossover:2"];
    const { code, stdout } = await call(scenario, ...axis, ...args, "--out", at("k8s"));
    expect([code, stdout]).toEqual([0, expect.stringContaining("3 runs in 2 shards")]);
    expect(read("k8s/job.yaml")).toContain("me/crossover:2");
    const own = await call(at("k8s/study.json"), ...cache, "--json");
    const plain = await call(scenario, ...axis, ...cache, "--json");
    expect(JSON.parse(own.stdout).pointResults).toEqual(JSON.parse(plain.stdout).pointResults);
  });

  test("exports traces as pods find them, behind links as in a mounted ConfigMap", async () => {
    const rows = Array.from({ length: 50 }, (_, i) => `${i},${100 + i},20\r\n`).join("");
    writeFileSync(at("t.csv"), `arrival_s,prompt_tokens,output_tokens\r\n${rows}`);
    const traffic = {
      ...hybridInput().traffic,
      sources: [{ id: "chat", kind: "trace", file: "t.csv" }],
    };
    writeFileSync(at("traced.crossover"), JSON.stringify({ ...hybridInput(), traffic }));
    const traced = at("traced.crossover");
    await call(traced, ...axis, "--export", "kubernetes", "--out", at("pods/..data"));
    cpSync(at("pods/..data"), at("pods/..real"), { recursive: true });
    rmSync(at("pods/..data"), { recursive: true });
    symlinkSync("..real", at("pods/..data"));
    for (const name of ["study.json", "chat-t.csv.gz"]) {
      symlinkSync(`..data/${name}`, at(`pods/${name}`));
    }
    const pod = await call(at("pods/study.json"), ...cache, "--json");
    const plain = await call(traced, ...axis, ...cache, "--json");
    expect(pod.code).toBe(0);
    expect(JSON.parse(pod.stdout).pointResults).toEqual(JSON.parse(plain.stdout).pointResults);
  });
});

test("Ctrl+C ends a study within a second, prints what came, and keeps it", {
  timeout: 60_000,
}, async () => {
  const main = join(import.meta.dirname, "../main.ts");
  const long = [scenario, "--axis", "seed=1..3000:1", "--cache", at("stopped"), "--json"];
  const child = spawn(process.execPath, [main, "study", ...long, "--workers", "2"]);
  let stdout = "";
  child.stdout.on("data", (data) => {
    stdout += data;
  });
  while (kept("stopped").length < 2) await new Promise((resolve) => setTimeout(resolve, 50));
  const startMs = Date.now();
  child.kill("SIGINT");
  const code = await new Promise((resolve) => child.on("close", resolve));
  expect(code).toBe(130);
  expect(Date.now() - startMs).toBeLessThan(2000);
  const { partial } = JSON.parse(stdout);
  expect(partial.of).toBe(3000);
  expect(partial.runs).toBeGreaterThan(0);
  expect(partial.runs).toBeLessThan(3000);
});
