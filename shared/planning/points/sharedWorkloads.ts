/** Workloads that jobs of one thread share. */
import type { TraceColumns } from "../../schema/traceColumns.ts";
import { WorkloadCache } from "./runPoint.ts";

/** Two: the one in use, and the next replication's where jobs of both come in turn. */
const kept = 2;
const caches = new WeakMap<ReadonlyMap<string, TraceColumns>, WorkloadCache>();

/** The workloads made last over these traces: other traces under the same ids have theirs. */
export function sharedWorkloads(traces: ReadonlyMap<string, TraceColumns>): WorkloadCache {
  const known = caches.get(traces);
  if (known !== undefined) return known;
  const cache = new WorkloadCache(kept);
  caches.set(traces, cache);
  return cache;
}
