/** Keys of jobs: equal for equal work, different for any other. */
import { createHash } from "node:crypto";
import { namedColumns, type TraceColumns } from "../../shared/schema/traceColumns.ts";
import { InvariantError } from "../../shared/units/errors.ts";

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/**
 * Digests of JSON values. Members may stand in any order and those that are undefined do not count, as in canonical JSON.
 * Objects are remembered by identity, since the points of a study share most of theirs: what was digested once is not to be changed.
 */
export class ValueDigests {
  private readonly known = new WeakMap<object, string>();

  /** A text that is equal for equal values only: scalars as JSON, objects and lists as 64 hex digits. Throws InvariantError for what JSON cannot say. */
  digest(value: unknown): string {
    if (typeof value !== "object" || value === null) return scalar(value);
    const known = this.known.get(value);
    if (known !== undefined) return known;
    const digest = sha256(Array.isArray(value) ? this.listText(value) : this.objectText(value));
    this.known.set(value, digest);
    return digest;
  }

  private listText(list: readonly unknown[]): string {
    return `[${list.map((item) => this.digest(item)).join(",")}]`;
  }

  private objectText(value: object): string {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    members.sort(([a], [b]) => (a < b ? -1 : 1));
    const texts = members.map(([key, member]) => `${JSON.stringify(key)}:${this.digest(member)}`);
    return `{${texts.join(",")}}`;
  }
}

function scalar(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  const isNumberless = typeof value === "number" && !Number.isFinite(value);
  if (text === undefined || isNumberless) {
    throw new InvariantError(`JSON has no ${typeof value === "number" ? value : typeof value}`);
  }
  return text;
}

/** SHA-256 over everything that a trace says, 64 hex digits. */
export function digestTrace(trace: TraceColumns): string {
  const { count, models, tenants, tags, origin } = trace;
  const hash = createHash("sha256");
  const names = tags === undefined ? [models, tenants] : [models, tenants, tags];
  hash.update(JSON.stringify([count, ...names, origin]));
  for (const [name, column] of namedColumns(trace)) {
    hash.update(`\n${name} ${column?.byteLength ?? "none"}\n`);
    if (column !== undefined) {
      hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
    }
  }
  return hash.digest("hex");
}
