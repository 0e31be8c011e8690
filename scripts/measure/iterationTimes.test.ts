import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { stepsCommand } from "../../electron/cli/commands/stepsCommand.ts";
import { callCommandLine } from "../../electron/cli/testCommandLine.ts";
import { requiredStepColumns } from "../../shared/planning/benchmark/predictSteps.ts";

const script = join(import.meta.dirname, "iterationTimes.py");
const folder = mkdtempSync(join(tmpdir(), "crossover-measure-"));
afterAll(() => rmSync(folder, { recursive: true }));

function python(args: readonly string[], path = "") {
  const run = spawnSync("python3", [script, ...args], {
    encoding: "utf8",
    env: { ...process.env, PYTHONPATH: path, PYTHONDONTWRITEBYTECODE: "1" },
    timeout: 120_000,
  });
  if (run.error) throw new Error(`python3 cannot be started: ${run.error.message}`);
  return run;
}

describe("the program that times iterations", () => {
  it("says what is missing and how to get it where PyTorch cannot be imported, and ends with 3", () => {
    writeFileSync(join(folder, "torch.py"), 'raise ImportError("No module named torch")\n');
    const { status, stderr, stdout } = python(["--device", "cpu", "--tiny"], folder);
    expect(status).toBe(3);
    expect(stderr).toMatch(/PyTorch cannot be imported \(No module named torch\)\. Install it/);
    expect(stderr).toMatch(/pip install torch==\d+\.\d+\.\d+/);
    expect(stdout).toBe("");
  }, 60_000);

  it("checks itself on tiny shapes and writes a row for each iteration, or says that PyTorch is missing", () => {
    const out = join(folder, "tiny.csv");
    const { status, stderr } = python([
      "--device",
      "cpu",
      "--tiny",
      "--repeats",
      "3",
      "--out",
      out,
    ]);
    if (status === 3) {
      expect(stderr).toContain("PyTorch cannot be imported");
      return;
    }
    expect(stderr).toContain("6 iterations timed, 0 not");
    expect(status).toBe(0);
    const [header, ...rows] = readFileSync(out, "utf8").trim().split("\n");
    for (const column of requiredStepColumns) expect(header.split(",")).toContain(column);
    expect(rows).toHaveLength(6);
    expect(rows[0]).toMatch(/^pytorch,[^,]+,tiny-selfcheck,fp32,1,,decode,0,1,8,/);
  }, 120_000);
});

describe("its rows in crossover steps", () => {
  const rows = [
    "backend,version,model,precision,tp,gpu,kind,prefill_tokens,decode_bs,ctx_len,latency_ms,gpu_name,driver,torch,measured_on",
    "pytorch,2.15.0,Llama-3.1-8B,bf16,1,H100_SXM,decode,0,8,1024,7,NVIDIA H100 80GB HBM3,580.1,2.15.0,2026-11-26",
    "pytorch,2.15.0,Llama-3.1-8B,bf16,1,H200,prefill,1024,0,1024,25,NVIDIA H200,580.1,2.15.0,2026-11-26",
  ];

  it("are compared with vLLM's kernel terms under a name of their own, on an H200 as extrapolated", async () => {
    const cases = join(folder, "measured.csv");
    writeFileSync(cases, `${rows.join("\n")}\n`);
    const { stdout } = await callCommandLine([stepsCommand], ["steps", "--cases", cases, "--json"]);
    const { rows: found } = JSON.parse(stdout);
    expect(found[0].group).toEqual(["decode", "pytorch", "llama-3.1-8b", "bf16"]);
    expect(found.map((each: { isExtrapolated: boolean }) => each.isExtrapolated)).toEqual([
      false,
      true,
    ]);
    expect(found[0].note).toBe("a program of plain PyTorch, set beside the kernel terms of vLLM");
    for (const { errorPct } of found) expect(Math.abs(errorPct)).toBeLessThan(50);
  });
});
