/** The library and the contract: how large, how soon open, how long a call takes, and whether work in the background is felt. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Core, createCore } from "../../electron/core/createCore.ts";
import { startLoopback } from "../../electron/loopback/server.ts";
import { makeLargeLibrary } from "../../electron/storage/largeLibrary.ts";
import type { Reply } from "../../shared/contract/errors.ts";
import type { MethodName, MethodParams, MethodResult } from "../../shared/contract/methods.ts";
import type { Recorder, Section } from "../harness.ts";

const caller = { host: "loopback" as const, id: "bench" };

function open(dataFolder: string): Core {
  const about = { version: "0.0.0", isPackaged: false, dataFolder };
  return createCore({ host: "loopback", ...about, log: (error) => console.error(error) });
}

async function call<Name extends MethodName>(core: Core, name: Name, params: MethodParams<Name>) {
  const reply = (await core.call(name, params, caller)) as Reply<MethodResult<Name>>;
  if (!reply.ok) throw new Error(`${name}: ${reply.error.message}`);
  return reply.value;
}

/** Milliseconds from nothing to the lists that the window shows first. */
async function openOnce(folder: string): Promise<number> {
  const start = performance.now();
  const core = open(folder);
  const asked = ["storage.status", "settings.get", "scenario.list", "trace.list"] as const;
  await Promise.all(asked.map((name) => call(core, name, {})));
  const tookMs = performance.now() - start;
  await core.close();
  return tookMs;
}

async function medianMs(times: number, work: () => Promise<unknown>): Promise<number> {
  const all: number[] = [];
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    await work();
    all.push(performance.now() - start);
  }
  return all.sort((a, b) => a - b)[Math.floor(times / 2)]!;
}

/** The same call over the browser host, on a connection that stays open. */
async function overHttp(core: Core, folder: string, record: Recorder): Promise<void> {
  const host = await startLoopback(core, folder, (error) => console.error(error));
  const { origin, hash, port } = new URL(host.address);
  const headers = {
    "Content-Type": "application/json",
    "X-Crossover": "1",
    Origin: origin,
    Cookie: `crossover-${port}=${hash.slice(1)}`,
  };
  const options = { method: "POST", headers, body: "{}" };
  const ask = async () => (await fetch(`${origin}/api/settings.get`, options)).text();
  record("call over the browser host, median", await medianMs(500, ask), "ms", { atMost: 2 });
  await host.close();
}

/** Watches this thread: `longestMs` is the most of its own time that it spent without coming back to its events. A busy machine does not count. */
function watchThread() {
  let longestMs = 0;
  let last = process.threadCpuUsage();
  const timer = setInterval(() => {
    const { user, system } = process.threadCpuUsage(last);
    longestMs = Math.max(longestMs, (user + system) / 1000);
    last = process.threadCpuUsage();
  }, 1);
  return {
    end: () => {
      clearInterval(timer);
      return longestMs;
    },
  };
}

/** How long the thread that serves the window is away at most while 200 runs of the sample go on, and calls come in between. */
async function whileBusy(core: Core): Promise<number> {
  const { id } = await call(core, "scenario.createSample", {});
  const { document } = await call(core, "scenario.open", { id });
  await call(core, "run.start", { job: "warm", document, replications: 2 });
  const thread = watchThread();
  let isDone = false;
  const work = call(core, "run.start", { job: "busy", document, replications: 200 }).finally(() => {
    isDone = true;
  });
  while (!isDone) {
    await call(core, "settings.get", {});
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await work;
  return thread.end();
}

async function measure(record: Recorder): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "crossover-bench-"));
  try {
    mkdirSync(join(folder, "library"));
    const bytes = makeLargeLibrary(join(folder, "library"));
    record("database of 1,000 scenarios, 10,000 runs", bytes / 1e6, "MB", { atMost: 100 });
    const times: number[] = [];
    for (let i = 0; i < 5; i++) times.push(await openOnce(folder));
    record("opening that library", Math.min(...times) / 1000, "s", { atMost: 0.3 });
    const core = open(folder);
    const oneCall = () => call(core, "settings.get", {});
    record("call over the contract, median", await medianMs(500, oneCall), "ms", { atMost: 2 });
    await overHttp(core, folder, record);
    record("longest stop while a study runs", await whileBusy(core), "ms", { atMost: 50 });
    await core.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The desktop's share of the figures that need no window. */
export const library: Section = {
  name: "library",
  figures: [
    "database of 1,000 scenarios, 10,000 runs",
    "opening that library",
    "call over the contract, median",
    "call over the browser host, median",
    "longest stop while a study runs",
  ],
  run: measure,
};
