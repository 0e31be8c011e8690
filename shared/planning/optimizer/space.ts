/** A search space made ready: names resolved against scenario and catalog, defaults filled in and told. */
import { type Catalog, findEntry, findGpu, findLicence } from "../../catalog/catalog.ts";
import {
  backends,
  type Gpu,
  kvPrecisions,
  type Licence,
  precisions,
  servers,
} from "../../schema/catalog.ts";
import type { Pool, Schedule } from "../../schema/fleet.ts";
import type { Scenario } from "../../schema/scenario.ts";
import type { RoutingSpace, SearchSpaceFile } from "../../schema/searchSpace.ts";
import { InputError } from "../../units/errors.ts";
import { nearestNames } from "../../units/nearestNames.ts";

/** What an hour of a GPU costs, with where that is from. */
export type GpuPrice = NonNullable<Pool["price"]>;

/** A GPU type that may be rented or bought. */
export interface PricedGpu {
  readonly gpu: Gpu;
  readonly price: GpuPrice;
}

/** When the pool is on. */
export interface NamedSchedule {
  readonly name: string;
  readonly schedule: Schedule;
}

/** What is searched: every list has an entry at least, in the order in which candidates are made. */
export interface SearchSpace {
  /** The pool that is varied. */
  readonly pool: Pool;
  readonly gpus: readonly PricedGpu[];
  readonly minGpus: number;
  readonly maxGpus: number;
  readonly tensorParallel: readonly number[];
  readonly precisions: readonly Pool["precision"][];
  readonly kvPrecisions: readonly Pool["kvPrecision"][];
  readonly backends: readonly Pool["backend"][];
  readonly maxNumSeqs: readonly number[];
  readonly hasMig: boolean;
  readonly routing: RoutingSpace;
  readonly schedules: readonly NamedSchedule[];
  /** Undefined for no licence. */
  readonly licences: readonly (Licence | undefined)[];
  /** What was taken where nothing was said, one sentence each. */
  readonly notes: readonly string[];
}

const workingDays = ["monday", "tuesday", "wednesday", "thursday", "friday"] as const;

/** Schedules that have a name; local time of the scenario's clock. */
const knownSchedules: Readonly<Record<string, Schedule>> = {
  always: { kind: "always" },
  "working-hours": {
    kind: "hours",
    hours: [{ from: "08:00", to: "18:00", days: [...workingDays] }],
  },
  night: { kind: "hours", hours: [{ from: "20:00", to: "06:00" }] },
};

/** Resolves a space. Throws InputError, with the nearest names, for what is not there and for GPUs without a price. */
export function resolveSpace(
  file: SearchSpaceFile,
  scenario: Scenario,
  catalog: Catalog,
): SearchSpace {
  const pool = choosePool(scenario, file.pool);
  refuseSharedPartition(scenario, pool);
  const maxGpus = file.maxGpus ?? Math.max(usualMostGpus, gpusNow(scenario, pool));
  if (file.minGpus > maxGpus) {
    throw new InputError(
      `The space has no number of GPUs: at least ${file.minGpus} and at most ${maxGpus}. Raise maxGpus.`,
      { field: "maxGpus" },
    );
  }
  const notes: string[] = [];
  const spares = pool.failures?.spares ?? 0;
  if (spares > 0) {
    const cut = file.mig ? ", and MIG instances are left out" : "";
    notes.push(
      `Numbers of GPUs leave out the ${spares} spare replicas of pool "${pool.id}"; they are billed${cut}.`,
    );
  }
  const common = {
    ...{ pool, minGpus: file.minGpus, maxGpus, hasMig: file.mig },
    maxNumSeqs: unique(file.maxNumSeqs ?? [pool.engine.maxNumSeqs]),
    routing: file.routing ?? {},
    schedules: schedulesOf(file, pool),
    licences: licencesOf(file, scenario, pool, catalog),
  };
  if (pool.executionTime.kind === "linear") {
    return { ...common, ...textbookAxes(file, scenario, pool, notes), notes };
  }
  return {
    ...common,
    gpus: gpusOf(file, scenario, pool, catalog, notes),
    tensorParallel: unique(file.tensorParallel ?? [...usualTensorParallel, pool.tensorParallel]),
    precisions: chosen(
      "precisions",
      file.precisions,
      precisions,
      usualPrecisions(pool, notes, file),
    ),
    kvPrecisions: chosen("kvPrecisions", file.kvPrecisions, kvPrecisions, [pool.kvPrecision]),
    backends: chosen("backends", file.backends, servers, unique([pool.backend, ...backends])),
    notes,
  };
}

const usualMostGpus = 16;
const usualTensorParallel = [1, 2, 4, 8];

/** GPUs that the pool has in the scenario as it is. */
function gpusNow(scenario: Scenario, pool: Pool): number {
  const partition = scenario.partitions.find((each) => each.id === pool.partition?.id);
  return partition?.gpus ?? pool.replicas * pool.tensorParallel;
}

function unique<T>(list: readonly T[]): T[] {
  return [...new Set(list)];
}

function choosePool(scenario: Scenario, id: string | undefined): Pool {
  const { pools } = scenario;
  const list = pools.map((pool) => pool.id).join(", ");
  if (pools.length === 0) {
    throw new InputError(
      "The scenario has no pool, so there is no own GPU to vary. Add one with the model that it is to serve, and a rule that sends to it.",
      { field: "pools" },
    );
  }
  if (id !== undefined) return findEntry(pools, id, "pool");
  if (pools.length === 1) return pools[0];
  throw new InputError(
    `The scenario has ${pools.length} pools (${list}), and a search varies one while the others stay as they are. Say which: --pool ID, or "pool" in the space.`,
    { field: "pool" },
  );
}

function refuseSharedPartition(scenario: Scenario, pool: Pool): void {
  const id = pool.partition?.id;
  if (id === undefined) return;
  const others = scenario.pools.filter((each) => each !== pool && each.partition?.id === id);
  if (others.length === 0) return;
  throw new InputError(
    `Pool "${pool.id}" shares the GPUs of partition "${id}" with ${others.map((each) => each.id).join(", ")}, which a search leaves as they are. Give the pool a partition of its own.`,
    { field: "pool" },
  );
}

/** The price that the scenario pays for the pool's GPUs now. */
function ownPrice(scenario: Scenario, pool: Pool): GpuPrice | undefined {
  const partition = scenario.partitions.find((each) => each.id === pool.partition?.id);
  return partition === undefined ? pool.price : partition.price;
}

function gpusOf(
  file: SearchSpaceFile,
  scenario: Scenario,
  pool: Pool,
  catalog: Catalog,
  notes: string[],
): PricedGpu[] {
  const known = withoutRepeats([...scenario.gpus, ...catalog.gpus]);
  const named = file.gpus;
  const ids = named ?? [pool.gpu, ...catalog.offers.map((offer) => offer.gpu)];
  for (const { gpu } of file.prices) findGpu({ gpus: known }, gpu);
  return unique(ids).map((id) => {
    const gpu = findGpu({ gpus: known }, id);
    const price = priceOf(file, scenario, pool, catalog, id, notes);
    if (price !== undefined) return { gpu, price };
    throw new InputError(
      `There is no price of "${id}": the scenario does not use it and the catalog has no offer for it. Give one in the space: "prices": [{"gpu": "${id}", "usdPerGpuHour": ..., "provenance": [...]}].`,
      { field: "prices" },
    );
  });
}

function withoutRepeats<Entry extends { readonly id: string }>(list: readonly Entry[]): Entry[] {
  return list.filter((each, at) => list.findIndex((other) => other.id === each.id) === at);
}

function priceOf(
  file: SearchSpaceFile,
  scenario: Scenario,
  pool: Pool,
  catalog: Catalog,
  gpu: string,
  notes: string[],
): GpuPrice | undefined {
  const given = file.prices.find((each) => each.gpu === gpu);
  if (given !== undefined) {
    return { usdPerGpuHour: given.usdPerGpuHour, provenance: given.provenance };
  }
  const own = gpu === pool.gpu ? ownPrice(scenario, pool) : undefined;
  if (own !== undefined) return own;
  const offers = catalog.offers.filter((offer) => offer.gpu === gpu);
  if (offers.length === 0) return undefined;
  const cheapest = offers.reduce((best, each) =>
    each.usdPerGpuHour < best.usdPerGpuHour ? each : best,
  );
  const { usdPerGpuHour, name, provenance } = cheapest;
  const remark = provenance.map((each) => each.note ?? "").join(" ");
  notes.push(
    `${gpu} costs $${usdPerGpuHour} an hour: ${name}, the cheapest of ${offers.length} in the catalog (${provenance[0].retrievedOn}). ${remark}`.trim(),
  );
  return { usdPerGpuHour, provenance };
}

/** Values of a list of known names; throws InputError with the nearest for one that is none. */
function chosen<Name extends string>(
  field: string,
  wanted: readonly string[] | undefined,
  known: readonly Name[],
  otherwise: readonly Name[] = known,
): readonly Name[] {
  if (wanted === undefined) return otherwise;
  return unique(wanted).map((text) => {
    const found = known.find((name) => name === text.toLowerCase());
    if (found !== undefined) return found;
    const near = nearestNames(text, known);
    const hint = near.length > 0 ? `Nearest: ${near.join(", ")}.` : "";
    throw new InputError(
      `${field} has "${text}", which is not known. ${hint} Wanted one of ${known.join(", ")}.`,
      { field },
    );
  });
}

/** The pool's own, bf16 and fp8: weights of four bits change the answers that users get, and are taken where they are asked for. */
function usualPrecisions(
  pool: Pool,
  notes: string[],
  file: SearchSpaceFile,
): readonly Pool["precision"][] {
  if (file.precisions === undefined) {
    notes.push("Weights of four bits are searched only where precisions are named.");
  }
  return unique([pool.precision, "bf16", "fp8"] as const);
}

function schedulesOf(file: SearchSpaceFile, pool: Pool): NamedSchedule[] {
  if (file.schedules === undefined) {
    const name = pool.schedule.kind === "always" ? "always" : "own hours";
    return [{ name, schedule: pool.schedule }];
  }
  const list = file.schedules.map((each): NamedSchedule => {
    if (typeof each !== "string") {
      return { name: each.name, schedule: { kind: "hours", hours: each.hours } };
    }
    const [name] = chosen("schedules", [each], Object.keys(knownSchedules));
    return { name, schedule: knownSchedules[name] };
  });
  const repeated = list.find((each, at) => list.findIndex((l) => l.name === each.name) < at);
  if (repeated === undefined) return list;
  throw new InputError(`schedules has "${repeated.name}" twice. Give each its own name.`, {
    field: "schedules",
  });
}

function licencesOf(
  file: SearchSpaceFile,
  scenario: Scenario,
  pool: Pool,
  catalog: Catalog,
): (Licence | undefined)[] {
  const licences = withoutRepeats([...scenario.licences, ...catalog.licences]);
  const partition = scenario.partitions.find((each) => each.id === pool.partition?.id);
  const own = pool.licence ?? partition?.licence;
  if (file.licences !== undefined) {
    return unique(file.licences).map((id) => findLicence({ licences }, id));
  }
  return [own === undefined ? undefined : findLicence({ licences }, own)];
}

/** A pool with a textbook time has the same time on every GPU: only how many there are can be varied. */
function textbookAxes(file: SearchSpaceFile, scenario: Scenario, pool: Pool, notes: string[]) {
  const varied = (["gpus", "precisions", "kvPrecisions", "backends"] as const).find(
    (axis) => file[axis] !== undefined,
  );
  if (varied !== undefined || file.mig) {
    throw new InputError(
      `Pool "${pool.id}" has a linear execution time, which is the same on every GPU and at every precision, so "${varied ?? "mig"}" would change nothing but the price. Leave it out, or give the pool a fitted execution time.`,
      { field: varied ?? "mig" },
    );
  }
  notes.push(
    `Pool "${pool.id}" has a linear execution time: GPU, backend, precision and tensor parallel stay as they are.`,
  );
  const price = ownPrice(scenario, pool) ?? { usdPerGpuHour: 0, provenance: [] };
  return {
    gpus: [{ gpu: findGpu(scenario, pool.gpu), price }],
    tensorParallel: [pool.tensorParallel],
    precisions: [pool.precision],
    kvPrecisions: [pool.kvPrecision],
    backends: [pool.backend],
  };
}
