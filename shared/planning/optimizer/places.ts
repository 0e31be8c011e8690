/** Every way to run a model that memory allows, and why the others are none. */

import { findModel } from "../../catalog/catalog.ts";
import { computeMemoryFit, findMigProfile, type MemoryFit } from "../../catalog/memoryFit.ts";
import { engineOf as servedBy } from "../../catalog/memoryRules.ts";
import { listMigLayouts, maximalMigLayouts } from "../../catalog/migPlacement.ts";
import { plainProfileNames } from "../../catalog/migSolver.ts";
import type { Gpu, Model } from "../../schema/catalog.ts";
import type { Pool } from "../../schema/fleet.ts";
import type { Scenario } from "../../schema/scenario.ts";
import { InputError } from "../../units/errors.ts";
import { usualEngine } from "../benchmark/benchmarkCase.ts";
import { type Place, type PlacePart, sparesOf } from "./candidate.ts";
import type { PricedGpu, SearchSpace } from "./space.ts";

/** A way to run the model that memory does not allow. */
export interface Misfit {
  readonly where: string;
  readonly fit: MemoryFit;
}

/** What was found. */
export interface PlaceList {
  readonly places: readonly Place[];
  readonly misfits: readonly Misfit[];
}

/** What places of one GPU type, backend and precision have in common. */
interface Kind {
  readonly model: Model;
  readonly priced: PricedGpu;
  readonly backend: Pool["backend"];
  readonly precision: Pool["precision"];
  readonly kvPrecision: Pool["kvPrecision"];
}

/** Places in the order of the space's lists. MIG layouts are the maximal ones, since an instance less never helps; a pool with spares has none, for a spare would need an instance that the layout does not have. Throws InputError with the arithmetic when nothing fits. */
export function listPlaces(space: SearchSpace, scenario: Scenario): PlaceList {
  const model = findModel(scenario, space.pool.model);
  const misfits: Misfit[] = [];
  const hasCuts = space.hasMig && sparesOf(space.pool) === 0;
  const layouts = new Map(space.gpus.map(({ gpu }) => [gpu, hasCuts ? layoutsOf(gpu) : []]));
  const places = kindsOf(space, model).flatMap((kind) => {
    const whole = space.tensorParallel.map((size) => wholePlace(space, kind, size, misfits));
    const cut = cutPlaces(space, kind, layouts.get(kind.priced.gpu)!, misfits);
    const engines = space.maxNumSeqs;
    return [...whole, ...cut]
      .filter((place) => place !== undefined)
      .flatMap((place) =>
        engines.map((maxNumSeqs) => ({ ...place, engine: { ...place.engine, maxNumSeqs } })),
      );
  });
  if (places.length === 0) throw nothingFits(space, misfits);
  return { places, misfits };
}

function kindsOf(space: SearchSpace, model: Model): Kind[] {
  return space.gpus.flatMap((priced) =>
    space.backends.flatMap((backend) =>
      space.precisions.flatMap((precision) =>
        space.kvPrecisions.map((kvPrecision) => ({
          ...{ model, priced, backend, precision, kvPrecision },
        })),
      ),
    ),
  );
}

/** Engine limits of the pool; memory rules that belong to another backend or to another amount of memory do not go along. */
function engineOf(pool: Pool, kind: Kind, profile: string | undefined, size: number) {
  const { kvCapacityTokens, ...rest } = pool.engine;
  const isSameMemory =
    kind.priced.gpu.id === pool.gpu &&
    kind.precision === pool.precision &&
    kind.kvPrecision === pool.kvPrecision &&
    size === pool.tensorParallel &&
    profile === pool.partition?.profile;
  const own = isSameMemory && kvCapacityTokens !== undefined ? { ...rest, kvCapacityTokens } : rest;
  if (kind.backend === pool.backend) return own;
  return {
    ...own,
    admission: usualEngine(servedBy(kind.backend, profile)).admission ?? own.admission,
  };
}

function wholePlace(
  space: SearchSpace,
  kind: Kind,
  size: number,
  misfits: Misfit[],
): Place | undefined {
  const { priced, model, backend, precision, kvPrecision } = kind;
  const engine = engineOf(space.pool, kind, undefined, size);
  const tensorParallel = size as Pool["tensorParallel"];
  const choice = { model, backend, precision, kvPrecision, tensorParallel, engine };
  const fit = computeMemoryFit({ gpu: priced.gpu, ...choice });
  if (!fit.fits) {
    misfits.push({ where: `${priced.gpu.id}, ${precision}, TP ${size}`, fit });
    return undefined;
  }
  const parts = [{ profile: undefined, perGpu: 1 / size, fit }];
  return {
    ...priced,
    ...{ backend, precision, kvPrecision, tensorParallel, engine, layout: undefined, parts },
  };
}

/** The maximal layouts of a GPU but the one that is the whole GPU in one instance. */
function layoutsOf(gpu: Gpu): string[][] {
  const names = plainProfileNames(gpu);
  if (names.length === 0) return [];
  return maximalMigLayouts(gpu, listMigLayouts(gpu, names), names).filter(
    (layout) => layout.length > 1,
  );
}

/** One place for each layout on which some instance holds the model; of layouts that hold it on the same instances the first. */
function cutPlaces(
  space: SearchSpace,
  kind: Kind,
  layouts: readonly (readonly string[])[],
  misfits: Misfit[],
): Place[] {
  const { priced, model, backend, precision, kvPrecision } = kind;
  const fits = new Map<string, MemoryFit>();
  for (const profile of new Set(layouts.flat())) {
    const engine = engineOf(space.pool, kind, profile, 1);
    const choice = { model, backend, precision, kvPrecision, tensorParallel: 1, engine };
    const fit = computeMemoryFit({ gpu: priced.gpu, profile, ...choice });
    fits.set(profile, fit);
    if (!fit.fits) misfits.push({ where: `${priced.gpu.id} ${profile}, ${precision}`, fit });
  }
  const seen = new Set<string>();
  return layouts.flatMap((layout) => {
    const parts = partsOf(priced.gpu, layout, fits);
    const key = parts.map((part) => `${part.profile} ${part.perGpu}`).join(",");
    if (parts.length === 0 || seen.has(key)) return [];
    seen.add(key);
    const engine = engineOf(space.pool, kind, parts.length > 1 ? "mixed" : parts[0].profile, 1);
    const tensorParallel = 1 as const;
    return [{ ...priced, backend, precision, kvPrecision, tensorParallel, engine, layout, parts }];
  });
}

/** Instances that hold the model, by profile, the largest first. */
function partsOf(
  gpu: Gpu,
  layout: readonly string[],
  fits: ReadonlyMap<string, MemoryFit>,
): PlacePart[] {
  const held = [...new Set(layout)].filter((profile) => fits.get(profile)!.fits);
  const size = (profile: string) => findMigProfile(gpu, profile)!.smCount;
  held.sort((a, b) => size(b) - size(a) || (a < b ? -1 : 1));
  return held.map((profile) => ({
    profile,
    perGpu: layout.filter((each) => each === profile).length,
    fit: fits.get(profile)!,
  }));
}

/** The misfit that lacks least, with its arithmetic. */
function nothingFits(space: SearchSpace, misfits: readonly Misfit[]): InputError {
  const lacking = ({ fit }: Misfit): number =>
    fit.weightBytesPerGpu + fit.activationBytes - fit.utilization * fit.usableBytes;
  const nearest = misfits.reduce((best, each) => (lacking(each) < lacking(best) ? each : best));
  const lines = nearest.fit.lines.map(
    ({ label, bytes, formula }) => `${label} ${Math.round(bytes)} B = ${formula}`,
  );
  return new InputError(
    `Nothing in the space holds model "${space.pool.model}": ${misfits.length} ways were tried. The nearest, ${nearest.where}: ${nearest.fit.reason} Arithmetic per GPU: ${lines.join("; ")}. Allow a lower precision, more tensor parallel or a larger GPU (crossover fit --model ${space.pool.model} --all).`,
    { field: "gpus", hint: "the search space is empty" },
  );
}
