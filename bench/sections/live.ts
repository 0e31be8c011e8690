/** Answers to edits: the sample's, and those of a made trace of a million requests, through core's contract. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Scenario } from "../../shared/schema/scenario.ts";
import { CoreBench } from "../coreBench.ts";
import { type Recorder, type Section, timed } from "../harness.ts";
import { fullLoad, plainLoad } from "../scenarios.ts";

const million = 1_000_000;
const edits = 5;
const sample = join(import.meta.dirname, "../../data/samples/azure-conv-hybrid.crossover");

interface Waits {
  readonly firstMs: number;
  readonly wholeMs: number;
}

/** Median waits for the answers to edits of a figure of the fleet, the page's two calls side by side. */
async function answerEdits(bench: CoreBench, document: Record<string, unknown>): Promise<Waits> {
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
  const bench = new CoreBench();
  try {
    const document = await bench.onTrace(load);
    const { firstMs, wholeMs } = await answerEdits(bench, document);
    record(`live, first answer of a million, ${name}`, firstMs, "ms", { atMost: 300 });
    record(`live, whole answer of a million, ${name}`, wholeMs / 1000, "s", { atMost });
  } finally {
    await bench.close();
    bench.remove();
  }
}

async function measureSample(record: Recorder): Promise<void> {
  const bench = new CoreBench();
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
    bench.remove();
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
