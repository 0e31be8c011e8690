import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadTrace } from "../../files/loadTrace.ts";
import { runCommandLine } from "../runCommandLine.ts";
import { importCommand, parseMapping } from "./importCommand.ts";

const sample = new URL("../../../data/samples/AzureLLMInferenceTrace_conv.csv", import.meta.url)
  .pathname;
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "crossover-import-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...args: string[]) {
  let stdout = "";
  let stderr = "";
  let nowMs = 0;
  const io = {
    stdout: (text: string) => {
      stdout += text;
    },
    stderr: (text: string) => {
      stderr += text;
    },
    isTerminal: true,
    now: () => {
      nowMs += 300;
      return nowMs;
    },
  };
  const program = { version: "0", commands: { import: async () => importCommand } };
  const code = await runCommandLine(io, program, ["import", ...args]);
  return { code, stdout, stderr };
}
const put = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const mixed = "time,in,out,model\n1,10,1,a\n2,x,1,a\n1.5,30,3,b\n";
const map = "arrival=time,promptTokens=in,outputTokens=out";

describe("crossover import", () => {
  test("shows what each tag asked for, in text and in JSON", async () => {
    const tagged = 'time,in,out,app\n1,10,1,chat\n2,20,2,"[""chat"",""agents""]"\n3,5,1,\n';
    const path = put("tagged.csv", tagged);
    const { stdout } = await run(path, "--map", `${map},tag=app`);
    expect(stdout).toMatch(/tag chat +2 requests, 30 prompt, 3 output tokens\n/);
    expect(stdout).toMatch(/tag agents +1 requests, 20 prompt, 2 output tokens\n/);
    expect(stdout).toMatch(/tag \(none\) +1 requests/);
    const json = await run(path, "--map", `${map},tag=app`, "--json");
    expect(JSON.parse(json.stdout).tags).toHaveLength(3);
    const out = join(folder, "tagged-out.csv");
    await run(path, "--map", `${map},tag=app`, "--out", out);
    const head = "arrival_s,prompt_tokens,output_tokens,tag\n0,10,1,chat\n";
    expect(readFileSync(out, "utf8").startsWith(head)).toBe(true);
  });

  test("shows the figures of a trace, and its progress on a terminal", async () => {
    const { code, stdout, stderr } = await run(sample);
    expect(code).toBe(0);
    expect(stdout).toMatch(/prompt tokens +22,361,870\n/);
    expect(stdout).toMatch(/peak rate in 1 \/ 10 \/ 60 s +16 \/ 9.8 \/ 8.5/);
    expect(stderr).toMatch(/reading 100 %, 19,36\d rows/);
  });

  test("--json prints one object on stdout", async () => {
    const { code, stdout } = await run(sample, "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      format: "azure",
      bytes: 719_188,
      rows: 19_366,
      rejected: { count: 0, byReason: {}, rows: [] },
      totals: { promptTokens: 22_361_870, outputTokens: 4_088_665 },
      durationS: 3501.721937,
      sorted: true,
      duplicateTimes: 0,
      origin: { kind: "calendar", zone: "assumedUtc" },
      tokens: { prompt: { p50: 1020 }, output: { p99: 601 } },
      rowsPerS: expect.any(Number),
    });
  });

  test("rejected rows end in exit code 4, are told on stderr and listed in the file of --rejects", async () => {
    const rejects = join(folder, "rejects.csv");
    const { code, stdout, stderr } = await run(
      put("mixed.csv", mixed),
      "--map",
      map,
      "--rejects",
      rejects,
    );
    expect(code).toBe(4);
    expect(stdout).toMatch(/rejected rows +1 \(notANumber 1\)/);
    expect(stderr).toContain('rejected line 3 in in: found "x"');
    expect(readFileSync(rejects, "utf8")).toMatch(
      /^line,reason,field,found,wanted\n3,notANumber,in,x,/,
    );
  });

  test("--out writes a CSV that imports back to the same columns", async () => {
    const out = join(folder, "out.csv");
    await run(put("mixed.csv", mixed), "--map", map, "--out", out);
    expect(readFileSync(out, "utf8")).toBe(
      "arrival_s,prompt_tokens,output_tokens,model\n0,10,1,a\n0.5,30,3,b\n",
    );
    await run(sample, "--out", out);
    const { origin: _origin, ...columns } = (await loadTrace(sample)).columns;
    expect((await loadTrace(out)).columns).toMatchObject(columns);
  });

  test("a file of which nothing can be used ends in exit code 3 and writes nothing", async () => {
    const out = join(folder, "nothing.csv");
    const rejects = join(folder, "norejects.csv");
    const { code, stdout, stderr } = await run(
      put("bad.csv", "time,in,out\nx,1,1\n"),
      "--map",
      `${map},timeUnit=s`,
      "--out",
      out,
      "--rejects",
      rejects,
    );
    expect(code).toBe(3);
    expect(stdout).toBe("");
    expect(stderr).toContain("cannot read the times");
    expect(existsSync(out) || existsSync(rejects)).toBe(false);
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    expect((await run(join(folder, "none.csv"))).code).toBe(3);
  });

  test("the rejects are written also when every row was rejected, and the message says where", async () => {
    const rejects = join(folder, "every.csv");
    const bad = put("every-bad.csv", "time,in,out\n1,x,1\n2,3\n");
    const { code, stdout, stderr } = await run(bad, "--map", map, "--rejects", rejects);
    expect([code, stdout]).toEqual([3, ""]);
    expect(stderr).toContain("all 2 rows were rejected. The first: line 2 in in");
    expect(stderr).toContain(`all are listed in ${rejects}`);
    expect(readFileSync(rejects, "utf8")).toMatch(/\n2,notANumber,in,x,.*\n3,wrongColumnCount,,/);
    expect((await run(bad, "--map", map)).stderr).toContain("--rejects FILE.csv lists them all");
  });

  test("a rejected row names its field in JSON only where one field is meant", async () => {
    const file = put("short.csv", `${mixed}3\n`);
    const { rows } = JSON.parse((await run(file, "--map", map, "--json")).stdout).rejected;
    expect(rows[0].field).toBe("in");
    expect(rows[1]).not.toHaveProperty("field");
  });

  test("a wrong command line ends in exit code 2", async () => {
    expect((await run()).code).toBe(2);
    expect((await run(sample, "--map", "colour=red")).code).toBe(2);
    expect((await run(sample, "--map", "timeUnit=weeks")).code).toBe(2);
    expect((await run(sample, "--out", sample)).stderr).toContain("names the file that is read");
    const both = join(folder, "both.csv");
    const { code, stderr } = await run(sample, "--out", both, "--rejects", both);
    expect([code, existsSync(both)]).toEqual([2, false]);
    expect(stderr).toContain("Wanted two files");
  });

  test("a file read through a symbolic link is not replaced by what is written", async () => {
    const target = put("target.csv", mixed);
    const link = join(folder, "link.csv");
    symlinkSync(target, link);
    symlinkSync(folder, join(folder, "same"));
    const { code, stderr } = await run(link, "--map", map, "--out", target);
    expect(code).toBe(2);
    expect(stderr).toContain("--out names the file that is read");
    const round = join(folder, "same", "target.csv");
    expect((await run(target, "--map", map, "--rejects", round)).code).toBe(2);
    const both = [join(folder, "new.csv"), join(folder, "same", "new.csv")];
    const twice = await run(target, "--map", map, "--out", both[0], "--rejects", both[1]);
    expect(twice.stderr).toContain("Wanted two files");
    expect(readFileSync(target, "utf8")).toBe(mixed);
  });

  test("columns with commas and equal signs in their names can be mapped", () => {
    expect(parseMapping("arrival=a,b,model=x=y")).toMatchObject({
      arrival: "a,b",
      model: "x=y",
    });
  });
});
