import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type CommandIo, UsageError } from "../command.ts";
import { prefixCommand } from "./prefixCommand.ts";

const root = join(import.meta.dirname, "../../..");
const mooncake = join(root, "shared/planning/fixtures/mooncakeShared.jsonl");

async function prefix(path: string, values: Record<string, string | boolean> = {}) {
  let out = "";
  const io: CommandIo = {
    stdout: (text) => {
      out += text;
    },
    stderr: () => undefined,
    isTerminal: false,
    now: () => 0,
  };
  const exitCode = await prefixCommand.run(io, { positionals: [path], values });
  return { exitCode, out };
}

describe("crossover prefix", () => {
  it("shows what an endless cache and caches of the sizes given find, by ids and by engine blocks", async () => {
    const { exitCode, out } = await prefix(mooncake, { capacity: "100, 400" });
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^ids of 512 +endless +- +68\.1 +65\.9 +173$/m);
    expect(out).toMatch(/^ids of 512 +100 +51\.2 k +12\.4 +12\.0 +38$/m);
    expect(out).toMatch(/^engine's, of 16 +12,800 +205 k /m);
    expect(out).toContain("more than 910 blocks of 512 or 25,906 blocks of 16");
  });

  it("counts the cache in engine blocks where their size is given, and gives the same as JSON", async () => {
    const { out } = await prefix(mooncake, { capacity: "900", "block-tokens": "16", json: true });
    const { results, format } = JSON.parse(out);
    expect(format).toBe("mooncake");
    expect(results).toMatchObject([
      { blocksAre: "engine blocks", capacityBlocks: null, foundBlocks: 55_579 },
      { capacityBlocks: 900, capacityTokens: 14_400, blockTokens: 16, mostBlocksKept: 900 },
    ]);
  });

  it("refuses a trace without ids of prompt blocks", async () => {
    const azure = join(root, "shared/importers/fixtures/azure2023.csv");
    await expect(prefix(azure)).rejects.toThrow("Wanted ids of prompt blocks");
  });

  it.each([
    ["capacity", "0"],
    ["capacity", "1,,2"],
    ["capacity", "many"],
    ["block-tokens", "1.5"],
  ])("refuses --%s %s", async (name, value) => {
    await expect(prefix(mooncake, { [name]: value })).rejects.toThrow(UsageError);
  });

  it("wants one trace", async () => {
    const none = { positionals: [], values: {} };
    const io = { stdout: () => 0, stderr: () => 0, isTerminal: false, now: () => 0 };
    await expect(prefixCommand.run(io, none)).rejects.toThrow("found 0");
  });
});
