/** Methods that look into a run: every request's life, where tokens and dollars went, why a rule took a request, what a figure is made of. */
import { timeOfDaySchema, weekdaySchema } from "../schema/common.ts";
import { z } from "../schema/zod.ts";
import { documentSchema, idParam, jobParam, method, mib } from "./common.ts";

const maxDocumentBytes = 64 * mib;
const count = z.number().int().min(0);
const share = z.number().min(0).max(1);

/** A run of the library, or a document to run: the same inputs are run once and looked at again and again. */
export const runRefSchema = z.union([
  z.strictObject({ id: idParam }),
  z.strictObject({ document: documentSchema }),
]);
export type RunRef = z.infer<typeof runRefSchema>;

const f64 = z.custom<Float64Array>((value) => value instanceof Float64Array, "a Float64Array");
const i32 = z.custom<Int32Array>((value) => value instanceof Int32Array, "a Int32Array");
const u32 = z.custom<Uint32Array>((value) => value instanceof Uint32Array, "a Uint32Array");
const u8 = z.custom<Uint8Array>((value) => value instanceof Uint8Array, "a Uint8Array");

/** One row for each request of the page; times in milliseconds, NaN where there is nothing to tell. e2e and the decode time are those of requests that ended. */
export const requestColumnsSchema = z.strictObject({
  /** Number of the request in the run. */
  index: u32,
  /** From the start of the run. */
  arrivalMs: f64,
  /** Arrival to admission, admission to first token, first token to end: they add up to e2eMs. */
  queueMs: f64,
  prefillMs: f64,
  decodeMs: f64,
  ttftMs: f64,
  /** NaN for one output token and for answers that come whole. */
  tpotMs: f64,
  e2eMs: f64,
  promptTokens: i32,
  cachedTokens: i32,
  outputTokens: i32,
  classIndex: u8,
  /** Position in destinations; -1 for none. */
  destination: i32,
  /** Position in rules; -1 for none. */
  rule: i32,
  /** Position in states. */
  state: u8,
  spilled: u8,
  attempts: u8,
  /** Position in tenants; -1 where the traffic names none. */
  tenantIndex: i32,
});

export const requestPageSchema = z.strictObject({
  /** Requests of the run. */
  total: count,
  /** Of those, that fit the filter. */
  matched: count,
  offset: count,
  classes: z.array(z.string()),
  destinations: z.array(z.string()),
  rules: z.array(z.string()),
  tenants: z.array(z.string()),
  states: z.array(z.string()),
  columns: requestColumnsSchema,
});
export type RequestPage = z.infer<typeof requestPageSchema>;

/** How long the answered requests of a class took: the empirical distribution, thinned to about a thousand points, exact at p50, p90, p95, p99, p99.9. */
export const latencyDistributionSchema = z.strictObject({
  class: z.string(),
  metric: z.enum(["ttft", "tpot", "e2e", "queue"]),
  /** Requests behind it. */
  n: count,
  /** Rising. */
  ms: f64,
  /** Share of the requests that took no longer than `ms` at the same place; ends at 1. */
  share: f64,
  /** Of the class, where it has one: `later` requests took longer than `ms`. */
  target: z.strictObject({ percentile: share, ms: z.number(), later: count }).nullable(),
});
export type LatencyDistribution = z.infer<typeof latencyDistributionSchema>;

/** Each part narrows; none keeps all. */
export const requestFilterSchema = z.strictObject({
  class: z.string().optional(),
  /** Id of a pool or provider; null for requests that nothing took. */
  destination: z.string().nullable().optional(),
  state: z.string().optional(),
  tenant: z.string().optional(),
  isSpilled: z.boolean().optional(),
  /** Arrival within [fromS, toS) of the run. */
  fromS: z.number().min(0).optional(),
  toS: z.number().min(0).optional(),
  leastTtftMs: z.number().min(0).optional(),
  leastE2eMs: z.number().min(0).optional(),
  leastQueueMs: z.number().min(0).optional(),
});
export type RequestFilter = z.infer<typeof requestFilterSchema>;

const condition = z.strictObject({
  name: z.string(),
  wanted: z.string(),
  found: z.string(),
  holds: z.boolean(),
});

export const routeTestSchema = z.strictObject({
  class: z.string(),
  /** Why that class. */
  classNote: z.string(),
  rules: z.array(
    z.strictObject({
      rule: z.string(),
      /** skipped: does not match; refused: matches and cannot take it now; unread: an earlier rule took it. */
      outcome: z.enum(["taken", "held", "skipped", "refused", "unread"]),
      conditions: z.array(condition),
      guards: z.array(condition),
      /** Of the matching requests; the test goes on as if this one were among them. */
      share,
    }),
  ),
  /** Id of the pool or provider; null for a request that is turned away. */
  destination: z.string().nullable(),
  kind: z.enum(["pool", "provider", "reject", "unroutable"]),
  isSpilled: z.boolean(),
  isHeld: z.boolean(),
});
export type RouteTestReply = z.infer<typeof routeTestSchema>;

const poolLoad = z.strictObject({
  waitingPerReplica: z.number().min(0).default(0),
  runningShare: z.number().min(0).default(0),
  kvUsage: share.default(0),
  estimatedWaitS: z.number().min(0).default(0),
});

export const flowSchema = z.strictObject({
  cells: z.array(
    z.strictObject({
      class: z.string(),
      /** Null for requests that nothing took. */
      destination: z.string().nullable(),
      kind: z.enum(["pool", "provider", "none"]),
      requests: count,
      spilled: count,
      promptTokens: z.number(),
      cachedTokens: z.number(),
      outputTokens: z.number(),
      /** A month: exact at providers; of a pool's costs the class's part by work. */
      monthUsd: z.number(),
    }),
  ),
  /** Fixed costs, and GPUs that no class used. */
  rest: z.array(z.strictObject({ label: z.string(), monthUsd: z.number() })),
  /** All of it. */
  monthUsd: z.number(),
});
export type FlowReply = z.infer<typeof flowSchema>;

const provenance = z.looseObject({
  source: z.string(),
  retrievedOn: z.string(),
  basis: z.string(),
  note: z.string().optional(),
});

export const explanationSchema = z.strictObject({
  figure: z.string(),
  title: z.string(),
  formula: z.string(),
  value: z.number().nullable(),
  unit: z.string(),
  terms: z.array(
    z.strictObject({
      label: z.string(),
      value: z.number().nullable(),
      unit: z.string(),
      /** Path of a figure that can be explained in turn. */
      figure: z.string().optional(),
      provenance: z.array(provenance).optional(),
    }),
  ),
  notes: z.array(z.string()),
});

export const insightMethods = {
  /**
   * The requests of a run, a page at a time: their lives as columns. The run is repeated once for it, on a worker, and its table is
   * kept (the last two in memory, all among the files of the library), so that further pages come at once.
   */
  "run.requests": method(
    z.strictObject({
      job: jobParam,
      run: runRefSchema,
      offset: count.default(0),
      limit: count.max(20_000).default(1000),
      filter: requestFilterSchema.default({}),
    }),
    requestPageSchema,
    maxDocumentBytes,
  ),
  /** Distributions of every class and latency over the requests that arrived from `fromS` on (a report's warmupS leaves out what it does). */
  "run.latencies": method(
    z.strictObject({ job: jobParam, run: runRefSchema, fromS: z.number().min(0).default(0) }),
    z.strictObject({ latencies: z.array(latencyDistributionSchema) }),
    maxDocumentBytes,
  ),
  /** Requests, tokens and dollars from classes to pools and providers; cells and rest add up to the month's bill. */
  "run.flow": method(
    z.strictObject({ job: jobParam, run: runRefSchema }),
    flowSchema,
    maxDocumentBytes,
  ),
  /**
   * What the rules would do with one request: which conditions fit, which guard held it off, where it would go. `pools` says how busy
   * they are; a pool that is not named has what the run of `load` shows at that second, and is idle without one.
   */
  "run.routeTest": method(
    z.strictObject({
      document: documentSchema,
      request: z.strictObject({
        class: z.string().optional(),
        source: z.string().optional(),
        model: z.string().optional(),
        tenant: z.string().optional(),
        tag: z.string().optional(),
        promptTokens: count,
        outputTokens: count,
        /** Mean output of the class, by which rules go; default outputTokens. */
        expectedOutputTokens: z.number().min(0).optional(),
        weekday: weekdaySchema.default("monday"),
        time: timeOfDaySchema.default("12:00"),
      }),
      pools: z.record(z.string(), poolLoad).default({}),
      /** What each rule has spent this month, USD. */
      spentUsd: z.record(z.string(), z.number().min(0)).default({}),
      limitedProviders: z.array(z.string()).default([]),
      /** A run of the library, and the second of it whose load the pools have. */
      load: z.strictObject({ runId: idParam, atS: z.number().min(0) }).optional(),
    }),
    routeTestSchema,
    maxDocumentBytes,
  ),
  /**
   * A figure of a kept run taken apart: formula, values, sources. Paths are those of shared/reports/explainFigure.ts, which a page
   * may also ask itself for a report that it holds; figure.list names them all.
   */
  "figure.explain": method(
    z.strictObject({ runId: idParam, figure: z.string().min(1).max(400) }),
    explanationSchema,
  ),
  "figure.list": method(
    z.strictObject({ runId: idParam }),
    z.strictObject({ figures: z.array(z.string()) }),
  ),
};
