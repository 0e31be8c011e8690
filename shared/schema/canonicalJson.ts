/** The one way in which Crossover writes JSON: keys sorted, two spaces, a newline at the end. */
import { InvariantError } from "../units/errors.ts";

function joined(open: string, parts: readonly string[], close: string, indent: string): string {
  if (parts.length === 0) return open + close;
  const inner = `${indent}  `;
  return `${open}\n${parts.map((part) => inner + part).join(",\n")}\n${indent}${close}`;
}

function byCodeUnit(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : 1;
}

function scalar(value: unknown): string {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new InvariantError(`JSON has no ${value}`);
  }
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw new InvariantError(`JSON has no ${typeof value}`);
  return text;
}

function write(value: unknown, indent: string): string {
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value.map((item) => write(item, inner));
    return joined("[", items, "]", indent);
  }
  if (typeof value !== "object" || value === null) return scalar(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(byCodeUnit)
    .map(([key, member]) => `${JSON.stringify(key)}: ${write(member, inner)}`);
  return joined("{", members, "}", indent);
}

/**
 * Canonical JSON text: keys in code-unit order, members that are undefined left out, numbers in their shortest
 * form, two spaces of indentation, one newline at the end. Throws InvariantError for what JSON cannot say (NaN, functions).
 */
export function canonicalJson(value: unknown): string {
  return `${write(value, "")}\n`;
}
