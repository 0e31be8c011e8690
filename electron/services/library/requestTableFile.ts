/** A table of requests as one run of bytes: a line of JSON that says what follows, then the columns, each at a multiple of 8. */
import type { RequestColumns } from "../../../shared/planning/points/requestColumns.ts";
import { InvariantError } from "../../../shared/units/errors.ts";

const kinds = { f64: Float64Array, i32: Int32Array, i16: Int16Array, u8: Uint8Array } as const;
type Kind = keyof typeof kinds;
type Column = InstanceType<(typeof kinds)[Kind]>;

interface Head {
  readonly format: "crossover-requests";
  readonly version: 1;
  readonly texts: Pick<RequestColumns, "count" | "classes" | "destinations" | "rules" | "tenants">;
  readonly columns: readonly {
    readonly name: string;
    readonly kind: Kind;
    readonly at: number;
    readonly length: number;
  }[];
}

const aligned = (bytes: number): number => Math.ceil(bytes / 8) * 8;

function kindOf(value: unknown): Kind | undefined {
  return (Object.keys(kinds) as Kind[]).find((kind) => value instanceof kinds[kind]);
}

/** Bytes of a table. */
export function encodeRequests(table: RequestColumns): Uint8Array {
  const { count, classes, destinations, rules, tenants } = table;
  let at = 0;
  const columns = Object.entries(table).flatMap(([name, value]: [string, unknown]) => {
    const kind = kindOf(value);
    if (kind === undefined) return [];
    const column = value as Column;
    const placed = { name, kind, at, length: column.length, column };
    at += aligned(column.byteLength);
    return [placed];
  });
  const head: Head = {
    ...{ format: "crossover-requests", version: 1 },
    texts: { count, classes, destinations, rules, tenants },
    columns: columns.map(({ column: _column, ...place }) => place),
  };
  const text = Buffer.from(`${JSON.stringify(head)}\n`, "utf8");
  const start = aligned(text.length);
  const bytes = new Uint8Array(start + at);
  bytes.fill(0x20, 0, start);
  bytes.set(text.subarray(0, -1), 0);
  bytes[start - 1] = 0x0a;
  for (const { column, at: place } of columns) {
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), start + place);
  }
  return bytes;
}

/** The table that bytes hold; they were checked by their hash. Throws InvariantError for bytes of another form. */
export function decodeRequests(bytes: Uint8Array): RequestColumns {
  const end = bytes.indexOf(0x0a);
  const head = JSON.parse(Buffer.from(bytes.subarray(0, end)).toString("utf8")) as Head;
  if (head.format !== "crossover-requests" || head.version !== 1) {
    throw new InvariantError(`requests of the form ${head.format} ${head.version}`);
  }
  // A copy of its own: a buffer from a pool may begin anywhere, and columns need multiples of 8.
  const body = bytes.slice(end + 1);
  const columns = head.columns.map(({ name, kind, at, length }) => [
    name,
    new kinds[kind](body.buffer as ArrayBuffer, body.byteOffset + at, length),
  ]);
  return { ...head.texts, ...Object.fromEntries(columns) } as RequestColumns;
}
