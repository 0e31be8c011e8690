import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callCommandLine } from "../testCommandLine.ts";
import { benchmarkCommand } from "./benchmarkCommand.ts";
import { stepsCommand } from "./stepsCommand.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "crossover-benchmark-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...args: string[]) => callCommandLine([benchmarkCommand, stepsCommand], args);

function put(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

const one = ["--model", "llama-3.1-8b", "--gpu", "H100_SXM", "--isl", "500", "--osl", "50"];
const header = "id,gpu,engine,model,precision,tp,isl,osl,concurrency,tpot_ms,quality";
const row = 'r1,H100_SXM,vllm ?,Llama-3.1-8B,bf16,1.0,500.0,50,"4",8,A';
const broken = "r2,H100_SXM,vllm ?,Lama-3.1-8B,bf16,1.0,500.0,50,4,8,=A";

describe("crossover benchmark", () => {
  test("prints what a benchmark tool prints", async () => {
    const { code, stdout } = await run("benchmark", ...one, "--concurrency", "4");
    expect(code).toBe(0);
    expect(stdout).toMatch(/40 prompts of 500 in and 50 out .*4 clients, all at t = 0/);
    expect(stdout).toMatch(/TTFT +\d/);
    expect(stdout).toMatch(/output tokens\/s +\d.* per GPU/);
  });

  test("--json prints the case and its figures, the same each time", async () => {
    const args = ["benchmark", ...one, "--concurrency", "4", "--start", "staggered", "--json"];
    const first = await run(...args);
    expect(JSON.parse(first.stdout)).toMatchObject({
      fits: true,
      load: { prompts: 40, start: "staggered", jitter: 0.1 },
      figures: { prompts: 40, ttftMs: { n: 40 }, extrapolatedShare: 0 },
    });
    expect(await run(...args)).toEqual(first);
  });

  test("says what does not fit, with exit code 3", async () => {
    const { code, stdout } = await run(
      "benchmark",
      ...one.map((each) => each.replace("3.1-8b", "3.1-70b")),
      "--concurrency",
      "1",
    );
    expect(code).toBe(3);
    expect(stdout).toMatch(/It does not fit. Weights/);
  });

  test("refuses a command line that it cannot understand", async () => {
    expect((await run("benchmark", ...one)).stderr).toContain("benchmark needs --concurrency");
    const wrong = async (...more: string[]) => (await run("benchmark", ...one, ...more)).code;
    expect(await wrong("--concurrency", "0")).toBe(2);
    expect(await wrong("--concurrency", "2", "--start", "soon")).toBe(2);
    expect(await wrong("--start", "open")).toBe(2);
    expect(await wrong("--concurrency", "2", "--rate", "2")).toBe(2);
    expect(await wrong("--concurrency", "2", "--seed", "-1")).toBe(2);
    expect(await wrong("--concurrency", "2", "--jitter", "x")).toBe(2);
    expect(await wrong("--cases", "x.csv")).toBe(2);
    const unknown = one.map((each) => each.replace("llama-3.1-8b", "llama-9"));
    expect((await run("benchmark", ...unknown, "--concurrency", "2")).code).toBe(3);
  });

  test("--cases predicts a file; --out keeps its columns as they stand and adds the predictions", async () => {
    const out = join(folder, "out.csv");
    const path = put("cases.csv", `${header}\r\n${row}\r\n${broken}\r\n`);
    const { code, stdout, stderr } = await run("benchmark", "--cases", path, "--out", out);
    expect(code).toBe(0);
    expect(stdout).toContain("1 of 2 rows predicted");
    expect(stderr).toContain('not predicted, line 3: The model "Lama-3.1-8B" is not known.');
    const lines = readFileSync(out, "utf8").split("\n");
    expect(lines[0].startsWith(`${header},predicted_ttft_ms,predicted_tpot_ms,`)).toBe(true);
    expect(lines[1].startsWith(`${row},`)).toBe(true);
    expect(lines[2].startsWith(`${broken},,,`)).toBe(true);
  });

  test("--cases without wanted columns is refused and writes nothing", async () => {
    const out = join(folder, "none.csv");
    const path = put("narrow.csv", "id,gpu,engine\n");
    const { code, stderr } = await run("benchmark", "--cases", path, "--out", out);
    expect(code).toBe(3);
    expect(stderr).toContain("lacks the columns model, precision, tp, isl, osl, concurrency");
    expect(existsSync(out)).toBe(false);
    expect((await run("benchmark", "--cases", path, "--out", path)).code).toBe(2);
  });

  test("--cases --json gives groups and rows", async () => {
    const path = put("five.csv", [header, ...new Array(5).fill(row)].join("\n"));
    const { stdout } = await run("benchmark", "--cases", path, "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      rowCount: 5,
      predictedCount: 5,
      groups: [
        { figure: "tpot", model: "all" },
        { figure: "tpot", model: "llama-3.1-8b", rows: 5 },
      ],
    });
  });
});

describe("crossover steps", () => {
  const steps = [
    "backend,version,model,precision,tp,kind,prefill_tokens,decode_bs,ctx_len,latency_ms,id",
    ...[2, 4, 8, 16, 32].map(
      (batch) => `vllm,0,Llama-3.1-8B,bf16,1,decode,0,${batch},256,6.5,s${batch}`,
    ),
  ];

  test("predicts a file of iterations, and writes it with the predictions added", async () => {
    const out = join(folder, "steps-out.csv");
    const path = put("steps.csv", steps.join("\n"));
    const { code, stdout } = await run("steps", "--cases", path, "--out", out);
    expect(code).toBe(0);
    expect(stdout).toMatch(/decode +vllm +llama-3.1-8b +bf16 +5 /);
    const [head, first] = readFileSync(out, "utf8").split("\n");
    expect(head).toBe(`${steps[0]},predicted_latency_ms,error_pct,extrapolated,note`);
    expect(first.startsWith(`${steps[1]},`)).toBe(true);
    expect(JSON.parse((await run("steps", "--cases", path, "--json")).stdout)).toMatchObject({
      rowCount: 5,
      predictedCount: 5,
      extrapolatedCount: 0,
    });
  });

  test("needs a file with the columns of steps", async () => {
    expect((await run("steps")).code).toBe(2);
    expect((await run("steps", "--cases", put("no.csv", "a,b\n"))).code).toBe(3);
  });
});
