/** The window: how soon it can be used, what it holds, what a call costs. Measured by the app itself (`--smoke`), in Electron from the source tree. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startDisplay } from "../../e2e/fixtures/display.ts";
import { provideElectron, type TestElectron } from "../../e2e/fixtures/packageApp.ts";
import type { SmokeReport } from "../../electron/main/smoke.ts";
import { buildApp } from "../buildApp.ts";
import type { Section } from "../harness.ts";

const root = join(import.meta.dirname, "../..");
const runs = 3;

/** Emptied where there is no Electron: nothing is promised then. */
const figures = [
  "window interactive after the start",
  "window interactive, core warm",
  "idle memory of the page's process",
  "idle memory of its own, code shared with others left out",
  "call over the contract",
];

function check({ dist, binding }: TestElectron, data: string): SmokeReport {
  const asRoot = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const args = [root, ...asRoot, "--smoke", "--smoke-idle", `--user-data-dir=${data}`];
  const env = { ...process.env, ...(binding && { CROSSOVER_TEST_NATIVE_BINDING: binding }) };
  const options = { env, encoding: "utf8" as const, timeout: 60_000 };
  const { stdout, stderr } = spawnSync(join(dist, "electron"), args, options);
  const line = stdout.split("\n").find((each) => each.startsWith("{"));
  const report = line === undefined ? undefined : (JSON.parse(line) as SmokeReport);
  if (report?.ok !== true) throw new Error(`the app's own check failed: ${line ?? stderr}`);
  return report;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

async function findElectron(): Promise<TestElectron | undefined> {
  try {
    return provideElectron();
  } catch (error) {
    const why = error instanceof Error ? error.message.split("\n")[0] : String(error);
    console.error(`bench: the window is not measured: Electron cannot be had here (${why})`);
    return undefined;
  }
}

/** Medians of three starts on a library that holds the sample. */
export const desktopSpeed: Section = {
  name: "desktop",
  figures,
  async run(record) {
    const electron = await findElectron();
    if (electron === undefined) {
      figures.length = 0;
      return;
    }
    buildApp();
    const stopDisplay = await startDisplay();
    const data = mkdtempSync(join(tmpdir(), "crossover-bench-"));
    try {
      check(electron, data);
      const reports = Array.from({ length: runs }, () => check(electron, data));
      const of = (pick: (report: SmokeReport) => number): number => median(reports.map(pick));
      const interactiveS = of(({ interactiveMs }) => interactiveMs) / 1000;
      const warmS = of(({ warmMs }) => warmMs) / 1000;
      const memoryMb = of(({ rendererMemoryBytes }) => rendererMemoryBytes) / 1e6;
      const ownMb = of(({ rendererOwnBytes }) => rendererOwnBytes ?? Number.NaN) / 1e6;
      const callMs = of(({ callMedianMs }) => callMedianMs);
      record("window interactive after the start", interactiveS, "s", { atMost: 1.5 });
      record("window interactive, core warm", warmS, "s", { atMost: 0.5 });
      record("idle memory of the page's process", memoryMb, "MB", { atMost: 150 });
      record("idle memory of its own, code shared with others left out", ownMb, "MB");
      record("call over the contract", callMs, "ms at the median", { atMost: 2 });
    } finally {
      rmSync(data, { recursive: true, force: true });
      stopDisplay?.();
    }
  },
};
