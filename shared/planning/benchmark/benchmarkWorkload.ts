/** The requests of a benchmark case, built as columns without a scenario's detour, so that a case costs milliseconds. */
import { createRandomStream, type RandomStream } from "../../sim/random.ts";
import { InputError } from "../../units/errors.ts";
import { nsPerS } from "../../units/units.ts";
import type { Workload } from "../../workload/workload.ts";
import { type BenchmarkLoad, maxPrompts } from "./benchmarkCase.ts";

/** Requests of a load. `staggerNs` is the time over which the clients of a staggered start begin. Throws InputError for a load that cannot be. */
export function buildBenchmarkWorkload(load: BenchmarkLoad, staggerNs = 0): Workload {
  checkLoad(load);
  const { prompts, seed } = load;
  const isClosed = load.start === "burst" || load.start === "staggered";
  const arrivalNs = isClosed
    ? new Float64Array(prompts).fill(Number.NaN)
    : load.start === "open"
      ? poissonArrivals(load)
      : new Float64Array(prompts);
  return {
    count: prompts,
    openCount: isClosed ? 0 : prompts,
    arrivalNs,
    promptTokens: lengths(load.promptTokens, load, createRandomStream(seed, "benchmark/prompt")),
    outputTokens: lengths(load.outputTokens, load, createRandomStream(seed, "benchmark/output")),
    classIndex: new Uint8Array(prompts),
    models: [],
    tenants: [],
    closedLoops: isClosed ? [clients(load, staggerNs)] : [],
    spanNs: isClosed ? 0 : Math.max(1, arrivalNs[prompts - 1]),
    notes: [],
  };
}

/** The longest prompt + output that a load can draw, tokens. */
export function longestRequest({ promptTokens, outputTokens, jitter }: BenchmarkLoad): number {
  return Math.round(promptTokens * (1 + jitter)) + Math.round(outputTokens * (1 + jitter));
}

function clients({ concurrency, prompts }: BenchmarkLoad, staggerNs: number) {
  return {
    firstRequest: 0,
    requestCount: prompts,
    clientStartNs: Float64Array.from({ length: concurrency }, (_, i) =>
      Math.round((staggerNs * i) / concurrency),
    ),
    thinkNs: new Float64Array(prompts),
  };
}

function lengths(mean: number, { prompts, jitter }: BenchmarkLoad, draws: RandomStream) {
  const tokens = new Int32Array(prompts);
  for (let i = 0; i < prompts; i++) {
    const share = 1 + jitter * (2 * draws.nextUniform() - 1);
    tokens[i] = Math.max(Math.min(1, mean), Math.round(mean * share));
  }
  return tokens;
}

function poissonArrivals({ prompts, rateRps = 0, seed }: BenchmarkLoad): Float64Array {
  const draws = createRandomStream(seed, "benchmark/arrivals");
  const arrivalNs = new Float64Array(prompts);
  let atNs = 0;
  for (let i = 0; i < prompts; i++) {
    atNs += Math.round((-Math.log(draws.nextUniform()) / rateRps) * nsPerS);
    arrivalNs[i] = atNs;
  }
  return arrivalNs;
}

function checkLoad(load: BenchmarkLoad): void {
  checkWhole("The prompt length", load.promptTokens, 1, 10_000_000, "isl");
  checkWhole("The output length", load.outputTokens, 0, 10_000_000, "osl");
  checkWhole("The concurrency", load.concurrency, 1, maxPrompts, "concurrency");
  checkWhole("The number of prompts", load.prompts, 1, maxPrompts, "prompts");
  const { jitter, rateRps } = load;
  if (!(jitter >= 0 && jitter <= 0.9)) {
    throw new InputError(
      `The jitter of the lengths is ${jitter}. Wanted a share from 0 to 0.9, e.g. 0.1.`,
      { field: "jitter" },
    );
  }
  if (load.start === "open" && !(rateRps !== undefined && rateRps > 0 && rateRps <= 1e6)) {
    throw new InputError(
      `An open start has the rate ${rateRps ?? "none"}. Wanted requests per second above 0 and up to 1,000,000.`,
      { field: "rate" },
    );
  }
}

function checkWhole(what: string, value: number, least: number, most: number, field: string) {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new InputError(`${what} is ${value}. Wanted a whole number from ${least} to ${most}.`, {
    field,
  });
}
