/** What takes minutes: oracle fuzzing over many seeds, a soak of ten million requests, a trace file of 1 GB through the command line. */
import { spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ScenarioRun } from "../../shared/planning/scenarioRun.ts";
import { type Section, timed } from "../harness.ts";
import { fullLoad } from "../scenarios.ts";

const root = join(import.meta.dirname, "../..");

interface ChildResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly peakMb: number;
  readonly wallS: number;
}

/** Peak resident memory of a process so far, MB; 0 where the system does not say. */
function peakOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1000;
  } catch {
    return 0;
  }
}

/** Runs a program of this project to its end. */
function runChild(args: readonly string[], env: Record<string, string> = {}): Promise<ChildResult> {
  const start = process.hrtime.bigint();
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let stdout = "";
  let peakMb = 0;
  child.stdout.setEncoding("utf8").on("data", (text) => {
    stdout += text;
  });
  const poll = setInterval(() => {
    peakMb = Math.max(peakMb, peakOf(child.pid));
  }, 100);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      clearInterval(poll);
      const wallS = Number(process.hrtime.bigint() - start) / 1e9;
      resolve({ exitCode: code ?? 1, stdout, peakMb, wallS });
    });
  });
}

/** Random scenarios on both engines, other ones than the test's. */
export const oracleFuzz: Section = {
  name: "fuzz",
  figures: ["oracle fuzzing, scenarios equal to the bit"],
  async run(record) {
    const runs = 100_000;
    let equal = 0;
    for (const seed of [11, 12, 13]) {
      const { exitCode } = await runChild(
        [
          "node_modules/vitest/vitest.mjs",
          "run",
          "shared/serving/oracle.test.ts",
          "--testTimeout=1200000",
        ],
        { CROSSOVER_ORACLE_RUNS: String(runs), CROSSOVER_ORACLE_SEED: String(seed) },
      );
      if (exitCode === 0) equal += runs;
    }
    const name = "oracle fuzzing, scenarios equal to the bit";
    record(name, equal, "scenarios", { atLeast: 3 * runs });
  },
};

/** Ten million requests with everything on, twice. */
export const soak: Section = {
  name: "soak",
  figures: ["soak, 10 M requests with all features", "soak, runs that differ"],
  async run(record) {
    const requests = 10_000_000;
    const scenario = fullLoad(requests, 50);
    const once = () => {
      const run = new ScenarioRun({ scenario, traces: new Map() });
      while (run.step(5_000_000));
      return run.report(0).hash;
    };
    const first = await timed(once);
    const second = await timed(once);
    record("soak, 10 M requests with all features", requests / second.cpuS, "requests/s and core");
    record("soak, runs that differ", first.result === second.result ? 0 : 1, "runs", { atMost: 0 });
  },
};

/** Writes an Azure-like file of about `bytes` bytes; returns its rows. */
function writeTrace(path: string, bytes: number): number {
  const descriptor = openSync(path, "w");
  let written = writeSync(descriptor, "TIMESTAMP,ContextTokens,GeneratedTokens\r\n");
  let rows = 0;
  while (written < bytes) {
    let text = "";
    for (let i = 0; i < 20_000; i++, rows++) {
      const s = rows * 0.05;
      const clock = new Date(1.7e12 + s * 1000).toISOString().replace("T", " ").slice(0, 23);
      text += `${clock}0000,${(rows * 7919) % 4000},${(rows * 104_729) % 900}\r\n`;
    }
    written += writeSync(descriptor, text);
  }
  closeSync(descriptor);
  return rows;
}

/** A 1 GB trace through `crossover import --json`. */
export const largeImport: Section = {
  name: "1 GB",
  figures: [
    "import of 1 GB through the command line",
    "import of 1 GB, peak memory",
    "import of 1 GB, rows lost",
  ],
  async run(record) {
    const folder = mkdtempSync(join(tmpdir(), "crossover-bench-"));
    try {
      const path = join(folder, "large.csv");
      const rows = writeTrace(path, 1e9);
      const { stdout, peakMb, wallS } = await runChild([
        "electron/cli/main.ts",
        "import",
        path,
        "--json",
      ]);
      record("import of 1 GB through the command line", rows / wallS, "rows/s", {
        atLeast: 1_000_000,
      });
      record("import of 1 GB, peak memory", peakMb, "MB", { atMost: 250 });
      record("import of 1 GB, rows lost", rows - JSON.parse(stdout).rows, "rows", { atMost: 0 });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
