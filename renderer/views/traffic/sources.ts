/** Sources of traffic as editors read and make them. */
import type { TraceEntry } from "../../../shared/contract/traceMethods.ts";
import { formatCount, formatNumber, formatSeconds } from "../../../shared/reports/formatters.ts";
import type { Draft } from "../../components/editing.tsx";
import { freeId } from "../../components/ids.ts";
import { idOfName, traceFields } from "../../state/traceSource.ts";
import { shapeWeights } from "../../state/weekWeights.ts";

export type SourceInput = Draft["traffic"]["sources"][number];
export type TraceInput = Extract<SourceInput, { kind: "trace" }>;
export type SyntheticInput = Extract<SourceInput, { kind: "synthetic" }>;
export type ClosedLoopInput = Extract<SourceInput, { kind: "closedLoop" }>;
export type LengthsInput = SyntheticInput["lengths"];
export type DistributionInput = Extract<LengthsInput, { prompt: unknown }>["prompt"];

const secondsPerWeek = 604_800;

/** Lengths of a chat, to begin with. */
export const chatLengths: LengthsInput = {
  prompt: { kind: "lognormal", mean: 1200, sigma: 0.9 },
  output: { kind: "lognormal", mean: 250, sigma: 0.7 },
};

/** Kinds of sources that can be added. */
export const newSources = [
  { id: "week", name: "Drawn on a week" },
  { id: "steady", name: "At a steady rate" },
  { id: "clients", name: "Clients that wait for their answers" },
] as const;
export type NewSource = (typeof newSources)[number]["id"];

/** A new source of that kind, with an id of its own. */
export function makeSource(kind: NewSource, taken: readonly SourceInput[]): SourceInput {
  const id = freeId(kind, taken);
  if (kind === "clients") {
    return { id, kind: "closedLoop", clients: 16, requests: 2000, lengths: chatLengths };
  }
  const synthetic = { id, kind: "synthetic" as const, lengths: chatLengths };
  if (kind === "steady") {
    return { ...synthetic, durationS: 3600, arrivals: { process: "poisson", rateRps: 1 } };
  }
  const arrivals = {
    process: "weekly" as const,
    meanRps: 0.1,
    cv: 1,
    dayWeights: [1, 1, 1, 1, 1, 1, 1],
  };
  return {
    ...synthetic,
    durationS: secondsPerWeek,
    arrivals: { ...arrivals, hourWeights: shapeWeights("office") },
  };
}

/** A new source that replays a trace of the library. */
export function makeTraceSource(trace: TraceEntry, taken: readonly SourceInput[]): TraceInput {
  return { id: freeId(idOfName(trace.name), taken), kind: "trace", ...traceFields(trace) };
}

/** What a distribution is, in words. */
export function distributionText(own: DistributionInput): string {
  switch (own.kind) {
    case "constant":
      return `${formatCount(own.value)}`;
    case "uniform":
      return `${formatCount(own.min)} to ${formatCount(own.max)}, evenly`;
    case "histogram":
      return `a histogram of ${formatCount(own.values.length)} lengths`;
    default:
      return `${own.kind}, ${formatNumber(own.mean)} on average`;
  }
}

/** What a source is, in words that a colleague would use. */
export function sourceText(source: SourceInput): string {
  switch (source.kind) {
    case "trace":
      return source.file === undefined
        ? source.rows === undefined
          ? "replays no trace yet"
          : `${formatCount(source.rows.arrivalS.length)} requests kept in the file`
        : `replays ${source.file}`;
    case "closedLoop":
      return `${formatCount(source.clients)} clients, each sends its next request when it has its answer`;
    case "synthetic":
      return source.durationS === undefined
        ? "made up"
        : `made up, over ${formatSeconds(source.durationS)}`;
  }
}

/** Takes a source out, and every mention of it in classes; length draws from it stop the removal being silent: they are named. */
export function removeSource(draft: Draft, index: number): void {
  const [gone] = draft.traffic.sources.splice(index, 1);
  for (const each of draft.traffic.classes) {
    const left = each.match?.sources?.filter((id) => id !== gone.id);
    if (each.match?.sources === undefined || left === undefined) continue;
    if (left.length === 0) delete each.match.sources;
    else each.match.sources = left;
  }
}

/** Gives a source another id, everywhere. */
export function renameSource(draft: Draft, index: number, id: string): void {
  const own = draft.traffic.sources[index];
  const before = own.id;
  own.id = id;
  for (const source of draft.traffic.sources) {
    if (source.kind === "trace") continue;
    const { lengths } = source;
    if ("fromTrace" in lengths && lengths.fromTrace === before) lengths.fromTrace = id;
  }
  for (const { match } of draft.traffic.classes) {
    if (match?.sources) match.sources = match.sources.map((each) => (each === before ? id : each));
  }
}
