/** A candidate in words and as data. */
import { type Candidate, type RoutingVariant, replicasOf } from "./candidate.ts";

/** A candidate as a result shows it; null where it has no own GPUs. */
export interface CandidateReport {
  /** "4 x h100-sxm, TP 2, vllm, fp8", or "no own GPUs". */
  readonly text: string;
  readonly gpus: number;
  readonly gpu: string | null;
  readonly usdPerGpuHour: number | null;
  readonly backend: string | null;
  readonly precision: string | null;
  readonly kvPrecision: string | null;
  readonly tensorParallel: number | null;
  readonly maxNumSeqs: number | null;
  readonly migLayout: readonly string[] | null;
  readonly replicas: readonly { readonly profile: string | null; readonly replicas: number }[];
  readonly schedule: string;
  readonly licence: string | null;
  readonly routing: RoutingVariant;
}

/** Describes a candidate. */
export function describeCandidate(candidate: Candidate): CandidateReport {
  const { place, gpus, schedule, licence, routing } = candidate;
  const parts = place?.parts ?? [];
  return {
    text: candidateText(candidate),
    gpus,
    gpu: place?.gpu.id ?? null,
    usdPerGpuHour: place?.price.usdPerGpuHour ?? null,
    backend: place?.backend ?? null,
    precision: place?.precision ?? null,
    kvPrecision: place?.kvPrecision ?? null,
    tensorParallel: place?.tensorParallel ?? null,
    maxNumSeqs: place?.engine.maxNumSeqs ?? null,
    migLayout: place?.layout ?? null,
    replicas: parts.map((part) => ({
      profile: part.profile ?? null,
      replicas: replicasOf(candidate, part),
    })),
    schedule: schedule.name,
    licence: licence?.id ?? null,
    routing,
  };
}

/** A candidate in a few words. */
export function candidateText(candidate: Candidate): string {
  const { place, gpus, schedule, licence, routing } = candidate;
  if (place === undefined) return "no own GPUs";
  const { gpu, backend, precision, kvPrecision, tensorParallel, engine, layout } = place;
  const cut = layout === undefined ? [] : [`each cut into ${layout.join(" + ")}`];
  const size = layout === undefined ? [`TP ${tensorParallel}`] : [];
  return [
    `${gpus} x ${gpu.id}`,
    ...cut,
    ...size,
    `${backend} ${precision}${kvPrecision === precision ? "" : ` (KV ${kvPrecision})`}`,
    `${engine.maxNumSeqs} at once`,
    ...(schedule.name === "always" ? [] : [schedule.name]),
    ...(licence === undefined ? [] : [licence.id]),
    ...routingTexts(routing),
  ].join(", ");
}

function routingTexts({ maxWaiting, spillAfterS, poolShare }: RoutingVariant): string[] {
  const texts: string[] = [];
  if (poolShare !== undefined) texts.push(`${Number((poolShare * 100).toPrecision(6))} % to own`);
  if (maxWaiting !== undefined) {
    texts.push(maxWaiting === null ? "any number waiting" : `at most ${maxWaiting} waiting`);
  }
  if (spillAfterS !== undefined) {
    texts.push(spillAfterS === null ? "no spill by time" : `spill after ${spillAfterS} s`);
  }
  return texts;
}
