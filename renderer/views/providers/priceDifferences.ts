/** Prices of a scenario held against those of the catalog or of a file: what differs, by how much, and what a change by hand leaves behind. */
import type { Provenance } from "../../../shared/schema/common.ts";

/** The prices of a rate card that are one number. */
export const priceFields = [
  "inputUsdPerMTok",
  "cachedInputUsdPerMTok",
  "cacheWriteUsdPerMTok",
  "outputUsdPerMTok",
  "batchDiscount",
] as const;
export type PriceField = (typeof priceFields)[number];

/** Names of the prices, with their units. */
export const priceNames: Readonly<Record<PriceField, string>> = {
  inputUsdPerMTok: "Input",
  cachedInputUsdPerMTok: "Cached input",
  cacheWriteUsdPerMTok: "Cache write",
  outputUsdPerMTok: "Output",
  batchDiscount: "Batch discount",
};

/** A rate card, or what of it is known. */
export type Prices = Readonly<Partial<Record<PriceField, number>>> & {
  readonly contextTiers?: readonly unknown[] | undefined;
  readonly provenance?: readonly Provenance[] | undefined;
};

/** One price that differs; undefined where a side has none. */
export interface PriceDifference {
  readonly field: PriceField;
  readonly own: number | undefined;
  readonly other: number | undefined;
  /** (own - other) / other; undefined where that has no value. */
  readonly relative: number | undefined;
}

function relativeTo(own: number | undefined, other: number | undefined): number | undefined {
  return own === undefined || other === undefined || other === 0
    ? undefined
    : (own - other) / other;
}

/** Prices in which the two differ, in the order of the fields. */
export function priceDifferences(own: Prices, other: Prices): PriceDifference[] {
  return priceFields
    .filter((field) => own[field] !== other[field])
    .map((field) => ({
      field,
      own: own[field],
      other: other[field],
      relative: relativeTo(own[field], other[field]),
    }));
}

/** "+12 %", "-3.5 %"; undefined where there is no share to tell. */
export function differenceText(relative: number | undefined): string | undefined {
  if (relative === undefined) return undefined;
  const percent = Number((relative * 100).toPrecision(3));
  return `${percent > 0 ? "+" : ""}${percent} %`;
}

/** The newest date on which a source of the prices was read: "prices as of". Undefined without sources. */
export function pricesAsOf(provenance: readonly Provenance[] | undefined): string | undefined {
  const dates = (provenance ?? []).map(({ retrievedOn }) => retrievedOn);
  return dates.length === 0 ? undefined : dates.reduce((a, b) => (a > b ? a : b));
}

/** Source that a figure has once a person changed it. */
export const handSource = "Entered by hand";

function isHandChange(entry: Provenance, what: string): boolean {
  return entry.source === handSource && (entry.note ?? "").startsWith(`${what}: `);
}

/** The history of prices after a change by hand: one entry a day for each price, with what stood there before. */
export function afterHandChange(
  history: readonly Provenance[],
  what: string,
  before: string,
  today: string,
): Provenance[] {
  const isThere = history.some((each) => isHandChange(each, what) && each.retrievedOn === today);
  if (isThere) return [...history];
  const note = `${what}: ${before} before.`;
  return [...history, { source: handSource, retrievedOn: today, basis: "estimated", note }];
}

/** The history once a price stands as its source has it again. */
export function withoutHandChange(history: readonly Provenance[], what: string): Provenance[] {
  return history.filter((each) => !isHandChange(each, what));
}

/** The history with what another source says put after it; entries that stand there already are not repeated. */
export function joinHistory(
  history: readonly Provenance[],
  added: readonly Provenance[],
): Provenance[] {
  const key = (each: Provenance): string => `${each.source}|${each.retrievedOn}|${each.note}`;
  const known = new Set(history.map(key));
  return [...history, ...added.filter((each) => !known.has(key(each)))];
}

/** Whether a price was changed by hand. */
export function isByHand(provenance: readonly Provenance[] | undefined): boolean {
  return (provenance ?? []).some(({ source }) => source === handSource);
}
