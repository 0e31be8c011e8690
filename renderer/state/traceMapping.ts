/** Which column of a trace file means what: what the person chose, what the file suggests, what worked for such a file before. */
import type { Settings } from "../../shared/contract/settings.ts";
import type { TraceMapping, TracePreview } from "../../shared/contract/traceMethods.ts";

/** What a column can mean, needed ones first. */
export const columnMeanings = [
  "arrival",
  "promptTokens",
  "outputTokens",
  "cachedTokens",
  "model",
  "tenant",
  "tag",
  "requests",
  "windowEnd",
] as const;
export type ColumnMeaning = (typeof columnMeanings)[number];

/** Meanings as people say them. */
export const meaningNames: Readonly<Record<ColumnMeaning, string>> = {
  arrival: "Time of arrival",
  promptTokens: "Prompt tokens",
  outputTokens: "Output tokens",
  cachedTokens: "Cached tokens",
  model: "Model",
  tenant: "Tenant",
  tag: "Tag",
  requests: "Requests in the row",
  windowEnd: "End of the row's window",
};

/** Meanings without which no row can be read. */
export const neededMeanings: readonly ColumnMeaning[] = ["arrival", "promptTokens", "outputTokens"];

/** What a mapping says of a meaning that is to be read from no column, although one has its name. */
export const noColumn = "";

const textKeys = [...columnMeanings, "timeUnit", "cachedTokensAre"] as const;
const longestKey = 4096;
const mostRemembered = 100;

/** What files with the same columns are known by; undefined for a file without a header, or one too long to be remembered. */
export function headerKey(header: readonly string[]): string | undefined {
  const key = JSON.stringify(header);
  return header.length === 0 || key.length > longestKey ? undefined : key;
}

/** Whether the person said anything. */
export function hasChoices(mapping: TraceMapping): boolean {
  return Object.values(mapping).some((value) => value !== undefined);
}

/** The mapping that worked for such columns; undefined for none. Columns that the file lacks are left out. */
export function rememberedMapping(
  { mappings }: Settings,
  header: readonly string[],
): TraceMapping | undefined {
  const key = headerKey(header);
  const kept = key === undefined || !Object.hasOwn(mappings, key) ? undefined : mappings[key];
  if (kept === undefined) return undefined;
  const mapping: Record<string, string | number> = {};
  for (const name of textKeys) {
    const value = kept[name];
    const isColumn = (columnMeanings as readonly string[]).includes(name) && value !== noColumn;
    if (value !== undefined && (!isColumn || header.includes(value))) mapping[name] = value;
  }
  const offset = Number(kept.utcOffsetMinutes ?? "none");
  if (Number.isInteger(offset)) mapping.utcOffsetMinutes = offset;
  return Object.keys(mapping).length === 0 ? undefined : (mapping as TraceMapping);
}

/** The remembered mappings with this one; the oldest go beyond a hundred. */
export function withMapping(
  { mappings }: Settings,
  header: readonly string[],
  mapping: TraceMapping,
): Settings["mappings"] {
  const key = headerKey(header);
  if (key === undefined || !hasChoices(mapping)) return mappings;
  const { [key]: _, ...others } = mappings;
  const kept = Object.entries(mapping).filter(([, value]) => value !== undefined);
  const own = Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
  return Object.fromEntries(
    [...Object.entries(others), [key, own]].slice(-mostRemembered),
  ) as Settings["mappings"];
}

/** The mapping after a choice; undefined takes the choice back. A choice that changes nothing of what was read is none. */
export function withChoice<Key extends keyof TraceMapping>(
  mapping: TraceMapping,
  key: Key,
  value: TraceMapping[Key] | undefined,
): TraceMapping {
  const { [key]: _, ...others } = mapping;
  return (value === undefined ? others : { ...others, [key]: value }) as TraceMapping;
}

/** Columns that stand for two meanings at once: each with the meanings. */
export function doubledColumns(
  preview: Pick<TracePreview, "columns">,
  mapping: TraceMapping,
): { readonly column: string; readonly meanings: readonly ColumnMeaning[] }[] {
  const byColumn = new Map<string, ColumnMeaning[]>();
  for (const meaning of columnMeanings) {
    const column = mapping[meaning] ?? preview.columns[meaning];
    if (column !== undefined && column !== noColumn)
      byColumn.set(column, [...(byColumn.get(column) ?? []), meaning]);
  }
  return [...byColumn]
    .filter(([, meanings]) => meanings.length > 1)
    .map(([column, meanings]) => ({ column, meanings }));
}

/** Meanings of rows that sum up several requests; other files have neither. */
export const summedMeanings: readonly ColumnMeaning[] = ["requests", "windowEnd"];

/** Whether rows are read as sums of several requests. */
export function isSummed(preview: Pick<TracePreview, "columns">, mapping: TraceMapping): boolean {
  const { requests = preview.columns.requests } = mapping;
  return requests !== undefined && requests !== noColumn;
}

/** Needed meanings that no column has yet. */
export function lackingMeanings(
  preview: Pick<TracePreview, "columns">,
  mapping: TraceMapping,
): ColumnMeaning[] {
  return neededMeanings.filter(
    (meaning) => mapping[meaning] === undefined && preview.columns[meaning] === undefined,
  );
}
