/** Fields of a file that its schema does not know: kept as they are, listed, never interpreted. */
import { nearestNames } from "../units/nearestNames.ts";
import { z } from "./zod.ts";

/** A step further into a path: pools[0].gpu. */
export function joinPath(path: string, key: PropertyKey): string {
  if (typeof key === "number") return `${path}[${key}]`;
  const name = String(key);
  if (!/^[A-Za-z_$][\w$]*$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === "" ? name : `${path}.${name}`;
}

/** The schema inside optional, default and prefault. */
function unwrapped(schema: unknown): unknown {
  let inner = schema;
  while (
    inner instanceof z.ZodOptional ||
    inner instanceof z.ZodDefault ||
    inner instanceof z.ZodPrefault ||
    inner instanceof z.ZodNullable
  ) {
    inner = inner.unwrap();
  }
  return inner;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function visitObject(
  schema: z.ZodObject,
  value: Record<string, unknown>,
  path: string,
  found: string[],
): void {
  for (const [key, member] of Object.entries(value)) {
    const at = joinPath(path, key);
    if (Object.hasOwn(schema.shape, key)) {
      visit(schema.shape[key], member, at, found);
      continue;
    }
    const unused = Object.keys(schema.shape).filter((name) => !Object.hasOwn(value, name));
    const near = nearestNames(key, unused);
    found.push(near.length > 0 ? `${at} (did you mean ${near.join(" or ")}?)` : at);
  }
}

function visit(schema: unknown, value: unknown, path: string, found: string[]): void {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodUnion) {
    const options: readonly unknown[] = inner.options;
    const taken = options.find((o) => o instanceof z.ZodType && o.safeParse(value).success);
    if (taken !== undefined) visit(taken, value, path, found);
  } else if (inner instanceof z.ZodArray && Array.isArray(value)) {
    const element = unwrapped(inner.element);
    if (!(element instanceof z.ZodObject || element instanceof z.ZodUnion)) return;
    value.forEach((item, i) => {
      visit(element, item, joinPath(path, i), found);
    });
  } else if (inner instanceof z.ZodObject && isObject(value)) {
    visitObject(inner, value, path, found);
  }
}

/** Paths of the members of `value` that `schema` does not name, with the name that may have been meant. `value` fits the schema. */
export function listUnknownFields(schema: z.ZodType, value: unknown): string[] {
  const found: string[] = [];
  visit(schema, value, "", found);
  return found;
}
