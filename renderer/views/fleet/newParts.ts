/** New pools and partitions, as an offer of the catalog makes them. */
import type { Gpu, GpuOffer } from "../../../shared/schema/catalog.ts";
import type { Draft } from "../../components/editing.tsx";
import { freeId } from "../../components/ids.ts";
import { handSource } from "../providers/priceDifferences.ts";
import { fromOffer } from "./gpuOffers.ts";
import { type PartitionInput, type PoolInput, partitionsOf, poolsOf } from "./poolEdits.ts";

const firstModel = "llama-3.1-8b";
const productionLicence = "open-source";

/** "own-h100" of "h100-sxm": the family is what people call a pool by. */
export function poolIdFor(gpu: string): string {
  return `own-${gpu.split("-")[0]}`;
}

/** What a pool serves, and by what. */
export type ServedKind = Pick<
  PoolInput,
  "model" | "backend" | "precision" | "kvPrecision" | "engine"
>;

const smallModels = [
  { model: firstModel, precision: "bf16" },
  { model: firstModel, precision: "fp8" },
  { model: "llama-3.2-3b", precision: "bf16" },
  { model: "llama-3.2-1b", precision: "bf16" },
] as const;

/** What may be put onto a part of a GPU: what the scenario serves already, then small models, the largest first. */
export function candidatesForPart(draft: Draft): ServedKind[] {
  const own = (draft.pools ?? []).map(({ model, backend, precision, kvPrecision, engine }) => ({
    ...{ model, backend, precision, kvPrecision, engine },
  }));
  const small = smallModels.map((each) => ({
    ...each,
    ...({ backend: "vllm", kvPrecision: "bf16", engine: {} } as const),
  }));
  return [...own, ...small];
}

/** What a new pool serves: the model of the pool before it, else a small one. */
export function modelForNew(draft: Draft): ServedKind {
  const [like] = draft.pools ?? [];
  if (like === undefined) {
    return {
      model: firstModel,
      backend: "vllm",
      precision: "bf16",
      kvPrecision: "bf16",
      engine: {},
    };
  }
  const { model, backend, precision, kvPrecision, engine } = like;
  return {
    model,
    backend,
    precision,
    kvPrecision,
    engine: JSON.parse(JSON.stringify(engine ?? {})),
  };
}

/** An offer of one's own for a GPU that the catalog has no price of: $0 until it is entered, which its source says. */
export function unpriced(gpu: Gpu, day: string): GpuOffer {
  return {
    ...{ id: `own-${gpu.id}`, gpu: gpu.id, name: `${gpu.name}, a price of your own` },
    usdPerGpuHour: 0,
    provenance: [
      {
        ...{ source: handSource, retrievedOn: day, basis: "estimated" },
        note: "New: the price is still to be entered.",
      },
    ],
  };
}

/** Adds a pool of one replica on whole GPUs at the offer's price. */
export function addPool(draft: Draft, offer: GpuOffer, tensorParallel: number): void {
  const pools = poolsOf(draft);
  pools.push({
    id: freeId(poolIdFor(offer.gpu), pools),
    gpu: offer.gpu,
    ...modelForNew(draft),
    tensorParallel: tensorParallel as NonNullable<PoolInput["tensorParallel"]>,
    replicas: 1,
    price: fromOffer(offer),
    licence: pools[0]?.licence ?? productionLicence,
  });
}

/** The layout with which a cut GPU begins: two halves where it can, else the smallest instance. */
export function firstLayout(gpu: Gpu): string[] {
  const half = gpu.migProfiles.find(
    ({ computeSlices, memorySlices }) => computeSlices === 3 && memorySlices === 4,
  );
  const [smallest] = [...gpu.migProfiles].sort((a, b) => a.memorySlices - b.memorySlices);
  return half === undefined ? [smallest.name] : [half.name, half.name];
}

/** Adds one GPU cut into MIG instances at the offer's price; pools take its instances later. */
export function addPartition(draft: Draft, offer: GpuOffer, gpu: Gpu): void {
  const partitions = partitionsOf(draft);
  const partition: PartitionInput = {
    id: freeId(`cut-${offer.gpu.split("-")[0]}`, partitions),
    gpu: offer.gpu,
    gpus: 1,
    layout: firstLayout(gpu),
    price: fromOffer(offer),
    licence: productionLicence,
  };
  partitions.push(partition);
  draft.gpus ??= [];
  if (!draft.gpus.some(({ id }) => id === gpu.id)) draft.gpus.push(gpu);
}

/** Adds a pool that runs on every instance of a profile in the partition's layout. */
export function addPoolOn(draft: Draft, index: number, profile: string, kind: ServedKind): void {
  const partition = partitionsOf(draft)[index];
  const pools = poolsOf(draft);
  const perGpu = Math.max(1, partition.layout.filter((each) => each === profile).length);
  const used = pools
    .filter((pool) => pool.partition?.id === partition.id && pool.partition.profile === profile)
    .reduce((sum, { replicas }) => sum + replicas, 0);
  pools.push({
    id: freeId(`${partition.id}-${profile.split(".")[0]}`, pools),
    gpu: partition.gpu,
    ...(JSON.parse(JSON.stringify(kind)) as ServedKind),
    replicas: Math.max(1, perGpu * partition.gpus - used),
    partition: { id: partition.id, profile },
  });
}
