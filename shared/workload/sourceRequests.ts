/** The requests of one source before all sources are merged. */
import type { PrefixChains } from "../schema/traceColumns.ts";

/** Columns of one source, in its own order. */
export interface SourceRequests {
  readonly id: string;
  readonly count: number;
  /** Whole nanoseconds from the start of the run, ascending; undefined for a closed loop. */
  readonly arrivalNs?: Float64Array;
  readonly promptTokens: Int32Array;
  readonly outputTokens: Int32Array;
  /** What the row hashes take for request i, so that a row keeps its class when the volume changes; undefined means i itself. */
  readonly rowKey?: Int32Array;
  /** Index into models; undefined with one name in models means that every request carries it. */
  readonly modelIndex?: Uint16Array;
  readonly models: readonly string[];
  readonly tenantIndex?: Int32Array;
  readonly tenants: readonly string[];
  /** Index into tags (schema/rowTags.ts); classes are carved by them. */
  readonly tagIndex?: Int32Array;
  readonly tags?: readonly string[];
  readonly cachedTokens?: Int32Array;
  readonly prefix?: PrefixChains;
  /** Present for a closed loop: when its clients start, and the pause before each request. */
  readonly loop?: { readonly clientStartNs: Float64Array; readonly thinkNs: Float64Array };
  /** The stated duration, or the last arrival; 0 for a closed loop. */
  readonly spanNs: number;
  readonly notes: readonly string[];
}

/** What every source is built with. */
export interface SourceContext {
  readonly seed: number;
  readonly replication: number;
  /** Local second of the week at time 0. */
  readonly secondOfWeek: number;
  /** End of the run where stated, nanoseconds; Infinity where not. */
  readonly horizonNs: number;
  /** Prompt and output tokens of a trace source's rows, for lengths drawn jointly from them. */
  readonly lengthsOfTrace: (id: string) => LengthRows;
}

/** Token counts of rows, index by index. */
export interface LengthRows {
  readonly promptTokens: Int32Array;
  readonly outputTokens: Int32Array;
}
