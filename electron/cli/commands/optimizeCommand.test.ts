import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { problem } from "../../../shared/planning/optimizer/testProblems.ts";
import { serialiseScenario } from "../../../shared/schema/scenarioFile.ts";
import { callCommandLine } from "../testCommandLine.ts";
import { optimizeCommand } from "./optimizeCommand.ts";
import { runCommand } from "./runCommand.ts";

const folder = mkdtempSync(join(tmpdir(), "optimize-"));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const chat = write("chat.crossover", serialiseScenario(problem({ rateRps: 10, requests: 800 })));
const small = [
  "--gpus",
  "h100-sxm",
  "--max-gpus",
  "2",
  "--backends",
  "vllm",
  "--precisions",
  "bf16",
];

function call(args: readonly string[], nowMs?: number) {
  return callCommandLine([optimizeCommand, runCommand], args, nowMs);
}

function optimize(...args: string[]) {
  return call(["optimize", chat, ...small, "--no-cache", ...args]);
}

describe("crossover optimize", { timeout: 120_000 }, () => {
  it("names the cheapest fleet, its alternatives, what binds them and how the space was searched", async () => {
    const { code, stdout } = await optimize();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\$[\d,.]+ a month: \d x h100-sxm/);
    expect(stdout).toContain("of a perfect system");
    expect(stdout).toMatch(/^# +candidate +month \(USD\)/m);
    expect(stdout).toContain("What binds them");
    expect(stdout).toMatch(/Searched 4 candidates of pool own/);
  });

  it("gives the same bytes as JSON for any number of workers, and writes the winner as a scenario that runs to the same cost", async () => {
    const out = join(folder, "best.crossover");
    const one = await optimize("--json", "--workers", "1", "--out", out);
    const two = await optimize("--json", "--workers", "2");
    expect(one.stdout).toBe(two.stdout);
    const { alternatives, isProven } = JSON.parse(one.stdout);
    expect(isProven).toBe(true);
    const run = await call(["run", out, "--json"]);
    expect(run.code).toBe(0);
    expect(JSON.parse(run.stdout).cost.monthUsd).toBe(alternatives[0].monthUsd);
    expect(JSON.parse(readFileSync(out, "utf8")).name).toBe(`problem: ${alternatives[0].text}`);
  });

  it("takes its space from a file, and options in place of its fields", async () => {
    const space = write(
      "space.json",
      JSON.stringify({
        ...{ format: "crossover-search-space", version: 1, gpus: ["h100-sxm"], maxGpus: 3 },
        ...{ backends: ["vllm"], precisions: ["bf16"], tensorParallel: [1], mig: true },
        routing: { maxWaiting: [1, null], poolShare: [0.5] },
        prices: [
          {
            ...{ gpu: "h100-sxm", usdPerGpuHour: 1.5 },
            provenance: [{ source: "mine", retrievedOn: "2026-11-26", basis: "list price" }],
          },
        ],
      }),
    );
    const args = ["optimize", chat, "--space", space, "--max-gpus", "1", "--no-cache", "--json"];
    const { space: searched } = JSON.parse((await call(args)).stdout);
    expect(searched).toMatchObject({ maxGpus: 1, mig: true, routings: 6, tensorParallel: [1] });
    expect(searched.gpus).toEqual([{ id: "h100-sxm", usdPerGpuHour: 1.5 }]);
  });

  it("ends with 3 and the closest candidate where no target can be met", async () => {
    const hard = write(
      "hard.crossover",
      serialiseScenario(problem({ ttftMs: 1, hasApi: false, requests: 800 })),
    );
    const { code, stdout, stderr } = await call([
      ...["optimize", hard, ...small, "--no-cache", "--out", join(folder, "none.crossover")],
    ]);
    expect(code).toBe(3);
    expect(stdout).toContain("No candidate meets the targets. The closest");
    expect(stdout).toContain("- A target of");
    expect(stderr).toContain("nothing was written");
  });

  it.each([
    [["--gpus", "h100-sxn"], 'There is no GPU "h100-sxn"', 3],
    [["--precisions", "fp9"], "Nearest: fp8", 3],
    [["--backends", "vlm"], "Nearest: vllm", 3],
    [["--gpus", "h100-sxm,,h200-sxm"], "names with commas", 2],
    [["--tp", "0"], "--tp wants a whole number", 2],
    [["--max-gpus", "none"], "--max-gpus wants a whole number", 2],
    [["--min-gpus", "3", "--max-gpus", "2"], "no number of GPUs", 3],
    [["--out", chat], "the file that is read", 3],
    [["--gpu", "h100-sxm"], "did you mean --gpus", 2],
  ])("refuses %s", async (args, message, exitCode) => {
    const { code, stderr } = await call(["optimize", chat, "--no-cache", ...args]);
    expect(code).toBe(exitCode);
    expect(stderr).toContain(message);
  });

  it("has help for every option", async () => {
    const { stdout } = await call(["optimize", "--help"]);
    for (const option of ["--space", "--gpus", "--mig", "--routing", "--schedules", "--licences"]) {
      expect(stdout).toContain(option);
    }
  });
});
