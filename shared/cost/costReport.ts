/** What a run cost, line by line: the types that leave the computation, exactly as JSON shows them. */
import type { Provenance } from "../schema/common.ts";

/** What a line pays for. Batch kinds are the same tokens over a provider's batch API. */
export type CostLineKind =
  | "gpuUsed"
  | "gpuIdle"
  | "licence"
  | "apiInput"
  | "apiCached"
  | "apiCacheWrite"
  | "apiOutput"
  | "apiBatchInput"
  | "apiBatchCached"
  | "apiBatchCacheWrite"
  | "apiBatchOutput"
  | "fixed";

/** Whom a line is charged to: what no pool uses of GPUs under MIG is charged to their partition. */
export type CostSubjectKind = "pool" | "partition" | "provider" | "fixed";

/** Units of a line's quantity; its price is in USD for one of them. */
export type CostUnit = "GPU-hour" | "GPU-year" | "M tokens" | "month";

/** One line of the bill: horizonUsd = quantity * priceUsd, monthUsd = horizonUsd * monthFactor. */
export interface CostLine {
  /** "kind:subjectKind:subject", with a further part where a subject has several lines of a kind. Unique in a report. */
  readonly id: string;
  readonly kind: CostLineKind;
  /** For people, e.g. "H100 SXM idle, pool chat". */
  readonly label: string;
  readonly subjectKind: CostSubjectKind;
  /** Id of the pool, partition, provider or fixed cost. */
  readonly subject: string;
  /** Over the horizon. */
  readonly quantity: number;
  readonly unit: CostUnit;
  /** After a batch discount. */
  readonly priceUsd: number;
  readonly horizonUsd: number;
  readonly monthUsd: number;
  readonly provenance?: readonly Provenance[];
}

/** A line before its price is multiplied out. */
export type CostItem = Omit<CostLine, "horizonUsd" | "monthUsd">;

/** What one traffic class cost at API providers. */
export interface ClassApiCost {
  readonly class: string;
  readonly horizonUsd: number;
  readonly monthUsd: number;
}

/** The whole bill. Sums run over `lines` in their order, so that they add up to the last bit. */
export interface CostReport {
  readonly horizonS: number;
  readonly monthHours: number;
  /** Months are horizons times this: monthHours * 3600 / horizonS. */
  readonly monthFactor: number;
  readonly horizonUsd: number;
  readonly monthUsd: number;
  readonly lines: readonly CostLine[];
  /** Trace tokens served by pools and providers; the denominator of the $ per million tokens. Cached prompt tokens count. */
  readonly tokens: { readonly prompt: number; readonly output: number };
  /** Everything (idle hours, licences, API, fixed costs) over all tokens; null when none was served. The headline. */
  readonly usdPerMTokReservation: number | null;
  /** The same without the idle lines. */
  readonly usdPerMTokUsage: number | null;
  /** Sum of the idle lines over the horizon, and a month. */
  readonly idleUsd: number;
  readonly idleMonthUsd: number;
  /** In the order of the scenario's classes; own GPUs are not split by class. */
  readonly byClass: readonly ClassApiCost[];
}
