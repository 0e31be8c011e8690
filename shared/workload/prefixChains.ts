/** Prefix-cache identities: carried along with replayed rows, given to classes with a shared prefix, and merged over sources. */
import type { PrefixChains } from "../schema/traceColumns.ts";
import type { TrafficClass } from "../schema/traffic.ts";
import { hashUniform } from "../sim/random.ts";
import { InputError } from "../units/errors.ts";
import { coveredIdTokens } from "./coveredIds.ts";
import { saltOf } from "./limits.ts";
import { joinedColumn } from "./mergeSources.ts";
import type { SourceRequests } from "./sourceRequests.ts";

/** The most block references of one workload, 4 bytes each. */
const maxReferences = 200_000_000;

function checkReferences(what: string, count: number): void {
  if (count <= maxReferences) return;
  throw new InputError(
    `${what} comes to ${count} prefix-block references; the limit is ${maxReferences}, because they are kept in memory. Scale the volume down.`,
    { field: "traffic" },
  );
}

/** Ids that a trace's rows use, and the tokens each covers once prompts are scaled. */
function scaledTokens(idTokens: Int32Array, factor: number): Int32Array {
  return factor === 1 ? idTokens : idTokens.map((n) => Math.max(1, Math.round(n * factor)));
}

/**
 * The chains of replayed rows. Each further copy has ids of its own: it stands for other users with other texts, who share
 * among themselves what the trace's users shared. Blocks grow with the prompts, so that the shared part of a prompt stays.
 */
export function replayedChains(
  chains: PrefixChains,
  row: Int32Array,
  copy: Int32Array,
  promptFactor: number,
): PrefixChains {
  const offsets = new Int32Array(row.length + 1);
  let references = 0;
  let copies = 1;
  for (let i = 0; i < row.length; i++) {
    references += chains.offsets[row[i]! + 1]! - chains.offsets[row[i]!]!;
    offsets[i + 1] = references;
    if (copy[i]! >= copies) copies = copy[i]! + 1;
  }
  const idCount = chains.idTokens.length;
  if (copies * idCount > sparseFrom * references) {
    checkReferences("The replayed trace", references);
    return sparseChains(chains, row, copy, promptFactor, offsets);
  }
  checkReferences("The replayed trace", Math.max(references, copies * idCount));
  const ids = new Int32Array(references);
  for (let i = 0, k = 0; i < row.length; i++) {
    const shift = copy[i]! * idCount;
    for (let j = chains.offsets[row[i]!]!; j < chains.offsets[row[i]! + 1]!; j++) {
      ids[k++] = chains.ids[j]! + shift;
    }
  }
  const tokens = scaledTokens(chains.idTokens, promptFactor);
  const idTokens = new Int32Array(copies * idCount);
  for (let c = 0; c < copies; c++) idTokens.set(tokens, c * idCount);
  return { offsets, ids, idTokens };
}

/** Ids per reference above which most ids of the copies are never used, so that they are numbered as they are met. */
const sparseFrom = 4;

/** Index of the last row of each copy. */
function lastOfCopies(copy: Int32Array): Map<number, number> {
  const last = new Map<number, number>();
  for (let i = 0; i < copy.length; i++) last.set(copy[i]!, i);
  return last;
}

/** The same chains with numbers for those ids alone that a row has: a thinned trace that is repeated often uses few of each copy. */
function sparseChains(
  chains: PrefixChains,
  row: Int32Array,
  copy: Int32Array,
  promptFactor: number,
  offsets: Int32Array,
): PrefixChains {
  const tokens = scaledTokens(chains.idTokens, promptFactor);
  const ids = new Int32Array(offsets[row.length]!);
  const idTokens = new Int32Array(ids.length);
  const last = lastOfCopies(copy);
  const numbers = new Map<number, Map<number, number>>();
  let idCount = 0;
  for (let i = 0, k = 0; i < row.length; i++) {
    const own = numbers.get(copy[i]!) ?? new Map<number, number>();
    numbers.set(copy[i]!, own);
    for (let j = chains.offsets[row[i]!]!; j < chains.offsets[row[i]! + 1]!; j++) {
      const id = chains.ids[j]!;
      let number = own.get(id);
      if (number === undefined) {
        number = idCount++;
        own.set(id, number);
        idTokens[number] = tokens[id]!;
      }
      ids[k++] = number;
    }
    if (last.get(copy[i]!) === i) numbers.delete(copy[i]!);
  }
  return { offsets, ids, idTokens: idTokens.slice(0, idCount) };
}

/** For each request of a source: 1 where its class's shared prefix opens its prompt. A row with a chain of its trace keeps that. */
function drawsPrefix(
  classes: readonly TrafficClass[],
  source: SourceRequests,
  classIndex: Uint8Array,
  seed: number,
  replication: number,
): Uint8Array {
  const salts = classes.map((c) => saltOf(`prefix/${c.id}/${source.id}`, replication));
  const chances = classes.map((c) => c.sharedPrefix?.reuseProbability ?? 0);
  const offsets = source.prefix?.offsets;
  const draws = new Uint8Array(source.count);
  for (let i = 0; i < draws.length; i++) {
    const c = classIndex[i]!;
    if (chances[c] === 0 || (offsets !== undefined && offsets[i + 1]! > offsets[i]!)) continue;
    if (hashUniform(seed, salts[c]!, source.rowKey?.[i] ?? i) < chances[c]!) draws[i] = 1;
  }
  return draws;
}

/** What decides which requests open with their class's shared prefix. */
interface SharedPrefixes {
  readonly classes: readonly TrafficClass[];
  readonly seed: number;
  readonly replication: number;
}

interface Builder {
  readonly offsets: Int32Array;
  readonly ids: Int32Array;
  request: number;
  reference: number;
}

function appendSource(
  builder: Builder,
  source: SourceRequests,
  classIndex: Uint8Array,
  idBase: number,
  sharedIdBase: number,
  shared: SharedPrefixes,
): void {
  const draws = drawsPrefix(shared.classes, source, classIndex, shared.seed, shared.replication);
  const { prefix } = source;
  for (let i = 0; i < source.count; i++) {
    if (draws[i] === 1) builder.ids[builder.reference++] = sharedIdBase + classIndex[i]!;
    else if (prefix !== undefined) {
      for (let j = prefix.offsets[i]!; j < prefix.offsets[i + 1]!; j++) {
        builder.ids[builder.reference++] = idBase + prefix.ids[j]!;
      }
    }
    builder.offsets[++builder.request] = builder.reference;
  }
}

/** Tokens of all ids: each source's in turn, then one id for each class (its shared prefix). */
function joinedTokens(
  sources: readonly SourceRequests[],
  classes: readonly TrafficClass[],
): Int32Array {
  const parts = sources.flatMap((s) => (s.prefix === undefined ? [] : [s.prefix.idTokens]));
  const own = classes.map((c) => c.sharedPrefix?.tokens ?? 1);
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const idTokens = new Int32Array(length + own.length);
  let at = 0;
  for (const part of parts) {
    idTokens.set(part, at);
    at += part.length;
  }
  idTokens.set(own, length);
  return idTokens;
}

/** The chains of all sources, one source after the other, each id with the tokens that it covers in them; undefined where neither a trace nor a class has any. */
export function joinedChains(
  sources: readonly SourceRequests[],
  classIndices: readonly Uint8Array[],
  shared: SharedPrefixes,
): PrefixChains | undefined {
  const { classes } = shared;
  const isAny = sources.some((s) => s.prefix !== undefined) || classes.some((c) => c.sharedPrefix);
  if (!isAny) return undefined;
  const count = sources.reduce((sum, s) => sum + s.count, 0);
  const references = sources.reduce((sum, s) => sum + (s.prefix?.ids.length ?? 0), 0) + count;
  checkReferences("The traffic", references);
  const builder: Builder = {
    offsets: new Int32Array(count + 1),
    ids: new Int32Array(references),
    request: 0,
    reference: 0,
  };
  const idTokens = joinedTokens(sources, classes);
  let idBase = 0;
  sources.forEach((source, s) => {
    const sharedIdBase = idTokens.length - classes.length;
    appendSource(builder, source, classIndices[s]!, idBase, sharedIdBase, shared);
    idBase += source.prefix?.idTokens.length ?? 0;
  });
  const { offsets } = builder;
  const chains = { offsets, ids: builder.ids.slice(0, builder.reference), idTokens };
  return { ...chains, idTokens: coveredBySources(sources, chains) };
}

/** Tokens that the ids cover in the prompts of all sources. */
function coveredBySources(sources: readonly SourceRequests[], chains: PrefixChains): Int32Array {
  const prompts = joinedColumn(
    sources,
    (source) => source.promptTokens,
    (n) => new Int32Array(n),
  );
  return coveredIdTokens(prompts, chains);
}

/** Chains in the given order of requests. */
export function reorderedChains(chains: PrefixChains, order: Int32Array): PrefixChains {
  const offsets = new Int32Array(order.length + 1);
  const ids = new Int32Array(chains.ids.length);
  let k = 0;
  for (let i = 0; i < order.length; i++) {
    const from = order[i]!;
    for (let j = chains.offsets[from]!; j < chains.offsets[from + 1]!; j++)
      ids[k++] = chains.ids[j]!;
    offsets[i + 1] = k;
  }
  return { offsets, ids, idTokens: chains.idTokens };
}
