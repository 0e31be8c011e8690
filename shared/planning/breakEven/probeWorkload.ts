/** Workloads for probes of a fleet: some requests of the traffic, all at once or far apart. */
import type { PrefixChains } from "../../schema/traceColumns.ts";
import type { Workload } from "../../workload/workload.ts";

function gathered<T extends Int32Array | Uint16Array | Uint8Array>(
  column: T,
  rows: Int32Array,
  empty: (n: number) => T,
): T {
  const result = empty(rows.length);
  for (let i = 0; i < rows.length; i++) result[i] = column[rows[i]];
  return result;
}

function gatheredChains(prefix: PrefixChains, rows: Int32Array): PrefixChains {
  const offsets = new Int32Array(rows.length + 1);
  for (let i = 0; i < rows.length; i++) {
    offsets[i + 1] = offsets[i] + prefix.offsets[rows[i] + 1] - prefix.offsets[rows[i]];
  }
  const ids = new Int32Array(offsets[rows.length]);
  for (let i = 0; i < rows.length; i++) {
    ids.set(prefix.ids.subarray(prefix.offsets[rows[i]], prefix.offsets[rows[i] + 1]), offsets[i]);
  }
  return { offsets, ids, idTokens: prefix.idTokens };
}

/** Rows evenly spread over the workload; a short one comes round again where its prompts share no prefix. */
function probeRows({ count, prefix }: Workload, wanted: number): Int32Array {
  const n = prefix === undefined ? wanted : Math.min(wanted, count);
  return Int32Array.from({ length: n }, (_, i) =>
    n <= count ? Math.floor((i * count) / n) : i % count,
  );
}

/** About `wanted` open requests of a workload in its order, one every `gapNs` from time 0 (0: all at once). */
export function probeWorkload(workload: Workload, wanted: number, gapNs: number): Workload {
  const rows = probeRows(workload, wanted);
  const whole = (n: number): Int32Array => new Int32Array(n);
  const { modelIndex, tenantIndex, cachedTokens, prefix } = workload;
  return {
    count: rows.length,
    openCount: rows.length,
    arrivalNs: Float64Array.from(rows, (_, i) => i * gapNs),
    promptTokens: gathered(workload.promptTokens, rows, whole),
    outputTokens: gathered(workload.outputTokens, rows, whole),
    classIndex: gathered(workload.classIndex, rows, (n) => new Uint8Array(n)),
    modelIndex: modelIndex && gathered(modelIndex, rows, (n) => new Uint16Array(n)),
    models: workload.models,
    tenantIndex: tenantIndex && gathered(tenantIndex, rows, whole),
    tenants: workload.tenants,
    cachedTokens: cachedTokens && gathered(cachedTokens, rows, whole),
    prefix: prefix && gatheredChains(prefix, rows),
    closedLoops: [],
    spanNs: Math.max(1, rows.length * gapNs),
    notes: [],
  };
}
