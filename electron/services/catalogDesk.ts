/** Use cases around the catalog: what there is, what fits where, and copies into documents. */
import { type Catalog, findGpu, findModel } from "../../shared/catalog/catalog.ts";
import { describeFit, estimatedNotes } from "../../shared/catalog/describeFit.ts";
import { type FitCase, suggestFits } from "../../shared/catalog/fitAlternatives.ts";
import { computeMemoryFit, type MemoryFitInput } from "../../shared/catalog/memoryFit.ts";
import { fullMigLayouts, migBoard } from "../../shared/catalog/migBoard.ts";
import {
  type MigAnswer,
  type MigDemand,
  type MigShortfall,
  solveMigLayouts,
} from "../../shared/catalog/migSolver.ts";
import type { FitResult, MigResult } from "../../shared/contract/catalogMethods.ts";
import type { ScenarioDocument } from "../../shared/contract/common.ts";
import type { CheckedParams } from "../../shared/contract/methods.ts";
import { fillDocument, type WantedEntries } from "../../shared/planning/fillDocument.ts";
import { type Gpu, gpuSchema, type Model, modelSchema } from "../../shared/schema/catalog.ts";
import { engineSchema } from "../../shared/schema/fleet.ts";

/** Layouts that an answer shows at most. */
const shownSolutions = 25;

type Parts = Pick<Catalog, "gpus" | "models">;

/** The catalog behind the contract. It is read when it is first needed. */
export class CatalogDesk {
  private readonly load: () => Catalog;
  private loaded: Catalog | undefined;

  constructor(load: () => Catalog) {
    this.load = load;
  }

  /** The catalog. Throws InputError where its files are not sound. */
  get catalog(): Catalog {
    this.loaded ??= this.load();
    return this.loaded;
  }

  fit(params: CheckedParams<"catalog.fit">): { fit: FitResult; wouldFit: FitResult[] } {
    const { document, gpu, model, engine, ...choice } = params;
    const parts = this.partsBeside(document);
    const input: MemoryFitInput = {
      ...choice,
      gpu: findGpu(parts, gpu),
      model: findModel(parts, model),
      engine: engineSchema.parse(engine),
    };
    const found = computeMemoryFit(input);
    const fit = { ...found, notes: [...found.notes, ...estimatedNotes(input)] };
    const others = fit.fits ? [] : suggestFits(input, parts.gpus);
    return { fit: shownFit({ input, fit }), wouldFit: others.map(shownFit) };
  }

  mig(params: CheckedParams<"catalog.mig">): MigResult {
    const parts = this.partsBeside(params.document);
    const gpu = findGpu(parts, params.gpu);
    const board = migBoard(gpu, params.placed);
    const demands = params.models.map(
      ({ model, engine, ...choice }): MigDemand => ({
        ...choice,
        model: findModel(parts, model),
        engine: engineSchema.parse(engine),
      }),
    );
    return {
      gpu: gpu.id,
      memorySlices: board.memorySlices,
      owners: [...board.owners],
      problems: [...board.problems],
      memorySlicesFree: board.memorySlicesFree,
      smFree: board.smFree,
      profiles: board.profiles.map(({ starts, ...profile }) => ({
        ...profile,
        starts: starts.map((each) => ({ ...each, blockedSlices: [...each.blockedSlices] })),
      })),
      layouts: fullMigLayouts(gpu),
      answer: demands.length === 0 ? null : shownAnswer(solveMigLayouts(gpu, demands)),
    };
  }

  addTo(document: ScenarioDocument, wanted: WantedEntries) {
    const filled = fillDocument(document, this.catalog, wanted);
    return { document: filled.document, added: [...filled.added] };
  }

  /** GPUs and models of a document before those of the catalog; entries that are half done do not count. */
  private partsBeside(document: ScenarioDocument | undefined): Parts {
    const { gpus, models } = this.catalog;
    if (document === undefined) return { gpus, models };
    return {
      gpus: before<Gpu>(document.gpus, (each) => gpuSchema.safeParse(each).data, gpus),
      models: before<Model>(document.models, (each) => modelSchema.safeParse(each).data, models),
    };
  }
}

function before<Entry extends { readonly id: string }>(
  own: unknown,
  read: (value: unknown) => Entry | undefined,
  others: readonly Entry[],
): Entry[] {
  const entries = (Array.isArray(own) ? own : []).map(read).filter((each) => each !== undefined);
  const ids = new Set(entries.map(({ id }) => id));
  return [...entries, ...others.filter(({ id }) => !ids.has(id))];
}

function shownFit(each: FitCase): FitResult {
  const { lines, notes, ...fit } = describeFit(each);
  return { ...fit, lines: [...lines], notes: [...notes] };
}

function shownAnswer({ solutions, shortfall }: MigAnswer): NonNullable<MigResult["answer"]> {
  return {
    solutions: solutions.slice(0, shownSolutions).map((each) => ({
      ...each,
      layout: [...each.layout],
      starts: [...each.starts],
      spareInstances: [...each.spareInstances],
      assignments: each.assignments.map(({ fit, ...assignment }) => ({
        ...assignment,
        kvCapacityTokens: fit.kvCapacityTokens,
        maxContextTokens: fit.maxContextTokens,
      })),
    })),
    shortfall: shortfall === undefined ? null : shownShortfall(shortfall),
  };
}

function shownShortfall({ reason, needs, tightest, shown }: MigShortfall) {
  return {
    ...{ reason, tightest, arithmetic: shownFit(shown) },
    needs: needs.map(({ demand, profile }) => ({ demand, profile: profile ?? null })),
  };
}
