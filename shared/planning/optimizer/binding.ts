/** What holds a candidate where it is: the target that it meets most narrowly, what runs out, and why one step less does not do. */
import { groupDigits } from "../../units/figureText.ts";
import type { RunFigures, TargetFigure } from "../points/runFigures.ts";
import type { Candidate } from "./candidate.ts";
import type { Screened } from "./screen.ts";
import type { Tried } from "./search.ts";

/** What binds a candidate. */
export interface Binding {
  /** The target with the least room, and measured over wanted; null where no latency has a target. */
  readonly target: { readonly text: string; readonly ratio: number } | null;
  /** What is used up, the scarcest first. */
  readonly resources: readonly string[];
  /** Why the same with the next fewer GPUs is no better; null where that is not known. */
  readonly oneStepLess: string | null;
}

/** Binds the figures of a candidate; `fewer` is the same candidate with the next fewer GPUs, as screened and as tried. */
export function findBinding(
  figures: RunFigures,
  poolIds: readonly string[],
  fewer: { readonly screened: Screened; readonly tried: Tried | undefined } | undefined,
  costUsd: number,
): Binding {
  return {
    target: tightestTarget(figures),
    resources: resourceTexts(figures, poolIds),
    oneStepLess: fewer === undefined ? null : fewerText(fewer.screened, fewer.tried, costUsd),
  };
}

/** Measured over wanted of a target; undefined without samples or for a deadline. */
export function targetRatio(row: TargetFigure): number | undefined {
  if (row.actualMs === null || row.targetMs === null) return undefined;
  return row.actualMs / row.targetMs;
}

function tightestTarget(figures: RunFigures): Binding["target"] {
  let best: Binding["target"] = null;
  for (const row of figures.targets) {
    const ratio = targetRatio(row);
    if (ratio === undefined || (best !== null && ratio <= best.ratio)) continue;
    const name = row.metric === "e2e" ? "end-to-end" : row.metric.toUpperCase();
    const p = `p${Number((row.percentile * 100).toPrecision(6))}`;
    const text = `${name} ${p} of class "${row.class}": ${Math.round(row.actualMs!)} of ${row.targetMs} ms`;
    best = { text, ratio };
  }
  return best;
}

const busyFrom = 0.85;

function resourceTexts(figures: RunFigures, poolIds: readonly string[]): string[] {
  const texts: string[] = [];
  for (const pool of figures.pools.filter((each) => poolIds.includes(each.id))) {
    if (pool.preemptions > 0 || pool.kvUsageMax >= 0.98) {
      const peak = percent(pool.kvUsageMax);
      texts.push(`KV cache of ${pool.id}: ${peak} at its fullest, ${pool.preemptions} preemptions`);
    }
    if ((pool.busyFraction ?? 0) < busyFrom) continue;
    const compute = pool.computeFraction ?? 0;
    const bandwidth = pool.bandwidthFraction ?? 0;
    const which = compute > bandwidth ? "compute" : "memory bandwidth";
    texts.push(
      `GPU time of ${pool.id}: busy ${percent(pool.busyFraction ?? 0)}, mostly with ${which} (${percent(Math.max(compute, bandwidth))} of peak)`,
    );
  }
  for (const { id, limited429 } of figures.providers) {
    if (limited429 > 0) texts.push(`limits of provider ${id}: ${limited429} answers 429`);
  }
  return texts;
}

function fewerText(screened: Screened, tried: Tried | undefined, costUsd: number): string {
  const { impossible, boundUsd } = screened;
  const gpus = `with ${gpusText(screened.candidate)}`;
  if (impossible === "capacity") {
    return `${gpus} there is not enough time for the work, however it is batched`;
  }
  if (impossible !== undefined) return `${gpus} it cannot serve the traffic (${impossible})`;
  if (tried === undefined) return `${gpus} it costs $${groupDigits(boundUsd)} a month at least`;
  const missed = tried.outcomes.find((each) => each.missed.length > 0);
  if (missed !== undefined) return `${gpus}: ${missed.missed[0]}`;
  const usd = tried.figures!.cost.monthUsd;
  const isUnproven = usd < costUsd && !tried.isValid;
  const once = isUnproven ? " (met once, not in every replication)" : "";
  return `${gpus} it costs $${groupDigits(usd)} a month, with more sent to APIs${once}`;
}

function gpusText({ gpus }: Candidate): string {
  return gpus === 0 ? "no own GPUs" : gpus === 1 ? "1 GPU" : `${gpus} GPUs`;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}
