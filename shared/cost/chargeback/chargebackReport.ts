/** A bill divided among those who used it: the types that leave the computation, exactly as JSON shows them. */
import type { ChargebackKey, ChargebackRowKind } from "./requestKeys.ts";

/** How what stands idle is charged. */
export const idleRules = ["proportional", "even", "separate"] as const;
export type IdleRule = (typeof idleRules)[number];

/** How fixed costs are charged. */
export const fixedRules = ["cost", "tokens", "even"] as const;
export type FixedRule = (typeof fixedRules)[number];

/** Columns of a divided bill. */
export const chargeColumns = ["gpuUsed", "gpuIdle", "licence", "api", "fixed"] as const;
export type ChargeColumn = (typeof chargeColumns)[number];

/** USD by column, each a whole number of `unitUsd`; `total` is their sum. */
export type Charges = Readonly<Record<ChargeColumn | "total", number>>;

/** One payer. Over all rows every column adds up to the bill. */
export interface ChargebackRow {
  readonly id: string;
  /** "idle" and "unused" bear what no payer is charged: idle hours kept apart, and GPUs that nobody used. */
  readonly kind: ChargebackRowKind | "idle" | "unused";
  readonly requests: { readonly arrived: number; readonly answered: number };
  /** Of requests that were served: whole prompts, their cached part, and output. */
  readonly tokens: { readonly prompt: number; readonly cached: number; readonly output: number };
  /** GPU-hours over the horizon, parts of a GPU as parts of an hour. */
  readonly gpuHours: { readonly used: number; readonly idle: number };
  readonly horizon: Charges;
  readonly month: Charges;
  /** Of the month's bill, 0..1; null for a bill of 0. */
  readonly share: number | null;
  /** The row's month over its tokens a month; null without tokens. */
  readonly usdPerMTok: number | null;
}

/** A part of GPUs: what a pool used or left idle, or slices that no pool has. */
export interface GpuPart {
  readonly kind: "gpuUsed" | "gpuIdle";
  readonly subjectKind: "pool" | "partition";
  readonly subject: string;
  readonly label: string;
  readonly gpuHours: number;
  readonly horizonUsd: number;
  readonly monthUsd: number;
}

/** Whole GPUs, or GPUs under MIG: their parts add up to them. */
export interface GpuParts {
  /** Id of the pool on whole GPUs, or of the partition. */
  readonly id: string;
  readonly kind: "pool" | "partition";
  /** Physical GPUs. */
  readonly gpus: number;
  /** Over the horizon, all of them together. */
  readonly gpuHours: number;
  readonly horizonUsd: number;
  readonly monthUsd: number;
  readonly parts: readonly GpuPart[];
}

/** The whole chargeback. */
export interface ChargebackReport {
  readonly by: ChargebackKey;
  readonly idle: IdleRule;
  readonly fixed: FixedRule;
  /** Size of the whole units in which the bill was divided, USD. */
  readonly unitUsd: number;
  readonly horizonS: number;
  readonly monthHours: number;
  /** The bill as `run` reports it. */
  readonly bill: { readonly horizonUsd: number; readonly monthUsd: number };
  /** Sums of the rows: the bill, rounded to whole units. */
  readonly horizon: Charges;
  readonly month: Charges;
  readonly rows: readonly ChargebackRow[];
  readonly gpus: readonly GpuParts[];
  /** By which rules it was divided, a sentence each. */
  readonly rules: readonly string[];
}
