/**
 * Same scenario, seed and engine version: the same bytes on every Node. Runs the bundled golden program and the sample
 * scenario under each runtime and compares with scripts/golden/golden.json. `npm run -s golden [-- --update]`;
 * --update writes what this Node gives, for a deliberate change of the engine.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { provideRuntimes, type Runtime } from "./golden/runtimes.ts";

const root = join(import.meta.dirname, "..");
const goldenFile = join(root, "scripts/golden/golden.json");
const sample = "data/samples/azure-conv-hybrid.crossover";

type Hashes = Record<string, string>;

function runJson(runtime: Runtime, args: readonly string[]): Record<string, unknown> {
  const result = spawnSync(runtime.program!, [...args], {
    cwd: root,
    encoding: "utf8",
    timeout: 120_000,
    maxBuffer: 1 << 28,
    env: { ...process.env, NODE_OPTIONS: "", ...runtime.env },
  });
  if (result.status !== 0) {
    const words = result.error?.message ?? result.stderr.trim().split("\n").slice(0, 8).join("\n");
    throw new Error(`${runtime.name}: ${args.join(" ")}: ${words}`);
  }
  return JSON.parse(result.stdout);
}

function hashesUnder(runtime: Runtime): Hashes {
  const hashes = runJson(runtime, ["out/golden/goldenHash.cjs"]) as Hashes;
  const report = runJson(runtime, ["out/electron/cli.cjs", "run", sample, "--json"]);
  return { ...hashes, [`run ${sample}`]: String(report.hash), [studyName]: studyHash(runtime) };
}

const studyName = `study of ${sample} on two worker threads`;

/** Figures of a small study: the built program starts its worker threads on every Node. */
function studyHash(runtime: Runtime): string {
  const axis = ["--axis", "pools.own-h100.replicas=1,2", "--replications", "2"];
  const threads = ["--workers", "2", "--no-cache", "--json"];
  const result = runJson(runtime, ["out/electron/cli.cjs", "study", sample, ...axis, ...threads]);
  return createHash("sha256").update(JSON.stringify(result.pointResults)).digest("hex");
}

/** Names whose hashes are not the same. */
function differences(found: Hashes, golden: Hashes): string[] {
  const names = [...new Set([...Object.keys(found), ...Object.keys(golden)])];
  return names.filter((name) => found[name] !== golden[name]);
}

/** What one runtime gave, and how that stands to the golden hashes. */
interface Outcome {
  readonly line: string;
  readonly passed: boolean;
  /** Undefined where a program failed. */
  readonly found?: Hashes;
}

function compare(runtime: Runtime, golden: Hashes): Outcome {
  try {
    const found = hashesUnder(runtime);
    const different = differences(found, golden);
    const passed = different.length === 0;
    const verdict = passed ? `same ${Object.keys(golden).length} hashes` : "DIFFERENT";
    return { line: `${runtime.name}: ${verdict} ${different.join(", ")}`.trim(), passed, found };
  } catch (error) {
    return { line: `${runtime.name}: FAILED ${(error as Error).message}`, passed: false };
  }
}

/** Whether the runtimes differ from each other, or only the engine from what is stored. */
function explainFailure(outcomes: readonly Outcome[]): string {
  const first = outcomes[0]?.found ?? {};
  const agree = outcomes.every(({ found }) => found && differences(found, first).length === 0);
  return agree
    ? "All runtimes agree with each other: the engine gives other results than the stored ones. If that is meant, raise engineVersion and run npm run golden -- --update."
    : "The runtimes do not agree with each other: the same scenario gives different bytes on different hosts.";
}

function build(): void {
  const vite = join(root, "node_modules/vite/bin/vite.js");
  const config = join(root, "electron/vite.config.ts");
  const args = [vite, "build", "--app", "--config", config, "--logLevel", "warn"];
  const result = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  if (result.status !== 0) throw new Error(`the build failed:\n${result.stderr}${result.stdout}`);
}

function main(): void {
  build();
  if (process.argv.includes("--update")) {
    const own = { name: "this Node", program: process.execPath };
    writeFileSync(goldenFile, `${JSON.stringify(hashesUnder(own), undefined, 2)}\n`);
  }
  const golden = JSON.parse(readFileSync(goldenFile, "utf8")) as Hashes;
  const runtimes = provideRuntimes(root);
  const counts = { passed: 0, failed: 0, missing: 0 };
  const outcomes: Outcome[] = [];
  for (const runtime of runtimes) {
    if (runtime.program === undefined) {
      counts.missing++;
      console.log(`${runtime.name}: MISSING, not tested: ${runtime.missing}`);
      continue;
    }
    const outcome = compare(runtime, golden);
    counts[outcome.passed ? "passed" : "failed"]++;
    outcomes.push(outcome);
    console.log(outcome.line);
  }
  if (counts.failed > 0) console.log(explainFailure(outcomes));
  const isCi = process.env.CI !== undefined && process.env.CI !== "";
  console.log(
    `golden: ${counts.passed} passed, ${counts.failed} failed, ${counts.missing} missing`,
  );
  if (counts.failed > 0 || (isCi && counts.missing > 0)) process.exitCode = 1;
}

main();
