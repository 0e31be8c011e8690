/** The catalog: GPUs, models, execution-time coefficients, prices, licences and API providers, and how to find one. */
import {
  type CoefficientSet,
  coefficientSetSchema,
  type Gpu,
  type GpuOffer,
  gpuOfferSchema,
  gpuSchema,
  type Licence,
  licenceSchema,
  type Model,
  modelSchema,
} from "../schema/catalog.ts";
import { type Provider, providerSchema } from "../schema/routing.ts";
import { z } from "../schema/zod.ts";
import { InputError } from "../units/errors.ts";
import { closestNames } from "../units/nearestNames.ts";

/** A file of the catalog: entries of one kind. */
function catalogFileSchema<Entry extends z.ZodType>(entry: Entry) {
  return z.looseObject({ version: z.literal(1), about: z.string(), entries: z.array(entry) });
}

/** Schemas of the catalog files, by file name without ".json". */
export const catalogFileSchemas = {
  gpus: catalogFileSchema(gpuSchema),
  models: catalogFileSchema(modelSchema),
  coefficients: catalogFileSchema(coefficientSetSchema),
  offers: catalogFileSchema(gpuOfferSchema),
  licences: catalogFileSchema(licenceSchema),
  providers: catalogFileSchema(providerSchema),
};

/** Schema of the whole catalog as it crosses a boundary. */
export const catalogSchema = z.looseObject({
  gpus: z.array(gpuSchema),
  models: z.array(modelSchema),
  coefficients: z.array(coefficientSetSchema),
  offers: z.array(gpuOfferSchema),
  licences: z.array(licenceSchema),
  providers: z.array(providerSchema),
});
export type Catalog = z.infer<typeof catalogSchema>;

/** The kinds of entry, in the order of the files. */
export const catalogKinds = [
  "gpus",
  "models",
  "coefficients",
  "offers",
  "licences",
  "providers",
] as const;
export type CatalogKind = (typeof catalogKinds)[number];

interface Identified {
  readonly id: string;
}

/** The GPU of that id. Throws InputError with the nearest names. */
export function findGpu(catalog: Pick<Catalog, "gpus">, id: string): Gpu {
  return findEntry(catalog.gpus, id, "GPU");
}

/** The model of that id. Throws InputError with the nearest names. */
export function findModel(catalog: Pick<Catalog, "models">, id: string): Model {
  return findEntry(catalog.models, id, "model");
}

/** The GPU price of that id. Throws InputError with the nearest names. */
export function findOffer(catalog: Pick<Catalog, "offers">, id: string): GpuOffer {
  return findEntry(catalog.offers, id, "GPU offer");
}

/** The licence mode of that id. Throws InputError with the nearest names. */
export function findLicence(catalog: Pick<Catalog, "licences">, id: string): Licence {
  return findEntry(catalog.licences, id, "licence");
}

/** The API provider of that id. Throws InputError with the nearest names. */
export function findProvider(catalog: Pick<Catalog, "providers">, id: string): Provider {
  return findEntry(catalog.providers, id, "provider");
}

/** A coefficient set and, when it is not the exact one, what was put in its place. */
export interface CoefficientChoice {
  readonly set: CoefficientSet;
  readonly note?: string;
}

/** Precision of the set that stands in for one without a set of its own: the format that its arithmetic runs in. */
const standIns: Readonly<Record<string, string>> = { int4: "bf16", mxfp4: "bf16", nvfp4: "fp8" };

/** The set for a backend, weight precision and KV precision: the exact one, else the same backend and precision, else the set of the precision that the arithmetic runs in, else the same backend. Sets may list `servesKvPrecisions`. Throws InputError for a backend without any set. */
export function findCoefficientSet(
  sets: readonly CoefficientSet[],
  backend: string,
  precision: string,
  kvPrecision: string,
): CoefficientChoice {
  const ofBackend = sets.filter((set) => set.backend === backend);
  if (ofBackend.length === 0) throw unknownBackend(sets, backend);
  const exact = ofBackend.find(
    (set) => set.precision === precision && servedKvPrecisions(set).includes(kvPrecision),
  );
  if (exact) return { set: exact };
  const set =
    ofBackend.find((each) => each.precision === precision) ??
    ofBackend.find((each) => each.precision === standIns[precision]) ??
    ofBackend[0];
  return {
    set,
    note: `No coefficients for ${backend} ${precision} with ${kvPrecision} KV cache: those of ${set.id} (${set.precision} weights, ${set.kvPrecision} KV cache) are used; bytes moved follow the precisions asked for.`,
  };
}

function servedKvPrecisions(set: CoefficientSet): readonly unknown[] {
  const listed = set.servesKvPrecisions;
  return Array.isArray(listed) ? listed : [set.kvPrecision];
}

function unknownBackend(sets: readonly CoefficientSet[], backend: string): InputError {
  const known = [...new Set(sets.map((set) => set.backend))].join(", ");
  return new InputError(
    `No coefficients for the backend "${backend}". There are some for: ${known || "none"}. Use one of these.`,
    { field: "backend" },
  );
}

/** The entry of that id. `what` names its kind in the message. Throws InputError with the nearest ids. */
export function findEntry<Entry extends Identified>(
  entries: readonly Entry[],
  id: string,
  what: string,
): Entry {
  const found = entries.find((entry) => entry.id === id);
  if (found) return found;
  const near = closestNames(
    id,
    entries.map((entry) => entry.id),
  );
  throw new InputError(
    `There is no ${what} "${id}" in the catalog. Nearest: ${near.join(", ") || "none"}. Use one of these, or add it.`,
    { field: what },
  );
}

/** Problems across entries: an id used twice, an offer for a GPU that is not there. Empty when sound. */
export function findCatalogProblems(catalog: Catalog): string[] {
  const problems = catalogKinds.flatMap((kind) =>
    repeatedIds(catalog[kind]).map((id) => `${kind}: the id "${id}" is used more than once`),
  );
  const gpuIds = new Set(catalog.gpus.map((gpu) => gpu.id));
  for (const offer of catalog.offers) {
    if (!gpuIds.has(offer.gpu))
      problems.push(`offers: "${offer.id}" is for an unknown GPU "${offer.gpu}"`);
  }
  return problems;
}

function repeatedIds(entries: readonly Identified[]): string[] {
  const ids = entries.map((entry) => entry.id);
  return [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))];
}
