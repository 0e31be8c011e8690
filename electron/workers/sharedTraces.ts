/** Traces in memory that all threads see, so that they are handed over without a copy each. */
import type { PrefixChains, TraceColumns } from "../../shared/schema/traceColumns.ts";

interface Column<Self> {
  readonly buffer: ArrayBufferLike;
  readonly byteLength: number;
  set(values: Self): void;
}

/** The column itself where its memory is shared already, else a copy in shared memory. */
function share<Self extends Column<Self>>(
  column: Self,
  over: (memory: SharedArrayBuffer) => Self,
): Self {
  if (column.buffer instanceof SharedArrayBuffer) return column;
  const copy = over(new SharedArrayBuffer(column.byteLength));
  copy.set(column);
  return copy;
}

type Numbers = Int32Array<ArrayBufferLike>;

const shareNumbers = (column: Numbers): Numbers =>
  share<Numbers>(column, (memory) => new Int32Array(memory));

function sharePrefix({ offsets, ids, idTokens }: PrefixChains): PrefixChains {
  return {
    offsets: shareNumbers(offsets),
    ids: shareNumbers(ids),
    idTokens: shareNumbers(idTokens),
  };
}

function shareColumns(trace: TraceColumns): TraceColumns {
  const { cachedTokens, failed, modelIndex, tenantIndex, tagIndex, prefix } = trace;
  return {
    ...trace,
    arrivalNs: share<Float64Array<ArrayBufferLike>>(
      trace.arrivalNs,
      (memory) => new Float64Array(memory),
    ),
    promptTokens: shareNumbers(trace.promptTokens),
    outputTokens: shareNumbers(trace.outputTokens),
    cachedTokens: cachedTokens && shareNumbers(cachedTokens),
    failed:
      failed && share<Uint8Array<ArrayBufferLike>>(failed, (memory) => new Uint8Array(memory)),
    modelIndex:
      modelIndex &&
      share<Uint16Array<ArrayBufferLike>>(modelIndex, (memory) => new Uint16Array(memory)),
    tenantIndex: tenantIndex && shareNumbers(tenantIndex),
    tagIndex: tagIndex && shareNumbers(tagIndex),
    prefix: prefix && sharePrefix(prefix),
  };
}

/** The traces with every column in shared memory, by the same source ids. */
export function shareTraces(
  traces: ReadonlyMap<string, TraceColumns>,
): ReadonlyMap<string, TraceColumns> {
  return new Map([...traces].map(([id, trace]) => [id, shareColumns(trace)]));
}
