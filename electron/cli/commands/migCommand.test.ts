import { describe, expect, it } from "vitest";
import { InputError } from "../../../shared/units/errors.ts";
import { type CommandIo, UsageError } from "../command.ts";
import { migCommand } from "./migCommand.ts";

async function mig(values: Record<string, string | boolean>) {
  let out = "";
  const io: CommandIo = {
    stdout: (text) => {
      out += text;
    },
    stderr: () => undefined,
    isTerminal: false,
    now: () => 1_764_000_000_000,
  };
  const gpu = "h100-sxm";
  const exitCode = await migCommand.run(io, { positionals: [], values: { gpu, ...values } });
  return { exitCode, out };
}

describe("crossover mig", () => {
  it("lists the maximal layouts of a GPU with the counts of all", async () => {
    const { exitCode, out } = await mig({});
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^3g\.40gb \+ 4g\.40gb +2 +8 +124 +0$/m);
    expect(out).toContain("37 of the base profiles (12 maximal, 19 by position)");
    expect(out).toContain("77 with the 1g of double memory (28 maximal), 127");
    expect(out).toContain("no term for interference is claimed");
    const { counts, maximal } = JSON.parse((await mig({ json: true })).out);
    expect([counts.plain, maximal.length]).toEqual([77, 28]);
  });

  it("draws a legal layout on the memory slices", async () => {
    const { exitCode, out } = await mig({ layout: "4g.40gb, 1g.10gb+me" });
    expect(exitCode).toBe(0);
    expect(out).toContain(`|4g.40gb${"=".repeat(36)}|1g.10gb+me|..........|`);
    expect(out).toContain("5 of 8 memory slices and 80 of 132 SMs");
  });

  it("says why a layout is not legal, and ends with 3", async () => {
    const { exitCode, out } = await mig({ layout: "4g.40gb,4g.40gb" });
    expect(exitCode).toBe(3);
    expect(out).toContain("Not legal: 2 x 4g.40gb on one h100-sxm: at most 1");
  });

  it("ranks the layouts that hold a set of models", async () => {
    const models = "llama-3.1-8b:fp8,qwen2.5-7b:bf16:fp8:8192";
    const { exitCode, out } = await mig({ models });
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^ +1 +3g\.40gb \+ 4g\.40gb +3g\.40gb: 205,529 +4g\.40gb: 725,070 +0 +8 /m);
    const json = JSON.parse((await mig({ models, json: true })).out);
    expect(json.models[1]).toMatchObject({ kvPrecision: "fp8", minContextTokens: 8192 });
    expect(json.solutions[0]).toMatchObject({ memorySlicesUnused: 0, tightestKvTokens: 205_529 });
  });

  it("holds models to one layout where it is given", async () => {
    const { out } = await mig({ models: "llama-3.1-8b:fp8", layout: "2g.20gb,3g.40gb" });
    expect(out).toContain("1 layout of one h100-sxm");
    expect(out).toContain("on 3g.40gb at slice 0");
  });

  it("shows the arithmetic of the tightest model when no layout holds them, and ends with 3", async () => {
    const { exitCode, out } = await mig({ models: "llama-3.1-70b:fp8,qwen2.5-7b:bf16" });
    expect(exitCode).toBe(3);
    expect(out).toContain("8 + 2 = 10 memory slices, and a GPU has 8");
    expect(out).toContain("68,451,041,280 x 1 B + 2 x 1,050,673,152 x 2 B");
  });

  it("adds drain and change of the layout, as estimated", async () => {
    const { out } = await mig({ layout: "7g.80gb", drain: "800:20:30" });
    expect(out).toContain("out of service for about 46.0 s (drain 16.0 s, change 30.0 s)");
    expect(out).toContain("30 s, estimated (--drain, 2025-11-24)");
  });

  it.each([
    ["models", "llama-3.1-8b"],
    ["models", "llama-3.1-8b:int3"],
    ["models", "llama-3.1-8b:fp8:fp8:8192:1"],
    ["models", "llama-3.1-8b:fp8:0"],
    ["layout", "3g.40gb,,3g.40gb"],
    ["backend", "vllm"],
    ["drain", "800:20"],
  ])("refuses --%s %s as a command line", async (name, value) => {
    await expect(mig({ [name]: value })).rejects.toThrow(UsageError);
  });

  it.each([
    ["models", "llama-3.1-9b:fp8", "Nearest: llama-3.1-8b"],
    ["layout", "3g.20gb", "has no MIG profile"],
    ["gpu", "h101", "Nearest: h100"],
  ])("refuses --%s %s with what there is", async (name, value, message) => {
    const reply = mig({ [name]: value });
    await expect(reply).rejects.toThrow(InputError);
    await expect(reply).rejects.toThrow(message);
  });
});
