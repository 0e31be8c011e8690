import { describe, expect, test } from "vitest";
import { loadFidelityCard } from "../../services/fidelityCardFile.ts";
import { callCommandLine } from "../testCommandLine.ts";
import { fidelityCommand } from "./fidelityCommand.ts";

const run = (...args: string[]) => callCommandLine([fidelityCommand], ["fidelity", ...args]);

describe("crossover fidelity", () => {
  test("prints every group with its errors, its bar and NVIDIA's estimator", async () => {
    const { code, stdout } = await run();
    const card = loadFidelityCard();
    expect(code).toBe(0);
    for (const { set, model } of card.iterationTimes.groups) {
      expect(stdout).toMatch(new RegExp(`${set} +${model} +728 `));
    }
    expect(stdout).toMatch(
      /tpot +concurrency +vllm +llama-3.1-70b +fp8 +25 .* 5.8 \/ 12.3 +5 \/ 12/,
    );
    expect(stdout).toMatch(
      /throughput +offline_max +trtllm +llama-3.1-70b +bf16 +30 .* 8 \/ 20 met/,
    );
    expect(stdout).toMatch(/\d+ of \d+ groups are within their bar/);
  });

  test("--json says of each group whether it is within its bar, cross-validated", async () => {
    const { stdout } = await run("--json");
    const { serving, iterationTimes } = JSON.parse(stdout);
    expect(iterationTimes.groups).toHaveLength(21);
    for (const group of [...serving.groups, ...iterationTimes.groups]) {
      const { bar, fitted, crossValidated } = group;
      const errors = crossValidated ?? fitted;
      const isWithin = bar && errors.medianPct <= bar.medianPct && errors.p90Pct <= bar.p90Pct;
      expect(group.isWithinBar).toBe(isWithin);
    }
  });

  test("takes no arguments", async () => {
    expect((await run("x")).code).toBe(2);
  });

  test("a card that is not one is refused with its field", () => {
    expect(() => loadFidelityCard(new URL(import.meta.url).pathname)).toThrow(/cannot be read/);
    const other = new URL("../../../package.json", import.meta.url).pathname;
    expect(() => loadFidelityCard(other)).toThrow(/version.*npm run -s fit/);
  });
});
