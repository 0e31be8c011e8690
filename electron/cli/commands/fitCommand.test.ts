import { describe, expect, it } from "vitest";
import { type CommandIo, UsageError } from "../command.ts";
import { fitCommand } from "./fitCommand.ts";

async function fit(values: Record<string, string | boolean>) {
  let out = "";
  const io: CommandIo = {
    stdout: (text) => {
      out += text;
    },
    stderr: () => undefined,
    isTerminal: false,
    now: () => 0,
  };
  const exitCode = await fitCommand.run(io, { positionals: [], values });
  return { exitCode, out };
}

describe("crossover fit", () => {
  it("shows the arithmetic and ends with 0 when the model fits", async () => {
    const { exitCode, out } = await fit({ model: "llama-3.1-8b", gpu: "h100-sxm" });
    expect(exitCode).toBe(0);
    expect(out).toContain("6,979,321,856 x 2 B + 2 x 525,336,576 x 2 B");
    expect(out).toContain("451,862 tokens, 28,241 blocks of 16");
    expect(out).toContain("220 of 2,048 tokens, 55 of 8,192 tokens, 13 of 32,768 tokens");
    expect(out).toContain("It fits.");
  });

  it("says what is missing and what would fit, and ends with 3, when it does not", async () => {
    const { exitCode, out } = await fit({ model: "llama-3.1-70b", gpu: "h100-sxm" });
    expect(exitCode).toBe(3);
    expect(out).toContain("61.30 GiB too much");
    expect(out).toContain("1 x h100-sxm, fp8 weights");
    expect(out).toContain("2 x h100-sxm, bf16 weights");
  });

  it("gives the same as JSON", async () => {
    const asked = { model: "llama-3.1-70b", gpu: "h100-sxm", mig: "3g.40gb", precision: "fp8" };
    const { exitCode, out } = await fit({ ...asked, json: true });
    expect(exitCode).toBe(3);
    expect(JSON.parse(out)).toMatchObject({
      gpu: "h100-sxm",
      profile: "3g.40gb",
      fits: false,
      kvCapacityTokens: 0,
      wouldFit: [{ profile: "7g.80gb" }, { tensorParallel: 1 }],
    });
  });

  it("lists every GPU, slice and precision with --all", async () => {
    const { exitCode, out } = await fit({ model: "llama-3.1-8b", all: true });
    expect(exitCode).toBe(0);
    expect(out.match(/^h100-sxm .* fp8 /gm)).toHaveLength(10);
    expect(out).toMatch(/^a100-pcie-80gb {2}3g\.40gb +1 {3}bf16 +yes/m);
  });

  it("lists one GPU with --all --gpu, and ends with 3 when nothing fits", async () => {
    const asked = { model: "llama-3.1-405b", gpu: "h100-sxm", tp: "1", all: true };
    const { exitCode, out } = await fit(asked);
    expect(exitCode).toBe(3);
    expect(out).not.toContain("a100");
  });

  it("says which constants of a GPU are estimated", async () => {
    const { out } = await fit({ model: "llama-3.1-70b", gpu: "B200", precision: "nvfp4" });
    expect(out).toContain("Note: Estimated for NVIDIA B200 180GB SXM6: Usable GiB and SMs");
    expect((await fit({ model: "llama-3.1-8b", gpu: "h100" })).out).not.toContain("Estimated");
  });

  it("takes a mixture of experts, 4-bit weights and NIM, with the arithmetic of each", async () => {
    const mixture = await fit({ model: "openai/gpt-oss-120b", gpu: "H100", precision: "mxfp4" });
    expect(mixture.exitCode).toBe(0);
    expect(mixture.out).toContain("128 experts x 895,795,200 x 0.5313 B");
    const served = await fit({
      model: "llama-3.1-70b",
      gpu: "h100",
      precision: "awq",
      backend: "nim",
    });
    expect(served.out).toContain("68,451,041,280 x 0.5195 B");
    expect(served.out).toContain("NIM is taken as TensorRT-LLM");
    expect(served.out).toContain("0.9 x (usable - weights - activations)");
  });

  it.each([
    [{ gpu: "h100-sxm" }, "needs a model"],
    [{ model: "llama-3.1-8b" }, "needs a GPU"],
    [{ model: "llama-3.1-8b", gpu: "h100-sxm", precision: "int3" }, '--precision is "int3"'],
    [{ model: "llama-3.1-8b", gpu: "h100-sxm", tp: "two" }, '--tp is "two"'],
    [{ model: "llama-3.1-8b", gpu: "h100-sxm", utilization: "92" }, '--utilization is "92"'],
    [{ model: "llama-3.1-8b", gpu: "h100-sxm", backend: "tgi" }, '--backend is "tgi"'],
    [{ model: "llama-3.1-8b", all: true, mig: "3g.40gb" }, "--mig does not apply"],
  ])("refuses %j as a wrong command line", async (values, why) => {
    await expect(fit(values)).rejects.toThrow(UsageError);
    await expect(fit(values)).rejects.toThrow(why);
  });

  it("names the nearest entries of the catalog for an unknown one", async () => {
    const asked = { model: "llama-3.1-71b", gpu: "h100-sxm" };
    await expect(fit(asked)).rejects.toThrow("Nearest: llama-3.1-70b");
  });
});
