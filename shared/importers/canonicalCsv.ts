/** Writing a trace as Crossover's own CSV, which imports back to the same columns. */
import type { TraceColumns } from "../schema/traceColumns.ts";

/** The header and then one line for each request, each with its line end. Arrivals are seconds after the first one, exact to the nanosecond. */
export function* canonicalCsvLines(columns: TraceColumns): Generator<string, void, undefined> {
  const { cachedTokens, modelIndex, models, tenantIndex, tenants, tagIndex, tags = [] } = columns;
  const header = ["arrival_s", "prompt_tokens", "output_tokens"];
  if (cachedTokens !== undefined) header.push("cached_tokens");
  if (modelIndex !== undefined) header.push("model");
  if (tenantIndex !== undefined) header.push("tenant");
  if (tagIndex !== undefined) header.push("tag");
  yield `${header.join(",")}\n`;
  const modelFields = models.map(csvField);
  const tenantFields = tenants.map(csvField);
  const tagFields = tags.map(csvField);
  for (let i = 0; i < columns.count; i += 1) {
    let line = `${decimalSeconds(columns.arrivalNs[i])},${columns.promptTokens[i]},${columns.outputTokens[i]}`;
    if (cachedTokens !== undefined) line += `,${cachedTokens[i]}`;
    if (modelIndex !== undefined) line += `,${modelFields[modelIndex[i]]}`;
    if (tenantIndex !== undefined) line += `,${tenantFields[tenantIndex[i]]}`;
    if (tagIndex !== undefined) line += `,${tagFields[tagIndex[i]]}`;
    yield `${line}\n`;
  }
}

/** Whole nanoseconds, at least 0, as seconds without loss: 4314579000 is "4.314579". */
export function decimalSeconds(ns: number): string {
  const whole = Math.floor(ns / 1e9);
  const rest = ns - whole * 1e9;
  if (rest === 0) return String(whole);
  return `${whole}.${String(rest).padStart(9, "0").replace(/0+$/, "")}`;
}

/** `text` as one CSV field, quoted where it must be. */
export function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
