/** The CSV schemas that are known by their headers. */
import { type ColumnRole, type CsvPlan, columnRole } from "./csvPlan.ts";
import type { TraceFormat } from "./formats.ts";

interface KnownCsv {
  readonly format: TraceFormat;
  readonly time: "iso" | "s";
  readonly required: readonly string[];
  readonly roles: Readonly<Record<string, ColumnRole>>;
  readonly zeroOutputIsFailure: boolean;
}

/** Azure 2023 and 2024; 2025 adds NumImages. Times are clock times with 7 fractional digits, in UTC when no zone stands there. */
const azure: KnownCsv = {
  format: "azure",
  time: "iso",
  required: ["timestamp", "contexttokens", "generatedtokens"],
  roles: {
    timestamp: columnRole.time,
    contexttokens: columnRole.promptTokens,
    generatedtokens: columnRole.outputTokens,
  },
  zeroOutputIsFailure: false,
};

/** BurstGPT 1-3: seconds after the first midnight at the site; 0 response tokens mark a failed request; the kind of log is a tag. */
const burstGpt: KnownCsv = {
  format: "burstGpt",
  time: "s",
  required: ["timestamp", "model", "request tokens", "response tokens"],
  roles: {
    timestamp: columnRole.time,
    model: columnRole.model,
    "request tokens": columnRole.promptTokens,
    "response tokens": columnRole.outputTokens,
    "log type": columnRole.tag,
  },
  zeroOutputIsFailure: true,
};

/** Vidur: seconds after the first request. */
const vidur: KnownCsv = {
  format: "vidur",
  time: "s",
  required: ["arrived_at", "num_prefill_tokens", "num_decode_tokens"],
  roles: {
    arrived_at: columnRole.time,
    num_prefill_tokens: columnRole.promptTokens,
    num_decode_tokens: columnRole.outputTokens,
  },
  zeroOutputIsFailure: false,
};

/** What the import command writes. */
const crossover: KnownCsv = {
  format: "crossover",
  time: "s",
  required: ["arrival_s", "prompt_tokens", "output_tokens"],
  roles: {
    arrival_s: columnRole.time,
    prompt_tokens: columnRole.promptTokens,
    output_tokens: columnRole.outputTokens,
    cached_tokens: columnRole.cachedTokens,
    model: columnRole.model,
    tenant: columnRole.tenant,
    tag: columnRole.tag,
  },
  zeroOutputIsFailure: false,
};

const knownCsv: readonly KnownCsv[] = [azure, burstGpt, vidur, crossover];

/** The plan of a known schema that has all columns it needs under these names (in any order and case), or undefined. */
export function findKnownCsv(
  columns: readonly string[],
): { readonly format: TraceFormat; readonly plan: CsvPlan } | undefined {
  const names = columns.map((name) => name.toLowerCase());
  const known = knownCsv.find((schema) => schema.required.every((name) => names.includes(name)));
  if (known === undefined) return undefined;
  const roles = names.map((name, column) =>
    names.indexOf(name) === column && Object.hasOwn(known.roles, name)
      ? known.roles[name]
      : columnRole.skip,
  );
  const { format, time, zeroOutputIsFailure } = known;
  return { format, plan: { columns, roles, time, zeroOutputIsFailure } };
}

/** Whether the header is Vidur's list of lengths, which has no arrival times. */
export function isLengthsOnly(columns: readonly string[]): boolean {
  return columns.includes("num_prefill_tokens") && !columns.includes("arrived_at");
}
