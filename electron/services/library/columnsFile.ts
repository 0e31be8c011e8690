/** Trace columns as one run of bytes: a line of JSON that says what follows, then the columns one after the other, little-endian, each at a multiple of 8. */
import {
  type TraceColumn as Column,
  namedColumns,
  type PrefixChains,
  type TraceColumns,
  type TraceOrigin,
} from "../../../shared/schema/traceColumns.ts";
import { InvariantError } from "../../../shared/units/errors.ts";

const kinds = { f64: Float64Array, i32: Int32Array, u16: Uint16Array, u8: Uint8Array } as const;
type Kind = keyof typeof kinds;

interface ColumnHead {
  readonly name: string;
  readonly kind: Kind;
  readonly length: number;
  /** From the start of the first column. */
  readonly offset: number;
}

interface Head {
  readonly format: "crossover-columns";
  readonly version: 1;
  readonly count: number;
  readonly models: readonly string[];
  readonly tenants: readonly string[];
  readonly tags?: readonly string[];
  readonly origin: TraceOrigin;
  readonly columns: readonly ColumnHead[];
}

const aligned = (bytes: number): number => Math.ceil(bytes / 8) * 8;

function kindOf(column: Column): Kind {
  const kind = (Object.keys(kinds) as Kind[]).find((each) => column instanceof kinds[each]);
  if (kind === undefined) throw new InvariantError("a column of an unknown kind");
  return kind;
}

function columnsOf(trace: TraceColumns): (readonly [string, Column])[] {
  return namedColumns(trace).filter(
    (each): each is readonly [string, Column] => each[1] !== undefined,
  );
}

/** Bytes of a trace. */
export function encodeColumns(trace: TraceColumns): Uint8Array {
  const columns = columnsOf(trace);
  let offset = 0;
  const heads = columns.map(([name, column]): ColumnHead => {
    const head = { name, kind: kindOf(column), length: column.length, offset };
    offset += aligned(column.byteLength);
    return head;
  });
  const { count, models, tenants, tags, origin } = trace;
  const head: Head = {
    ...{ format: "crossover-columns", version: 1 },
    ...{ count, models, tenants, tags, origin, columns: heads },
  };
  const text = Buffer.from(`${JSON.stringify(head)}\n`, "utf8");
  const start = aligned(text.length);
  const bytes = new Uint8Array(start + offset);
  bytes.fill(0x20, 0, start);
  bytes.set(text.subarray(0, -1), 0);
  bytes[start - 1] = 0x0a;
  columns.forEach(([, column], i) => {
    const raw = new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
    bytes.set(raw, start + heads[i].offset);
  });
  return bytes;
}

/** The trace that bytes hold; they were checked by their hash. Throws InvariantError for bytes of another form. */
export function decodeColumns(bytes: Uint8Array): TraceColumns {
  const end = bytes.indexOf(0x0a);
  const head = JSON.parse(Buffer.from(bytes.subarray(0, end)).toString("utf8")) as Head;
  if (head.format !== "crossover-columns" || head.version !== 1) {
    throw new InvariantError(`columns of the form ${head.format} ${head.version}`);
  }
  // A copy where a buffer from a pool begins anywhere: columns need multiples of 8.
  const isAligned = (bytes.byteOffset + end + 1) % 8 === 0;
  const body = isAligned ? bytes.subarray(end + 1) : bytes.slice(end + 1);
  const found = new Map(
    head.columns.map(({ name, kind, length, offset }) => [
      name,
      new kinds[kind](body.buffer as ArrayBuffer, body.byteOffset + offset, length),
    ]),
  );
  const { count, models, tenants, tags, origin } = head;
  const column = <T extends Column>(name: string) => found.get(name) as T | undefined;
  const optional = Object.fromEntries(
    ["cachedTokens", "failed", "modelIndex", "tenantIndex", "tagIndex"].flatMap((name) =>
      found.has(name) ? [[name, found.get(name)]] : [],
    ),
  );
  return {
    count,
    arrivalNs: column<Float64Array>("arrivalNs")!,
    promptTokens: column<Int32Array>("promptTokens")!,
    outputTokens: column<Int32Array>("outputTokens")!,
    ...optional,
    models,
    tenants,
    ...(tags !== undefined && { tags }),
    origin,
    ...(found.has("offsets") && { prefix: chainsOf(column) }),
  };
}

function chainsOf(column: <T extends Column>(name: string) => T | undefined): PrefixChains {
  return {
    offsets: column<Int32Array>("offsets")!,
    ids: column<Int32Array>("ids")!,
    idTokens: column<Int32Array>("idTokens")!,
  };
}
