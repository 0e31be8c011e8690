import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callCommandLine } from "../testCommandLine.ts";
import { chargebackCommand } from "./chargebackCommand.ts";

const gpu = (uuid: string, more: string) =>
  `DCGM_FI_PROF_GR_ENGINE_ACTIVE{gpu="0",UUID="${uuid}",modelName="NVIDIA H100 80GB HBM3",${more}}`;
const scrape = [
  `${gpu("GPU-1", 'namespace="chat",pod="llama-0"')} 0.9`,
  `${gpu("GPU-2", 'GPU_I_PROFILE="3g.40gb",GPU_I_ID="1",namespace="chat",pod="small-0"')} 0.4`,
  `${gpu("GPU-2", 'GPU_I_PROFILE="1g.10gb",GPU_I_ID="9",namespace="search",pod="embed-0"')} 0.1`,
].join("\n");

let folder = "";
let file = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "crossover-dcgm-"));
  file = write("a.prom", scrape);
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const charge = (...args: string[]) =>
  callCommandLine([chargebackCommand], ["chargeback", "--dcgm", ...args]);

describe("crossover chargeback --dcgm", () => {
  test("charges a scrape for the hours that it stands for, by namespace", async () => {
    const { code, stdout } = await charge(file, "--price", "2.69", "--hours", "730", "--json");
    const { rows, billUsd, gpuHours, by } = JSON.parse(stdout);
    expect([code, by, gpuHours]).toEqual([0, "namespace", 1460]);
    expect(billUsd).toBeCloseTo(3927.4, 9);
    const total = rows.reduce(
      (sum: number, row: { usd: { total: number } }) => sum + row.usd.total,
      0,
    );
    expect(total).toBeCloseTo(3927.4, 6);
    // 1 and 4/8 GPU against 1/8 GPU, and the 3/8 that nobody held in the same proportion.
    expect(rows.map((row: { id: string; share: number }) => [row.id, row.share])).toEqual([
      ["chat", expect.closeTo(1.5 / 1.625, 6)],
      ["search", expect.closeTo(0.125 / 1.625, 6)],
    ]);
  });

  test("prints a table whose cents add up, and writes rows as CSV", async () => {
    const args = [
      file,
      "--price",
      "1",
      "--hours",
      "1",
      "--by",
      "pod",
      "--csv",
      join(folder, "c.csv"),
    ];
    const { stdout } = await charge(...args);
    expect(stdout).toMatch(/^chat\/llama-0 .* 1\.23 +61\.5$/m);
    expect(stdout).toMatch(/^total .* 2\.00$/m);
    expect(readFileSync(join(folder, "c.csv"), "utf8").split("\r\n")).toHaveLength(5);
  });

  test("takes several scrapes as moments of one period", async () => {
    const other = write("b.prom", `${gpu("GPU-1", 'namespace="night",pod="x"')} 1`);
    const { stdout } = await charge(
      file,
      "--dcgm",
      other,
      "--price",
      "1",
      "--hours",
      "2",
      "--json",
    );
    const { moments, gpuHours } = JSON.parse(stdout);
    expect([moments, gpuHours]).toEqual([2, 3]);
  });

  test("goes on without lines that cannot be read, and says which", async () => {
    const bad = write("bad.prom", `${scrape}\nDCGM_FI_DEV_GPU_UTIL{gpu= 3\n`);
    const { code, stderr } = await charge(bad, "--price", "1", "--hours", "1");
    expect([code, stderr]).toEqual([4, expect.stringContaining("rejected bad.prom, line 4")]);
  });

  test.each([
    [["--hours", "1"], 2, "--dcgm needs --price"],
    [["--price", "-1"], 3, '--price is "-1"'],
    [["--price", "1"], 3, "Wanted --hours N"],
    [["--price", "1", "--hours", "0"], 3, '--hours is "0"'],
    [["--price", "1", "--hours", "1", "--by", "class"], 2, '--by has "class"'],
    [["--price", "1", "--hours", "1", "--seed", "1"], 2, "found --seed"],
    [["--price", "1", "--hours", "1", "s.crossover"], 2, "found s.crossover"],
  ])("refuses %j", async (args, exitCode, message) => {
    const { code, stderr } = await charge(file, ...args);
    expect([code, stderr]).toEqual([exitCode, expect.stringContaining(message)]);
  });

  test("--price and --hours are not passed over without --dcgm", async () => {
    const { code, stderr } = await callCommandLine(
      [chargebackCommand],
      ["chargeback", "s.crossover", "--price", "1"],
    );
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining("--price is read with --dcgm only"),
    ]);
  });
});
