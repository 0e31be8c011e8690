/** Answers to edits: the sample's, and those of a made trace of a million requests, through core's contract. */

import { once } from "node:events";
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Core, createCore } from "../../electron/core/createCore.ts";
import type { Reply } from "../../shared/contract/errors.ts";
import type { MethodName, MethodParams, MethodResult } from "../../shared/contract/methods.ts";
import type { Scenario } from "../../shared/schema/scenario.ts";
import { buildWorkload } from "../../shared/workload/buildWorkload.ts";
import { type Recorder, type Section, timed } from "../harness.ts";
import { fullLoad, plainLoad } from "../scenarios.ts";

const million = 1_000_000;
const edits = 5;
const sample = join(import.meta.dirname, "../../data/samples/azure-conv-hybrid.crossover");

class Bench {
  readonly folder = mkdtempSync(join(tmpdir(), "crossover-live-"));
  private readonly core: Core;

  constructor() {
    this.core = createCore({
      ...{ host: "cli", version: "bench", isPackaged: false, dataFolder: this.folder, workers: 2 },
      log: (error) => console.error(error),
    });
  }

  async call<Name extends MethodName>(
    name: Name,
    params: MethodParams<Name>,
  ): Promise<MethodResult<Name>> {
    const reply = await this.core.call(name, params, { host: "cli", id: "bench" });
    const known = reply as Reply<MethodResult<Name>>;
    if (!known.ok) throw new Error(known.error.message);
    return known.value;
  }

  offer(path: string): string {
    return this.core.files.offer({ path, name: "made.csv", bytes: 1, use: "read" }).token;
  }

  async close(): Promise<void> {
    await this.core.close();
    rmSync(this.folder, { recursive: true });
  }
}

/** Writes the requests of a made load as a trace file. */
async function writeTrace(scenario: Scenario, path: string): Promise<void> {
  const { traffic, clock, seed } = scenario;
  const made = buildWorkload({ traffic, clock, seed, traces: new Map(), replication: 0 });
  const stream = createWriteStream(path);
  stream.write("arrival_s,prompt_tokens,output_tokens\n");
  for (let from = 0; from < made.count; from += 10_000) {
    const lines: string[] = [];
    for (let i = from; i < Math.min(made.count, from + 10_000); i++) {
      lines.push(`${made.arrivalNs[i] / 1e9},${made.promptTokens[i]},${made.outputTokens[i]}\n`);
    }
    if (!stream.write(lines.join(""))) await once(stream, "drain");
  }
  stream.end();
  await once(stream, "finish");
}

/** The load's scenario over the imported trace of its requests. */
async function onTrace(bench: Bench, scenario: Scenario): Promise<Scenario> {
  const path = join(bench.folder, "made.csv");
  await writeTrace(scenario, path);
  const { trace } = await bench.call("trace.import", { job: "import", file: bench.offer(path) });
  const source = { id: "load", kind: "trace", file: "made.csv", sha256: trace.sha256 };
  return {
    ...scenario,
    traffic: { ...scenario.traffic, sources: [source as Scenario["traffic"]["sources"][number]] },
  };
}

interface Waits {
  readonly firstMs: number;
  readonly wholeMs: number;
}

/** Median waits for the answers to edits of a figure of the fleet, the page's two calls side by side. */
async function answerEdits(bench: Bench, document: Record<string, unknown>): Promise<Waits> {
  const firsts: number[] = [];
  const wholes: number[] = [];
  for (let edit = 0; edit <= edits; edit++) {
    const edited = edit === 0 ? document : withEdit(document, edit);
    const startMs = performance.now();
    const quick = bench.call("run.quick", { job: `q${edit}`, document: edited }).then(() => {
      firsts.push(performance.now() - startMs);
    });
    await bench.call("run.start", { job: `w${edit}`, document: edited, isKept: false });
    wholes.push(performance.now() - startMs);
    await quick;
  }
  return { firstMs: median(firsts.slice(1)), wholeMs: median(wholes.slice(1)) };
}

function withEdit(document: Record<string, unknown>, edit: number): Record<string, unknown> {
  const [pool, ...rest] = document.pools as { engine: object }[];
  const engine = { ...pool.engine, maxNumSeqs: 200 + edit };
  return { ...document, pools: [{ ...pool, engine }, ...rest] };
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

async function measureMillion(
  record: Recorder,
  name: string,
  load: Scenario,
  atMost: number,
): Promise<void> {
  const bench = new Bench();
  try {
    const document = JSON.parse(JSON.stringify(await onTrace(bench, load)));
    const { firstMs, wholeMs } = await answerEdits(bench, document);
    record(`live, first answer of a million, ${name}`, firstMs, "ms", { atMost: 300 });
    record(`live, whole answer of a million, ${name}`, wholeMs / 1000, "s", { atMost });
  } finally {
    await bench.close();
  }
}

async function measureSample(record: Recorder): Promise<void> {
  const bench = new Bench();
  try {
    await bench.call("scenario.createSample", {});
    const document = JSON.parse(await readFile(sample, "utf8"));
    const cold = await timed(() =>
      bench.call("run.start", { job: "cold", document, isKept: false }),
    );
    record("live, first run of the sample", cold.wallS * 1000, "ms");
    const { wholeMs } = await answerEdits(bench, document);
    record("live, answer to an edit of the sample", wholeMs, "ms", { atMost: 200 });
  } finally {
    await bench.close();
  }
}

/** Edit to answer, without the page. */
export const live: Section = {
  name: "live",
  figures: [
    "live, first run of the sample",
    "live, answer to an edit of the sample",
    "live, first answer of a million, plain features",
    "live, whole answer of a million, plain features",
    "live, first answer of a million, all features",
    "live, whole answer of a million, all features",
  ],
  async run(record) {
    await measureSample(record);
    await measureMillion(record, "plain features", plainLoad(million, 40), 1.5);
    await measureMillion(record, "all features", fullLoad(million, 50), 2.5);
  },
};
