/** Which MIG layouts of one GPU hold a set of models at once, each on an instance of its own, and why none does. */
import type { Gpu, MigProfile } from "../schema/catalog.ts";
import { InputError } from "../units/errors.ts";
import { groupDigits } from "../units/figureText.ts";
import type { FitCase } from "./fitAlternatives.ts";
import {
  computeMemoryFit,
  findMigProfile,
  type MemoryFit,
  type MemoryFitInput,
} from "./memoryFit.ts";
import { listMigLayouts, memorySlicesPerGpu, placeMigLayout } from "./migPlacement.ts";

/** A model that wants an instance. Tensor parallel is 1: instances have no path to one another. */
export interface MigDemand extends Omit<MemoryFitInput, "gpu" | "profile" | "tensorParallel"> {
  /** Prompt + output of the longest request that the instance must hold; undefined for whatever fits. */
  readonly minContextTokens?: number;
}

/** A model on an instance: `demand` and `instance` are positions in what was asked for and in the layout. */
export interface MigAssignment {
  readonly demand: number;
  readonly instance: number;
  readonly profile: string;
  /** First memory slice. */
  readonly start: number;
  readonly fit: MemoryFit;
}

/** A layout on which all models fit, with the best way to spread them over it. */
export interface MigSolution {
  readonly layout: readonly string[];
  /** First memory slice of each instance. */
  readonly starts: readonly number[];
  /** One for each demand, in their order. */
  readonly assignments: readonly MigAssignment[];
  /** KV cache of the model that has the least of it, tokens. */
  readonly tightestKvTokens: number;
  /** Memory slices on which no model stands, of 8. */
  readonly memorySlicesUnused: number;
  readonly smUnused: number;
  /** Instances of the layout without a model. */
  readonly spareInstances: readonly string[];
}

/** The smallest profile that a demand fits alone; undefined where it fits none. */
export interface MigNeed {
  readonly demand: number;
  readonly profile?: string;
  readonly memorySlices?: number;
}

/** Why no layout holds all models. */
export interface MigShortfall {
  readonly reason: string;
  readonly needs: readonly MigNeed[];
  /** The demand that needs the most. */
  readonly tightest: number;
  /** Its arithmetic on the largest instance that is too small for it; on its smallest where none is. */
  readonly shown: FitCase;
}

/** The layouts, best first; a shortfall exactly where there is none. */
export interface MigAnswer {
  readonly solutions: readonly MigSolution[];
  readonly shortfall?: MigShortfall;
}

/** A profile and whether each demand fits it. */
interface Candidate {
  readonly profile: MigProfile;
  readonly fits: readonly MemoryFit[];
  readonly holds: readonly boolean[];
}

/** What ranks layouts, and ways to spread models over one. */
type Rank = Pick<MigSolution, "tightestKvTokens" | "memorySlicesUnused" | "smUnused">;

/**
 * Every legal layout of the GPU (or of `layouts`) on which each demand fits an instance of its own, spread so that the model
 * with the least KV cache has the most, ranked by that, then by fewest memory slices and SMs unused, then by fewest spare
 * instances. "+me" profiles are left out: they hold what their plain ones do. Throws InputError for a GPU without MIG and for no demand.
 */
export function solveMigLayouts(
  gpu: Gpu,
  demands: readonly MigDemand[],
  layouts?: readonly (readonly string[])[],
): MigAnswer {
  checkQuestion(gpu, demands);
  const names = layouts ? [...new Set(layouts.flat())] : plainProfileNames(gpu);
  const candidates = names.map((name) => judge(gpu, name, demands));
  const byName = new Map(candidates.map((each) => [each.profile.name, each]));
  const solutions = (layouts ?? listMigLayouts(gpu, names))
    .map((layout) => solveLayout(gpu, layout, byName, demands.length))
    .filter((each) => each !== undefined)
    .sort((a, b) => compareRanks(a, b) || a.spareInstances.length - b.spareInstances.length);
  if (solutions.length > 0) return { solutions };
  return { solutions, shortfall: explainShortfall(gpu, demands, candidates, layouts) };
}

/** Names of the GPU's profiles without those that only add media engines ("+me"). */
export function plainProfileNames(gpu: Gpu): string[] {
  return gpu.migProfiles.map((each) => each.name).filter((name) => !name.endsWith("+me"));
}

function checkQuestion(gpu: Gpu, demands: readonly MigDemand[]): void {
  if (gpu.migProfiles.length === 0) {
    throw new InputError(
      `${gpu.id} has no MIG profiles in the catalog. Take a GPU that can be cut, or its profiles into the catalog.`,
      { field: "gpu" },
    );
  }
  if (demands.length === 0) {
    throw new InputError("No model is given. Name at least one to place on the GPU.", {
      field: "models",
    });
  }
}

function judge(gpu: Gpu, name: string, demands: readonly MigDemand[]): Candidate {
  const profile = findMigProfile(gpu, name)!;
  const fits = demands.map((demand) => computeMemoryFit(inputOn(gpu, name, demand)));
  const holds = fits.map((fit, index) => refusal(fit, demands[index]) === undefined);
  return { profile, fits, holds };
}

function inputOn(gpu: Gpu, profile: string, demand: MigDemand): MemoryFitInput {
  const { model, backend, precision, kvPrecision, engine } = demand;
  return { gpu, profile, model, backend, precision, kvPrecision, tensorParallel: 1, engine };
}

/** Why the fit is none for this demand. */
function refusal(fit: MemoryFit, { minContextTokens }: MigDemand): string | undefined {
  if (!fit.fits) return fit.reason;
  if (minContextTokens === undefined || fit.maxContextTokens >= minContextTokens) return undefined;
  return `One request may have ${groupDigits(fit.maxContextTokens)} tokens there, and ${groupDigits(minContextTokens)} are wanted.`;
}

function solveLayout(
  gpu: Gpu,
  layout: readonly string[],
  byName: ReadonlyMap<string, Candidate>,
  demandCount: number,
): MigSolution | undefined {
  const placement = placeMigLayout(gpu, layout);
  if (!placement.legal) return undefined;
  const { starts } = placement;
  const instances = layout.map((name) => byName.get(name)!);
  const best = bestSpread(gpu, instances, demandCount);
  if (best === undefined) return undefined;
  const assignments = best.chosen.map((instance, demand) => ({
    demand,
    instance,
    profile: layout[instance],
    start: starts[instance],
    fit: instances[instance].fits[demand],
  }));
  const spareInstances = layout.filter((_, instance) => !best.chosen.includes(instance));
  const { tightestKvTokens, memorySlicesUnused, smUnused } = best;
  const rank = { tightestKvTokens, memorySlicesUnused, smUnused };
  return { layout, starts, assignments, ...rank, spareInstances };
}

interface Spread extends Rank {
  /** Instance of each demand. */
  readonly chosen: readonly number[];
}

/** Tries every different way to give each demand an instance; at most 7 of each, a few thousand ways. */
function bestSpread(
  gpu: Gpu,
  instances: readonly Candidate[],
  demandCount: number,
): Spread | undefined {
  let best: Spread | undefined;
  const chosen: number[] = [];
  const extend = (): void => {
    const demand = chosen.length;
    if (demand === demandCount) {
      const spread = rankSpread(gpu, instances, chosen);
      if (best === undefined || compareRanks(spread, best) < 0) best = spread;
      return;
    }
    const tried = new Set<Candidate>();
    for (const [index, instance] of instances.entries()) {
      if (chosen.includes(index) || tried.has(instance) || !instance.holds[demand]) continue;
      tried.add(instance);
      chosen.push(index);
      extend();
      chosen.pop();
    }
  };
  if (demandCount <= instances.length) extend();
  return best;
}

function rankSpread(gpu: Gpu, instances: readonly Candidate[], chosen: readonly number[]): Spread {
  const used = chosen.map((index) => instances[index].profile);
  const room = chosen.map((index, demand) => instances[index].fits[demand].kvCapacityTokens);
  return {
    chosen: [...chosen],
    tightestKvTokens: Math.min(...room),
    memorySlicesUnused: used.reduce((left, each) => left - each.memorySlices, memorySlicesPerGpu),
    smUnused: used.reduce((left, each) => left - each.smCount, gpu.smCount),
  };
}

/** Negative where a comes first. */
function compareRanks(a: Rank, b: Rank): number {
  return (
    b.tightestKvTokens - a.tightestKvTokens ||
    a.memorySlicesUnused - b.memorySlicesUnused ||
    a.smUnused - b.smUnused
  );
}

function explainShortfall(
  gpu: Gpu,
  demands: readonly MigDemand[],
  candidates: readonly Candidate[],
  layouts: readonly (readonly string[])[] | undefined,
): MigShortfall {
  const bySize = [...candidates].sort(
    (a, b) =>
      a.profile.memorySlices - b.profile.memorySlices || a.profile.smCount - b.profile.smCount,
  );
  const needs = demands.map((_, demand) => needOf(demand, bySize));
  const tightest = findTightest(needs, bySize[0]);
  const candidate =
    bySize.filter((each) => !each.holds[tightest]).at(-1) ??
    bySize.find((each) => each.holds[tightest])!;
  const input = inputOn(gpu, candidate.profile.name, demands[tightest]);
  const shown = { input, fit: candidate.fits[tightest] };
  const why = refusal(shown.fit, demands[tightest]) ?? "";
  const reason =
    needs[tightest].profile === undefined
      ? `${demandText(demands[tightest])} fits no instance of ${gpu.id}${layouts ? " in this layout" : ""}; on ${candidate.profile.name}: ${why}`
      : togetherReason(gpu, demands, needs, layouts);
  return { reason, needs, tightest, shown };
}

function needOf(demand: number, bySize: readonly Candidate[]): MigNeed {
  const smallest = bySize.find((each) => each.holds[demand])?.profile;
  return { demand, profile: smallest?.name, memorySlices: smallest?.memorySlices };
}

/** The demand that fits nothing, else the one that needs most slices; of equal ones the one with the most weights. */
function findTightest(needs: readonly MigNeed[], { fits }: Candidate): number {
  const size = (need: MigNeed) => need.memorySlices ?? memorySlicesPerGpu + 1;
  const weights = (need: MigNeed) => fits[need.demand].weightBytesPerGpu;
  return needs.reduce((most, need) => {
    const more = size(need) - size(most) || weights(need) - weights(most);
    return more > 0 ? need : most;
  }).demand;
}

function togetherReason(
  gpu: Gpu,
  demands: readonly MigDemand[],
  needs: readonly MigNeed[],
  layouts: readonly (readonly string[])[] | undefined,
): string {
  const list = needs
    .map((need) => `${demandText(demands[need.demand])} at least ${need.profile}`)
    .join(", ");
  if (layouts !== undefined) {
    return `Each fits an instance alone, but not all at once: ${list}, and too few instances are large enough.`;
  }
  const placement = placeMigLayout(
    gpu,
    needs.map((need) => need.profile!),
  );
  return `Each fits an instance alone, but not all at once: ${list}. ${placement.legal ? "" : placement.reason}`;
}

/** A demand in a message: "llama-3.1-8b (fp8)". */
function demandText({ model, precision }: MigDemand): string {
  return `${model.id} (${precision})`;
}
