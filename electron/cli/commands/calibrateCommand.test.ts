import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callCommandLine } from "../testCommandLine.ts";
import { calibrateCommand } from "./calibrateCommand.ts";

const fixtures = fileURLToPath(
  new URL("../../../shared/importers/benchmarks/fixtures", import.meta.url),
);
const vllm = join(fixtures, "vllm.json");
const one = ["--model", "llama-3.1-8b", "--gpu", "H100_SXM"];

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "crossover-calibrate-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...args: string[]) =>
  callCommandLine([calibrateCommand], ["calibrate", ...args], Date.UTC(2026, 5, 1));

function put(name: string, content: string | object): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

const pool = {
  id: "own",
  gpu: "h100-sxm",
  model: "llama-3.1-8b",
  backend: "vllm",
  replicas: 1,
  notes: "kept as it is",
};

function putScenario(name: string, pools: readonly object[] = [pool]): string {
  return put(name, {
    format: "crossover-scenario",
    version: 1,
    name: "s",
    traffic: {
      sources: [
        { id: "t", kind: "trace", rows: { arrivalS: [0], promptTokens: [1], outputTokens: [1] } },
      ],
      classes: [{ id: "all" }],
    },
    pools,
    rules: [{ id: "r", to: { pool: "own" } }],
  });
}

describe("crossover calibrate", () => {
  test("shows predicted against measured before and after, the terms, and why these", async () => {
    const { code, stdout } = await run(vllm, ...one);
    expect(code).toBe(0);
    expect(stdout).toMatch(/point 1: 1,024 in, 128 out, 4.00 requests\/s, 480 requests; vllm/);
    expect(stdout).toMatch(/TPOT ms +1 +11.5 .* (\+0.0|-0.0)\n/);
    expect(stdout).toMatch(/gpuScale|oIterUs/);
    expect(stdout).toContain("a single load tells");
    expect(stdout).toMatch(/Median error over 1 point: TPOT .* before, 0.0 % after/);
  });

  test("reads the results of every tool together, and says which loads are estimated", async () => {
    const files = readdirSync(fixtures)
      .filter((name) => /\.jsonl?$/.test(name))
      .map((name) => join(fixtures, name));
    const { code, stdout } = await run(...files, ...one, "--json");
    expect(code).toBe(0);
    const { calibration, leftOut } = JSON.parse(stdout);
    expect(calibration.points).toHaveLength(7);
    expect(calibration.provenance).toHaveLength(7);
    expect(leftOut).toEqual([]);
    expect(calibration.error.after.tpotPct).toBeLessThan(calibration.error.before.tpotPct);
  });

  test("writes a named calibration, the same bytes each time, that is put into a scenario later", async () => {
    const out = join(folder, "ours.json");
    await run(vllm, ...one, "--name", "ours", "--out", out);
    const first = readFileSync(out, "utf8");
    await run(vllm, ...one, "--name", "ours", "--out", out);
    expect(readFileSync(out, "utf8")).toBe(first);
    const calibration = JSON.parse(first);
    expect(calibration).toMatchObject({ format: "crossover-calibration", name: "ours" });
    expect(calibration.provenance[0]).toEqual({
      source: "vllm bench serve vllm.json",
      retrievedOn: "2026-06-01",
      basis: "measured",
    });
    const scenario = putScenario("later.crossover", [pool, { ...pool, id: "b", precision: "fp8" }]);
    const { code, stderr } = await run("--calibration", out, "--apply", scenario);
    expect(code).toBe(0);
    expect(stderr).toContain("calibrated own");
    expect(stderr).toContain("not calibrated, pool b: precision fp8, not bf16");
    const [own] = JSON.parse(readFileSync(scenario, "utf8")).pools;
    expect(own.executionTime.host).toEqual(calibration.host);
    expect(own.notes).toBe("kept as it is");
    const again = readFileSync(scenario, "utf8");
    await run("--calibration", out, "--apply", scenario);
    expect(readFileSync(scenario, "utf8")).toBe(again);
  });

  test("calibrates and applies in one go", async () => {
    const scenario = putScenario("now.crossover");
    const { code, stdout } = await run(vllm, ...one, "--apply", scenario, "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout).applied).toMatchObject({ pools: ["own"] });
  });

  test("reports rows that are no points one by one and goes on", async () => {
    const good = readFileSync(join(fixtures, "sglang.jsonl"), "utf8").trim();
    const bad = good.replace('"mean_tpot_ms": 11.5', '"mean_tpot_ms": null');
    const file = put("mixed.jsonl", [good, bad, "{oops}"].join("\n"));
    const { code, stderr } = await run(file, ...one);
    expect(code).toBe(4);
    expect(stderr).toMatch(/left out, mixed.jsonl, line 2: mean_tpot_ms: found nothing/);
    expect(stderr).toMatch(/left out, mixed.jsonl, line 3: .*not valid JSON/);
  });

  test("leaves out points of another model, and those that do not fit in memory", async () => {
    const other = await run(vllm, "--model", "llama-3.1-70b", "--gpu", "h100-sxm", "--tp", "4");
    expect(other.code).toBe(3);
    expect(other.stderr).toMatch(/found meta-llama.*wanted llama-3.1-70b/);
    const file = join(fixtures, "genaiPerf.json");
    const large = await run(file, "--model", "llama-3.1-70b", "--gpu", "h100-sxm");
    expect(large.code).toBe(3);
    expect(large.stderr).toContain("does not fit in memory");
  });

  test.each([
    [[], 2, "at least one result file"],
    [[vllm, "--gpu", "h100-sxm"], 2, "needs --model"],
    [[vllm, "--model", "lama-3.1-8b", "--gpu", "h100-sxm"], 3, "Nearest: llama-3.1-8b"],
    [[vllm, "--model", "llama-3.1-8b", "--gpu", "h100-sxn"], 3, "Nearest: .*h100-sxm"],
    [[vllm, ...one, "--tp", "x"], 2, '--tp is "x"'],
    [[vllm, ...one, "--rate", "fast"], 2, '--rate is "fast"'],
    [[vllm, ...one, "--out", vllm], 2, "--out names a file that is read"],
    [["nowhere.json", ...one], 3, "no such file"],
    [["--calibration", vllm, "--apply", "x"], 3, "not a calibration"],
    [["--calibration", vllm, vllm], 2, "takes no FILE"],
    [["--calibration", vllm, "--tp", "2"], 2, "--tp does not go with --calibration"],
  ])("with %j ends with %i and says why", async (args, code, message) => {
    const result = await run(...args);
    expect(result.code).toBe(code);
    expect(result.stderr).toMatch(new RegExp(message));
  });

  test("changes nothing when no pool of the scenario matches", async () => {
    const scenario = putScenario("other.crossover", [{ ...pool, tensorParallel: 2 }]);
    const before = readFileSync(scenario, "utf8");
    const out = join(folder, "unused.json");
    const { code, stderr } = await run(vllm, ...one, "--apply", scenario, "--out", out);
    expect(code).toBe(3);
    expect(stderr).toContain("own: tensor parallel 2, not 1");
    expect(readFileSync(scenario, "utf8")).toBe(before);
  });
});
