/** A source of a scenario that replays a trace of the library. */
import type { TraceEntry } from "../../shared/contract/traceMethods.ts";
import type { ScenarioInput } from "../../shared/schema/scenario.ts";

type Source = ScenarioInput["traffic"]["sources"][number];
type TraceSource = Extract<Source, { kind: "trace" }>;

/** The fields by which a source names a trace and says how it is read. */
export function traceFields({
  name,
  sha256,
  readAs,
  summary,
}: TraceEntry): Pick<TraceSource, "file" | "sha256" | "format" | "mapping"> {
  const { arrival, promptTokens, outputTokens } = summary.columns ?? {};
  const isMapped = readAs.mapping !== undefined;
  const hasNeeded =
    arrival !== undefined && promptTokens !== undefined && outputTokens !== undefined;
  const mapping =
    isMapped && hasNeeded
      ? { ...summary.columns, arrival, promptTokens, outputTokens, ...definedOf(readAs.mapping!) }
      : undefined;
  return {
    ...{ file: name, sha256, format: mapping === undefined ? readAs.format : summary.format },
    ...(mapping !== undefined && { mapping }),
  };
}

function definedOf(mapping: NonNullable<TraceEntry["readAs"]["mapping"]>): object {
  return Object.fromEntries(Object.entries(mapping).filter(([, value]) => value !== undefined));
}

/** Makes a source replay a trace; what is done to the trace before stays. */
export function replay(source: TraceSource, trace: TraceEntry): void {
  const { mapping, ...fields } = traceFields(trace);
  delete source.rows;
  delete source.mapping;
  Object.assign(source, fields, mapping !== undefined && { mapping });
}

/** An id that none of the given has: the base, else base-2, base-3 ... */
export function freeId(base: string, taken: readonly string[]): string {
  if (!taken.includes(base)) return base;
  let n = 2;
  while (taken.includes(`${base}-${n}`)) n++;
  return `${base}-${n}`;
}

/** A file's name as an id: letters, digits, dots, underscores and hyphens. */
export function idOfName(name: string): string {
  const plain = name
    .replace(/(\.(csv|jsonl|json|tsv|txt|gz))+$/i, "")
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+|-+$/g, "")
    .slice(0, 40);
  return plain === "" ? "trace" : plain;
}
