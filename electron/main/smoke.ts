/** `--smoke`: a check of the built program by itself, for builds that no test tool can attach to. Prints one JSON document and ends. With `--smoke-idle` its memory is that of a page left alone for a while. */
import { readFileSync } from "node:fs";
import { app, type BrowserWindow } from "electron";
import type { Desktop } from "./desktop.ts";

/** What the check found. */
export interface SmokeReport {
  readonly ok: boolean;
  /** The reply to app.info as the page got it. */
  readonly reply: unknown;
  readonly title: string;
  /** From the start of the process until the page said that it is ready. */
  readonly interactiveMs: number;
  /** From the order to open another window until its page was ready, core being warm. */
  readonly warmMs: number;
  /** Median of calls of app.info from the page, one after the other. */
  readonly callMedianMs: number;
  /** Resident memory of the page's process, as the system counts it: code shared with the other processes included. */
  readonly rendererMemoryBytes: number;
  /** The part of it that is the page's process' own (Linux; null elsewhere). */
  readonly rendererOwnBytes: number | null;
  /** Linux: 2 where the page's process is confined to filtered system calls; null elsewhere. */
  readonly seccomp: number | null;
}

const limitMs = 30_000;
/** After its last work a page's process needs some seconds to give back the garbage of the start. */
const idleMs = 8000;
const calls = 201;

const timeCalls = `(async () => {
  const timesMs = [];
  for (let i = 0; i < ${calls}; i++) {
    const startMs = performance.now();
    await crossover.call("app.info", {});
    timesMs.push(performance.now() - startMs);
  }
  return timesMs.sort((a, b) => a - b)[${(calls - 1) / 2}];
})()`;

/** A number after a word in a file of Linux' /proc; null elsewhere. */
function procNumber(path: string, word: string): number | null {
  if (process.platform !== "linux") return null;
  try {
    const found = new RegExp(`^${word}:\\s*(\\d+)`, "m").exec(readFileSync(path, "utf8"));
    return found === null ? null : Number(found[1]);
  } catch {
    return null;
  }
}

function ownBytes(pid: number): number | null {
  const path = `/proc/${pid}/smaps_rollup`;
  const [clean, dirty] = [procNumber(path, "Private_Clean"), procNumber(path, "Private_Dirty")];
  return clean === null || dirty === null ? null : (clean + dirty) * 1024;
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function look(desktop: Desktop, window: BrowserWindow): Promise<SmokeReport> {
  await desktop.pageReady();
  const interactiveMs = Date.now() - (process.getCreationTime() ?? Number.NaN);
  const { webContents } = window;
  const ask = async (code: string): Promise<unknown> => webContents.executeJavaScript(code);
  const reply = await ask('crossover.call("app.info", {})');
  const callMedianMs = Number(await ask(timeCalls));
  if (process.argv.includes("--smoke-idle")) await wait(idleMs);
  const pid = webContents.getOSProcessId();
  const metric = app.getAppMetrics().find((each) => each.pid === pid);
  const openedMs = performance.now();
  const isReady = desktop.pageReady();
  desktop.open();
  await isReady;
  return {
    ok: (reply as { ok?: unknown }).ok === true && callMedianMs > 0,
    reply,
    title: window.getTitle(),
    interactiveMs,
    warmMs: performance.now() - openedMs,
    callMedianMs,
    rendererMemoryBytes: (metric?.memory.workingSetSize ?? 0) * 1024,
    rendererOwnBytes: ownBytes(pid),
    seccomp: procNumber(`/proc/${pid}/status`, "Seccomp"),
  };
}

/** Checks the window that was just opened, prints the report, and ends the program: 0 when all is well. */
export async function runSmoke(desktop: Desktop, window: BrowserWindow): Promise<void> {
  const late = wait(limitMs).then(() => ({ ok: false, problem: "the window did not get ready" }));
  const failed = (error: unknown) => ({ ok: false, problem: String(error) });
  const report = await Promise.race([look(desktop, window).catch(failed), late]);
  process.stdout.write(`${JSON.stringify(report)}\n`, () => app.exit(report.ok ? 0 : 1));
}
