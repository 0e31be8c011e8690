/** Copies catalog entries into a document that is being edited: it may be half done, and nothing of it is touched but the lists that grow. */
import { type Catalog, findGpu, findLicence, findModel, findProvider } from "../catalog/catalog.ts";
import { engineOf, type Server } from "../catalog/memoryRules.ts";
import { servers } from "../schema/catalog.ts";

type Document = Readonly<Record<string, unknown>>;

/** Entries asked for by name, besides those that the document names already. */
export interface WantedEntries {
  readonly gpus?: readonly string[];
  readonly models?: readonly string[];
  readonly providers?: readonly string[];
  readonly licences?: readonly string[];
}

/** The document with its copies, and what was copied: "gpus h200-sxm". */
export interface FilledDocument {
  readonly document: Record<string, unknown>;
  readonly added: readonly string[];
}

const copiedKinds = ["gpus", "models", "coefficients", "licences", "providers"] as const;
type CopiedKind = (typeof copiedKinds)[number];

/**
 * Copies the wanted entries, and all that pools, partitions and rules name, from the catalog where the document has none of
 * that id; and the coefficients of the engines that its pools use. What the document names and the catalog lacks stays
 * missing, for the checks to name. Throws InputError, with the nearest names, for a wanted entry that the catalog lacks.
 */
export function fillDocument(
  document: Document,
  catalog: Catalog,
  wanted: WantedEntries = {},
): FilledDocument {
  const named = namesIn(document);
  for (const id of wanted.gpus ?? []) named.gpus.add(findGpu(catalog, id).id);
  for (const id of wanted.models ?? []) named.models.add(findModel(catalog, id).id);
  for (const id of wanted.providers ?? []) named.providers.add(findProvider(catalog, id).id);
  for (const id of wanted.licences ?? []) named.licences.add(findLicence(catalog, id).id);
  const filled: Record<string, unknown> = { ...document };
  const added: string[] = [];
  for (const kind of copiedKinds) {
    const copies = copiesOf(kind, document, catalog, named);
    if (copies.length === 0) continue;
    filled[kind] = [...(Array.isArray(document[kind]) ? document[kind] : []), ...copies];
    added.push(...copies.map(({ id }) => `${kind} ${id}`));
  }
  return { document: filled, added };
}

type Names = Record<CopiedKind | "engines", Set<string>>;

function copiesOf(kind: CopiedKind, document: Document, catalog: Catalog, named: Names) {
  const present = new Set(objectsIn(document[kind]).map(({ id }) => id));
  const isNamed = (entry: { readonly id: string }): boolean =>
    named[kind].has(entry.id) ||
    (kind === "coefficients" && named.engines.has(String(Reflect.get(entry, "backend"))));
  const entries: readonly { readonly id: string }[] = catalog[kind];
  return entries.filter((entry) => !present.has(entry.id) && isNamed(entry));
}

function namesIn(document: Document): Names {
  const pools = objectsIn(document.pools);
  const hardware = [...pools, ...objectsIn(document.partitions)];
  const fitted = pools.filter(({ executionTime }) => kindOf(executionTime) === "fitted");
  const targets = objectsIn(document.rules).map(({ to }) => textAt(to, "provider"));
  return {
    gpus: new Set(texts(hardware.map(({ gpu }) => gpu))),
    models: new Set(texts(pools.map(({ model }) => model))),
    licences: new Set(texts(hardware.map(({ licence }) => licence))),
    providers: new Set(texts(targets)),
    coefficients: new Set(texts(fitted.map(({ executionTime }) => textAt(executionTime, "set")))),
    engines: new Set(fitted.flatMap(enginesOf)),
  };
}

function enginesOf({ backend, partition }: Document): string[] {
  const server = servers.find((each) => each === backend) as Server | undefined;
  return server === undefined ? [] : [engineOf(server, textAt(partition, "profile"))];
}

/** A pool that says nothing of its execution time has a fitted one. */
function kindOf(executionTime: unknown): string {
  return textAt(executionTime, "kind") ?? "fitted";
}

function objectsIn(value: unknown): Document[] {
  if (!Array.isArray(value)) return [];
  return value.filter((each) => typeof each === "object" && each !== null);
}

function textAt(value: unknown, key: string): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const text = Reflect.get(value, key) as unknown;
  return typeof text === "string" ? text : undefined;
}

function texts(values: readonly unknown[]): string[] {
  return values.filter((each) => typeof each === "string");
}
