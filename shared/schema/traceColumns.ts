/** Trace rows as columns: what importers yield and what workload replays. */

/** Prefix-cache identity of each request's prompt: a chain of ids, each naming one block of prompt tokens given all blocks before it. */
export interface PrefixChains {
  /** Request i has ids[offsets[i]] .. ids[offsets[i+1] - 1]; length count + 1. */
  readonly offsets: Int32Array;
  /** Dense ids, 0 .. idTokens.length - 1. */
  readonly ids: Int32Array;
  /** Prompt tokens that each id covers when the prompt is long enough; the last block of a prompt is cut to the prompt. */
  readonly idTokens: Int32Array;
}

/** Where a trace's time 0 stands in the calendar. */
export type TraceOrigin =
  | { readonly kind: "calendar"; readonly epochMs: number; readonly zone: "utc" | "assumedUtc" }
  | { readonly kind: "relative" };

/** Rows of one trace sorted by arrival (stable in file order). */
export interface TraceColumns {
  readonly count: number;
  /** Nanoseconds after the first arrival, whole, ascending. */
  readonly arrivalNs: Float64Array;
  /** Prompt tokens in all, cached ones included. */
  readonly promptTokens: Int32Array;
  readonly outputTokens: Int32Array;
  /** Prompt tokens that the source says were served from a cache; undefined where the source does not say. */
  readonly cachedTokens?: Int32Array;
  /** 1 where the source marks the request as failed. */
  readonly failed?: Uint8Array;
  readonly modelIndex?: Uint16Array;
  readonly models: readonly string[];
  readonly tenantIndex?: Int32Array;
  readonly tenants: readonly string[];
  /** Index into `tags`: the tag, or the list of tags as one JSON text (rowTags.ts), of each row. */
  readonly tagIndex?: Int32Array;
  readonly tags?: readonly string[];
  readonly prefix?: PrefixChains;
  readonly origin: TraceOrigin;
}

/** One column of numbers of a trace. */
export type TraceColumn = Float64Array | Int32Array | Uint16Array | Uint8Array;

/**
 * Every column that a trace may have, by name and always in this order; undefined where it has none. Tags stand only where
 * there are any: digests of traces from before there were tags stay as they are.
 */
export function namedColumns(
  trace: TraceColumns,
): readonly (readonly [string, TraceColumn | undefined])[] {
  const { prefix, tagIndex } = trace;
  return [
    ["arrivalNs", trace.arrivalNs],
    ["promptTokens", trace.promptTokens],
    ["outputTokens", trace.outputTokens],
    ["cachedTokens", trace.cachedTokens],
    ["failed", trace.failed],
    ["modelIndex", trace.modelIndex],
    ["tenantIndex", trace.tenantIndex],
    ["offsets", prefix?.offsets],
    ["ids", prefix?.ids],
    ["idTokens", prefix?.idTokens],
    ...(tagIndex === undefined ? [] : [["tagIndex", tagIndex] as const]),
  ];
}
