/** Fleets of one model each at volumes that a claim names: cost, utilization and targets from runs with whole GPUs. */
import { findProvider } from "../../../catalog/catalog.ts";
import { blendedPrice } from "../../../cost/closedForms.ts";
import type { FleetExperiment } from "../../../schema/claims.ts";
import { tokensPerMTok } from "../../../units/units.ts";
import { latencyOf, type RunFigures } from "../../points/runFigures.ts";
import type { ClaimInputs, QuantityBook } from "../quantities.ts";
import type { ExperimentCase } from "./experimentResult.ts";
import { type FleetMemory, FleetRuns, type FleetSubject } from "./fleetRuns.ts";

/** Replicas that are tried at a break-even: their cost and the volume that it buys grow alike, so that only pooling helps. */
const breakEvenReplicas = [1, 2, 4, 8];

/** One case per model, tier, ratio and volume (or provider). */
export function runFleetCases(
  experiment: FleetExperiment,
  inputs: ClaimInputs,
  book: QuantityBook,
  memory: FleetMemory,
): ExperimentCase[] {
  return experiment.models.flatMap((model) =>
    experiment.tiers.flatMap((tier) =>
      experiment.ratios.flatMap((ratio) => {
        const parts = { input: book.evaluate(ratio.input), output: book.evaluate(ratio.output) };
        const subject = { model, tier, ratio, parts };
        return subjectCases(experiment, inputs, book, subject, memory);
      }),
    ),
  );
}

function subjectCases(
  experiment: FleetExperiment,
  inputs: ClaimInputs,
  book: QuantityBook,
  subject: Asked["subject"],
  memory: FleetMemory,
): ExperimentCase[] {
  const runs = new FleetRuns(experiment, inputs, book, subject, memory);
  const label = labelOf(subject);
  const unfit = runs.unfit();
  if (unfit !== undefined) return [{ label, figures: {}, notes: [], impossible: unfit }];
  const most = runs.mostTokens();
  if (most === 0) {
    const impossible = "one replica misses its targets at any volume";
    return [{ label, figures: {}, notes: [], impossible }];
  }
  const found = (part: string, asked: number, replicas: number | undefined): ExperimentCase =>
    replicas === undefined
      ? noFleet(`${label}, ${part}`, experiment)
      : fleetCase(
          `${label}, ${part}`,
          { subject, asked, replicas, most },
          runs.at(asked, replicas),
        );
  const { volumes } = experiment;
  if (volumes.at === "monthTokens") {
    return volumes.volumes.map(({ label: part, tokens }) => {
      const asked = book.evaluate(tokens);
      return found(part, asked, runs.fewestReplicas(asked));
    });
  }
  if (volumes.at === "shareOfMost") {
    return volumes.shares.map((share) => found(`${share * 100} % of its most`, share * most, 1));
  }
  if (volumes.at === "busyFraction") {
    return volumes.shares.map((share) =>
      found(`${share * 100} % busy`, runs.tokensAtBusy(share), 1),
    );
  }
  const monthUsd = runs.at(most, 1).cost.monthUsd;
  return volumes.providers.map((id) => {
    const price = priceOf(inputs, subject, id);
    const perReplica = (monthUsd / price) * tokensPerMTok;
    const replicas = breakEvenReplicas.find((count) => runs.isMet(count * perReplica, count));
    if (replicas === undefined) return neverCase(`${label}, ${id}`, perReplica, most);
    return found(id, replicas * perReplica, replicas);
  });
}

function labelOf({ model, tier, ratio }: FleetSubject): string {
  const group = model.tensorParallel === 1 ? "" : ` on ${model.tensorParallel} GPUs`;
  return `${model.model} ${model.precision}${group}, ${tier.label}, ${ratio.label}`;
}

/** What a fleet was asked for, and what is known of one replica. */
interface Asked {
  readonly subject: FleetSubject & { readonly parts: { input: number; output: number } };
  readonly asked: number;
  readonly replicas: number;
  readonly most: number;
}

function fleetCase(label: string, given: Asked, run: RunFigures): ExperimentCase {
  const { subject, asked, replicas, most } = given;
  const monthMTok = run.monthTokens / tokensPerMTok;
  const figures: Record<string, number> = {
    replicas,
    gpus: replicas * subject.model.tensorParallel,
    askedMTok: asked / tokensPerMTok,
    monthMTok,
    partsInput: subject.parts.input,
    partsOutput: subject.parts.output,
    ownUsd: run.cost.monthUsd,
    usdPerMTok: run.cost.monthUsd / monthMTok,
    busyFraction: run.pools[0].busyFraction ?? 0,
    shareOfMost: run.monthTokens / (replicas * most),
    mostMTok: most / tokensPerMTok,
    tolerates: subject.tier.toleratesBatching ? 1 : 0,
    requests: run.arrived,
    extrapolatedShare: run.pools[0].extrapolatedShare ?? 0,
  };
  const ttftP95Ms = latencyOf(run, "ttft").p95;
  const tpotP95Ms = latencyOf(run, "tpot").p95;
  if (ttftP95Ms !== null) figures.ttftP95Ms = ttftP95Ms;
  if (tpotP95Ms !== null) figures.tpotP95Ms = tpotP95Ms;
  return { label, figures, notes: [] };
}

function noFleet(label: string, { maxReplicas }: FleetExperiment): ExperimentCase {
  const impossible = `more than ${maxReplicas} replicas are needed to keep the targets`;
  return { label, figures: {}, notes: [], impossible };
}

function neverCase(label: string, perReplica: number, most: number): ExperimentCase {
  const millions = (tokens: number) => Math.round(tokens / tokensPerMTok);
  const impossible = `never: a replica would have to serve ${millions(perReplica)} M tokens a month to cost as little, and serves at most ${millions(most)} M within its targets`;
  return { label, figures: {}, notes: [], impossible };
}

/** What an API charges per million tokens at the subject's ratio; a batch entry at its batch price. */
function priceOf({ catalog }: ClaimInputs, { parts }: Asked["subject"], id: string): number {
  const { price, api } = findProvider(catalog, id);
  const factor = api === "batch" ? 1 - (price.batchDiscount ?? 0) : 1;
  return blendedPrice(price, parts) * factor;
}
