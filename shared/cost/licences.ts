/** Licences: which physical GPUs each one covers, what that costs, and where it is not allowed. */
import { findLicence } from "../catalog/catalog.ts";
import type { Licence } from "../schema/catalog.ts";
import { mostReplicas, type Partition, type Pool } from "../schema/fleet.ts";
import type { Scenario } from "../schema/scenario.ts";
import { hoursPerYear, nsPerS, sPerDay, sPerHour } from "../units/units.ts";
import { type CostFacts, factsOf } from "./costFacts.ts";
import type { CostItem, CostSubjectKind } from "./costReport.ts";
import { heldShare, partitionShare, poolsOn } from "./gpuItems.ts";

const nsPerHour = nsPerS * sPerHour;

/** A part of the GPUs under a licence. */
interface LicenceUse {
  readonly licence: Licence;
  readonly subjectKind: CostSubjectKind;
  readonly subject: string;
  /** Physical GPUs; a part of one for a pool on MIG instances. */
  readonly gpus: number;
  /** GPU-hours held. */
  readonly gpuHours: number;
  readonly isProduction: boolean;
}

/**
 * Licence lines. A licence is due for each physical GPU, whatever its MIG slices: once for a partition, split over the
 * pools under it by memory slices, the rest charged to the partition. A price per year (8,760 h) runs for the whole
 * horizon, also while a pool is scheduled off, and for as many GPUs as an autoscaler had at once; a price per hour only for the hours held.
 */
export function licenceItems(facts: CostFacts): CostItem[] {
  const horizonYears = facts.horizonNs / nsPerHour / hoursPerYear;
  const uses = licenceUses(facts.scenario, {
    gpuHours: (kind, id) => heldGpuHours(facts, kind, id),
    replicas: (pool) => factsOf(facts.pools, pool.id).peakReplicas ?? mostReplicas(pool),
    share: (partition, pool) => heldShare(facts, partition, pool),
  });
  return uses.flatMap((use) => itemsOf(use, horizonYears));
}

/** Messages on licences and providers that the scenario's traffic may not use: not for production, too many GPUs, evaluation over. */
export function licenceWarnings(scenario: Scenario): string[] {
  const uses = licenceUses(scenario, {
    gpuHours: () => 0,
    replicas: mostReplicas,
    share: (partition, pool) => partitionShare(scenario, partition, pool),
  });
  const licences = [...new Set(uses.map((use) => use.licence))];
  return [
    ...uses.filter((use) => use.isProduction && !use.licence.production).map(productionWarning),
    ...licences.flatMap((licence) => limitWarnings(scenario, licence, uses)),
    ...providerWarnings(scenario),
  ];
}

/** GPU-hours held by a pool on whole GPUs, or by a partition. */
function heldGpuHours(facts: CostFacts, kind: CostSubjectKind, id: string): number {
  if (kind === "partition") return factsOf(facts.partitions, id).provisionedGpuNs / nsPerHour;
  const { provisionedReplicaNs, busyReplicaNs } = factsOf(facts.pools, id);
  const pool = facts.scenario.pools.find((each) => each.id === id)!;
  return (Math.max(provisionedReplicaNs, busyReplicaNs) * pool.tensorParallel) / nsPerHour;
}

/** What is held under licences. */
interface Held {
  gpuHours(kind: CostSubjectKind, id: string): number;
  /** Replicas of a pool on whole GPUs at once. */
  replicas(pool: Pool): number;
  /** Share of a partition's GPUs that a pool on it takes. */
  share(partition: Partition, pool: Pool): number;
}

function licenceUses(scenario: Scenario, held: Held): LicenceUse[] {
  const whole = scenario.pools.flatMap((pool): LicenceUse[] => {
    if (pool.partition !== undefined || pool.licence === undefined) return [];
    const licence = findLicence(scenario, pool.licence);
    const gpus = held.replicas(pool) * pool.tensorParallel;
    const gpuHours = held.gpuHours("pool", pool.id);
    const { id: subject, production: isProduction } = pool;
    return [{ licence, subjectKind: "pool", subject, gpus, gpuHours, isProduction }];
  });
  return [
    ...whole,
    ...scenario.partitions.flatMap((each) => usesOnPartition(scenario, each, held)),
  ];
}

/** Every licence of a partition or of a pool on it covers all of the partition's GPUs. */
function usesOnPartition(scenario: Scenario, partition: Partition, held: Held): LicenceUse[] {
  const pools = poolsOn(scenario, partition);
  const ids = [partition.licence, ...pools.map((pool) => pool.licence)];
  const gpuHours = held.gpuHours("partition", partition.id);
  return [...new Set(ids)].flatMap((id) => {
    if (id === undefined) return [];
    const licence = findLicence(scenario, id);
    const bearers = pools.filter((pool) => (pool.licence ?? partition.licence) === id);
    const shares = bearers.map((pool) => held.share(partition, pool));
    const rest = 1 - shares.reduce((sum, share) => sum + share, 0);
    const use = (subjectKind: CostSubjectKind, subject: string, share: number) => ({
      ...{ licence, subjectKind, subject },
      gpus: partition.gpus * share,
      gpuHours: gpuHours * share,
    });
    const isProduction = false;
    const ofPools = bearers.map((pool, i) => ({
      ...use("pool", pool.id, shares[i]),
      isProduction: pool.production,
    }));
    if (rest < 1e-12) return ofPools;
    return [...ofPools, { ...use("partition", partition.id, rest), isProduction }];
  });
}

function itemsOf(use: LicenceUse, horizonYears: number): CostItem[] {
  const { usdPerGpuYear, usdPerGpuHour } = use.licence;
  const yearly: CostItem = {
    ...describe(use, "year"),
    quantity: use.gpus * horizonYears,
    unit: "GPU-year",
    priceUsd: usdPerGpuYear,
  };
  const hourly: CostItem = {
    ...describe(use, "hour"),
    quantity: use.gpuHours,
    unit: "GPU-hour",
    priceUsd: usdPerGpuHour,
  };
  if (usdPerGpuYear > 0 && usdPerGpuHour > 0) return [yearly, hourly];
  return usdPerGpuYear > 0 ? [yearly] : [hourly];
}

function describe({ licence, subjectKind, subject }: LicenceUse, period: string) {
  return {
    id: `licence:${subjectKind}:${subject}:${licence.id}:${period}`,
    kind: "licence",
    label: licence.name,
    ...{ subjectKind, subject, provenance: licence.provenance },
  } as const;
}

function productionWarning({ licence, subject }: LicenceUse): string {
  return `Pool "${subject}" serves production traffic under "${licence.name}", which does not allow it. Choose a production licence, or set production to false.`;
}

function limitWarnings(
  scenario: Scenario,
  licence: Licence,
  uses: readonly LicenceUse[],
): string[] {
  const own = uses.filter((use) => use.licence === licence);
  const gpus = Math.round(own.reduce((sum, use) => sum + use.gpus, 0));
  const { maxGpus, evaluationDays, name } = licence;
  const { horizonS } = scenario.run;
  const warnings: string[] = [];
  if (maxGpus !== undefined && gpus > maxGpus) {
    warnings.push(
      `"${name}" allows at most ${maxGpus} GPUs, and ${gpus} stand under it. Use fewer GPUs or another licence.`,
    );
  }
  if (evaluationDays !== undefined && horizonS !== undefined && horizonS > evaluationDays * sPerDay)
    warnings.push(
      `"${name}" ends after ${evaluationDays} days, before the horizon of ${horizonS / sPerDay} days does. Choose a production licence or a shorter horizon.`,
    );
  return warnings;
}

function providerWarnings(scenario: Scenario): string[] {
  const targets = new Set(
    scenario.rules.map(({ to }) => ("provider" in to ? to.provider : undefined)),
  );
  return scenario.providers
    .filter((provider) => !provider.production && targets.has(provider.id))
    .map(
      ({ id, name }) =>
        `Provider "${id}" (${name}) is not for production, and a rule sends traffic to it. Use it for trials only.`,
    );
}
