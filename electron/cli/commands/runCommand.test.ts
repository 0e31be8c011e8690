import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callCommandLine } from "../testCommandLine.ts";
import { fillCommand } from "./fillCommand.ts";
import { runCommand } from "./runCommand.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "crossover-run-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const crossover = (...args: string[]) => callCommandLine([runCommand, fillCommand], args);
const run = (...args: string[]) => crossover("run", ...args);

const trace = "arrival_s,prompt_tokens,output_tokens\n0,100,10\n1,200,20\n2,300,1\n";
const provenance = [{ source: "test", retrievedOn: "2026-11-24", basis: "list price" }];

/** A scenario in `folder/name` whose traffic is the trace `file` and goes to a provider. */
function scenario(name: string, file: string): string {
  const path = join(folder, name);
  const provider = { id: "api", name: "API", model: "gpt", tokenizerFactor: 1 };
  const content = {
    ...{ format: "crossover-scenario", version: 1, name: "trace to an API" },
    traffic: { sources: [{ id: "conv", kind: "trace", file }], classes: [{ id: "all" }] },
    providers: [{ ...provider, price: { inputUsdPerMTok: 2, outputUsdPerMTok: 8, provenance } }],
    rules: [{ id: "all", to: { provider: "api" } }],
  };
  writeFileSync(path, JSON.stringify(content));
  return path;
}

describe("crossover run", () => {
  test("a missing trace is named with its source and where it was looked for", async () => {
    const { code, stdout } = await run(scenario("missing.crossover", "none.csv"), "--json");
    const { error } = JSON.parse(stdout);
    expect([code, error.field]).toEqual([3, "traffic.sources.conv.file"]);
    expect(error.message).toMatch(/source "conv".*beside the scenario file.*there is no such file/);
  });

  test("a trace must really lie in the scenario's folder, also behind a symbolic link", async () => {
    mkdirSync(join(folder, "inner", "deeper"), { recursive: true });
    writeFileSync(join(folder, "trace.csv"), trace);
    symlinkSync(join(folder, "trace.csv"), join(folder, "inner", "link.csv"));
    symlinkSync(folder, join(folder, "inner", "up"));
    copyFileSync(join(folder, "trace.csv"), join(folder, "inner", "deeper", "trace.csv"));
    symlinkSync(join(folder, "inner", "deeper", "trace.csv"), join(folder, "inner", "own.csv"));
    for (const file of ["link.csv", "up/trace.csv", "../trace.csv"]) {
      const { code, stderr } = await run(scenario("inner/out.crossover", file));
      expect([code, stderr]).toEqual([3, expect.stringContaining("outside the scenario's folder")]);
    }
    for (const file of ["own.csv", "deeper/trace.csv"]) {
      expect((await run(scenario("inner/in.crossover", file))).stderr).toBe("");
    }
  });

  test("--requests writes a row for each request, and its figures are those of the report", async () => {
    writeFileSync(join(folder, "three.csv"), trace);
    const out = join(folder, "requests.csv");
    const path = scenario("three.crossover", "three.csv");
    const { code, stdout } = await run(path, "--requests", out, "--json");
    expect(code).toBe(0);
    const [header, ...lines] = readFileSync(out, "utf8").trimEnd().split("\n");
    expect(header).toBe(
      "index,arrival_s,class,destination,state,spilled,queue_ms,ttft_ms,tpot_ms,e2e_ms,prompt_tokens,cached_tokens,output_tokens",
    );
    const rows = lines.map((line) => line.split(","));
    expect(rows.map((row) => [...row.slice(0, 7), ...row.slice(10)])).toEqual([
      ["0", "0", "all", "api", "finished", "false", "0", "100", "0", "10"],
      ["1", "1", "all", "api", "finished", "false", "0", "200", "0", "20"],
      ["2", "2", "all", "api", "finished", "false", "0", "300", "0", "1"],
    ]);
    const mean = (at: number) => {
      const values = rows.map((row) => row[at]!).filter((cell) => cell !== "");
      return values.reduce((sum, cell) => sum + Number(cell), 0) / values.length;
    };
    const { latency, requests } = JSON.parse(stdout);
    expect(requests.finished).toBe(3);
    expect(mean(7)).toBeCloseTo(latency.all.ttftMs.mean, 5);
    expect(mean(8)).toBeCloseTo(latency.all.tpotMs.mean, 5);
    expect(mean(9)).toBeCloseTo(latency.all.e2eMs.mean, 5);
    expect(rows[2]![8]).toBe("");
  });

  test("--requests replaces no file that the run reads, and leaves nothing when the run fails", async () => {
    writeFileSync(join(folder, "kept.csv"), trace);
    const path = scenario("kept.crossover", "kept.csv");
    for (const target of [path, join(folder, "kept.csv")]) {
      const { code, stderr } = await run(path, "--requests", target);
      expect([code, stderr]).toEqual([2, expect.stringContaining("--requests names the file")]);
    }
    expect(readFileSync(join(folder, "kept.csv"), "utf8")).toBe(trace);
    const out = join(folder, "none-written.csv");
    const missing = scenario("fails.crossover", "none.csv");
    expect((await run(missing, "--requests", out)).code).toBe(3);
    expect(existsSync(out)).toBe(false);
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("the scenario that the README shows can be filled and run as it stands there", async () => {
    const readme = readFileSync(join(import.meta.dirname, "../../../README.md"), "utf8");
    const [, text] = /```json\n(.*?)```/s.exec(readme)!;
    const path = join(folder, "mine.crossover");
    writeFileSync(path, text!);
    expect((await run(path)).code).toBe(3);
    expect((await crossover("fill", path)).stdout).toContain("gpus h100-sxm, models llama-3.1-8b");
    const { code, stdout, stderr } = await run(path, "--json");
    expect([code, stderr]).toEqual([0, ""]);
    const { requests } = JSON.parse(stdout);
    expect(requests.finished).toBe(requests.arrived);
  });
});
