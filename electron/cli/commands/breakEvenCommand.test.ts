import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import type { ArticleBaseline } from "../../../shared/planning/breakEven/articleBaseline.ts";
import type { BreakEvenStudy } from "../../../shared/planning/breakEven/breakEvenStudy.ts";
import type { Gate } from "../../../shared/planning/breakEven/gate.ts";
import { callCommandLine } from "../testCommandLine.ts";
import { breakEvenCommand } from "./breakEvenCommand.ts";
import { gateCommand } from "./gateCommand.ts";

vi.setConfig({ testTimeout: 120_000 });

const sample = "data/samples/azure-conv-hybrid.crossover";
const folder = mkdtempSync(join(tmpdir(), "crossover-breakeven-"));
const quick = ["--points", "4", "--replications", "2", "--workers", "2", "--no-cache"];

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function call(...args: string[]) {
  return callCommandLine([breakEvenCommand, gateCommand], args);
}

describe("crossover breakeven", () => {
  it("prints the sentence first, then curve, crossings, table and gate, and writes CSV", async () => {
    const csv = join(folder, "curve.csv");
    const range = ["--from", "400M", "--to", "8B"];
    const { code, stdout } = await call("breakeven", sample, ...quick, ...range, "--csv", csv);
    expect(code).toBe(0);
    const lines = stdout.split("\n");
    expect(stdout.replaceAll("\n", " ")).toMatch(
      /^At the traffic's own 19\.9 B tokens a month, all on own GPUs is cheapest: \$\S+ a month, \S+ % under all on OpenAI GPT-4.1, list price/,
    );
    expect(lines.some((line) => /^\s+\$\S+ \|.*A$/.test(line))).toBe(true);
    expect(stdout).toMatch(/A -> B +1\.\d\d B/);
    expect(stdout).toMatch(/Three conditions for own GPUs/);
    const rows = readFileSync(csv, "utf8").trim().split("\r\n");
    expect(rows[0]).toMatch(/^kind,month_tokens,/);
    expect(rows.filter((row) => row.startsWith("grid,"))).toHaveLength(4 * 3);
    expect(rows.filter((row) => row.startsWith("own,"))).toHaveLength(3);
  });

  it("gives the same JSON for any number of workers", async () => {
    const args = ["--points", "2", "--replications", "2", "--from", "1B", "--to", "4B", "--json"];
    const runs = ["1", "2"].map((workers) =>
      call("breakeven", sample, ...args, "--workers", workers, "--no-cache"),
    );
    const [one, two] = await Promise.all(runs);
    expect(one.code).toBe(0);
    expect(two.stdout).toBe(one.stdout);
    const study = JSON.parse(one.stdout) as BreakEvenStudy & { sentence: string };
    expect(study.sentence).toMatch(/^At the traffic's own/);
    expect(study.points).toHaveLength(2);
    expect(study.points[0].strategies.map((each) => each.strategy)).toEqual([
      "api:gpt-4.1",
      "own",
      "hybrid",
    ]);
    expect(study.gate).toBeDefined();
    expect(one.stderr).toMatch(/window is 58.4 min/);
  });

  it("has the article's volumes in closed form: 213, 390 and 501 million at $2,339, with or without a scenario", async () => {
    const bare = await call("breakeven", "--preset", "article", "--json");
    const baseline = JSON.parse(bare.stdout) as ArticleBaseline;
    expect(Math.round(baseline.gpuMonthUsd)).toBe(2339);
    const millions = baseline.rows.map((row) => Math.round(row.breakEvenMonthTokens! / 1e6));
    expect(millions).toEqual([213, 390, 501]);
    expect(baseline.ownRatio).toBeUndefined();
    const text = await call("breakeven", sample, "--preset", "article");
    expect(text.stdout.replaceAll("\n", " ")).toMatch(
      /\$2,338\.70 a month breaks even at 213 M .*390 M .*501 M .*costs only/,
    );
    const own = JSON.parse(
      (await call("breakeven", sample, "--preset", "article", "--json")).stdout,
    ) as ArticleBaseline;
    const factors = own.rows.map((row) => row.ownRatio!.factor!);
    expect(Math.min(...factors)).toBeCloseTo(1.8, 1);
    expect(Math.max(...factors)).toBeCloseTo(2.3, 1);
  });

  it("refuses a wrong command line and names what it wants", async () => {
    const usage = async (...args: string[]): Promise<string> => {
      const { code, stderr } = await call("breakeven", ...args);
      expect(code).toBe(2);
      return stderr;
    };
    expect(await usage()).toMatch(/one scenario file/);
    expect(await usage(sample, "--from", "many")).toMatch(/--from wants tokens a month/);
    expect(await usage(sample, "--points", "0")).toMatch(/--points/);
    expect(await usage(sample, "--preset", "blog")).toMatch(/trace or article/);
    expect(await usage("--preset", "article", "--points", "3")).toMatch(/closed form/);
    expect(await usage(sample, "--csv", sample)).toMatch(/file that is read/);
  });

  it("refuses a study that cannot be made with the field and what to do", async () => {
    const refused = async (...args: string[]) => {
      const { code, stdout } = await call("breakeven", ...args, "--no-cache", "--json");
      expect(code).toBe(3);
      return (JSON.parse(stdout) as { error: { message: string; field?: string } }).error;
    };
    expect(await refused(sample, "--from", "5B", "--to", "1B")).toMatchObject({ field: "from" });
    expect((await refused(sample, "--strategies", "cloud")).message).toMatch(/There are: api:gpt/);
    expect((await refused(sample, "--to", "900B", "--max-gpus", "4")).field).toBe("to");
    expect((await refused(sample, "--to", "900T")).message).toMatch(/can be scaled up to/);
    const scenario = JSON.parse(readFileSync(sample, "utf8")) as {
      traffic: { classes: { targets: { ttft: { ms: number } } }[] };
    };
    scenario.traffic.classes[1].targets.ttft.ms = 10;
    const path = join(folder, "strict.crossover");
    writeFileSync(path, JSON.stringify(scenario));
    const trace = ["--trace", "data/samples/AzureLLMInferenceTrace_conv.csv"];
    const { message } = await refused(path, ...trace);
    expect(message).toMatch(/No number of GPUs keeps the targets of "own".*wanted 10\.0 ms/);
  });
});

describe("crossover gate", () => {
  it("judges volume, batching and utilization with margins, and the rule of thumb beside them", async () => {
    const { code, stdout } = await call("gate", sample, ...quick, "--json");
    expect(code).toBe(0);
    const { gate, sentence } = JSON.parse(stdout) as { gate: Gate; sentence: string };
    expect(sentence).toMatch(/^At the traffic's own/);
    expect(gate.conditions.map(({ condition }) => condition)).toEqual([
      "volume",
      "batching",
      "utilization",
    ]);
    for (const { found, needed, margin, isMet } of gate.conditions) {
      expect(margin).toBeCloseTo(found! / needed!, 12);
      expect(isMet).toBe(margin! >= 1);
    }
    expect(gate.isOpen).toBe(true);
    expect(gate.ownWins).toBe(true);
    expect(gate.agrees).toBe(gate.ruleOfThumb.ownWins === gate.ownWins);
  });

  it("prints the conditions as a table", async () => {
    const { stdout } = await call("gate", sample, ...quick);
    expect(stdout).toMatch(/volume: tokens a month.*met/);
    expect(stdout).toMatch(/The rule of thumb says/);
  });
});
