/** Differences of inputs as lines: "pools.own.replicas: 2 -> 3 (+50 %)". */
import type { InputDiff, InputDifference } from "../planning/comparison/diffInputs.ts";
import type { JsonValue } from "../schema/jsonText.ts";
import { formatGiven, formatNumber, plainText } from "./formatters.ts";

/** Longest text of an added, removed or exchanged part. */
const mostCharacters = 160;

/** A line for each difference, and one for what was left out. */
export function inputDiffLines({ differences, provenanceOnly }: InputDiff): string[] {
  const lines = differences.map(differenceLine);
  if (provenanceOnly > 0) {
    const what = provenanceOnly === 1 ? "1 entry has" : `${provenanceOnly} entries have`;
    lines.push(`(${what} another source or date and the same figures; not listed)`);
  }
  return lines.length > 0 ? lines : ["no input differs"];
}

function differenceLine({ path, kind, from, to, unit, relative }: InputDifference): string {
  const name = plainText(path);
  if (kind === "reordered")
    return `${name}, order: ${valueText(from, null)} -> ${valueText(to, null)}`;
  if (kind === "added") return `${name}: not there -> ${valueText(to, unit)}`;
  if (kind === "removed") return `${name}: ${valueText(from, unit)} -> not there`;
  const change = relative === null ? "" : ` (${signedPercent(relative)})`;
  return `${name}: ${valueText(from, unit)} -> ${valueText(to, unit)}${change}`;
}

/** A relative change: "+50 %", "-3.2 %". */
export function signedPercent(relative: number): string {
  return `${relative > 0 ? "+" : ""}${formatNumber(relative * 100)} %`;
}

/** A value of an input with its unit; long lists and objects are cut. */
export function valueText(value: JsonValue, unit: string | null): string {
  if (typeof value === "number") return withUnit(value, unit);
  if (typeof value === "string") return plainText(value);
  if (Array.isArray(value) && value.every((each) => typeof each === "number")) {
    return shortened(`[${value.map((each) => withUnit(each, null)).join(", ")}]`, unit);
  }
  if (Array.isArray(value) && value.every((each) => typeof each === "string")) {
    return shortened(value.length === 0 ? "none" : value.join(", "), null);
  }
  return shortened(JSON.stringify(value), null);
}

function withUnit(value: number, unit: string | null): string {
  if (unit === "share") return `${formatGiven(value * 100)} %`;
  return unit === null ? formatGiven(value) : `${formatGiven(value)} ${unit}`;
}

function shortened(text: string, unit: string | null): string {
  const plain = plainText(text);
  const cut = plain.length > mostCharacters ? `${plain.slice(0, mostCharacters)}...` : plain;
  return unit === null ? cut : `${cut} ${unit}`;
}
