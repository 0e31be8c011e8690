/** Catalog entries for tests of the engine, which must not change when the catalog does. */
import type { ScenarioInput } from "../schema/scenario.ts";

const provenance = [{ source: "test", retrievedOn: "2026-11-24", basis: "estimated" as const }];

/** An H100 SXM, Llama-3.1-8B and one coefficient set, as a scenario carries them. */
export function testCatalog(): Pick<ScenarioInput, "gpus" | "models" | "coefficients"> {
  return {
    gpus: [
      {
        id: "h100-sxm",
        name: "H100 SXM",
        bandwidthBytesPerS: 3.35e12,
        f16Flops: 989e12,
        f8Flops: 1979e12,
        memoryGib: 79.25,
        smCount: 132,
        interconnect: {
          kind: "nvlink",
          bytesPerSPerDirection: 450e9,
          maxGpus: 8,
          pcieBytesPerSPerDirection: 64e9,
          gpusPerNode: 8,
        },
        migProfiles: [],
        provenance,
      },
    ],
    models: [
      {
        id: "llama-3.1-8b",
        name: "Llama-3.1-8B",
        layers: 32,
        hidden: 4096,
        heads: 32,
        kvHeads: 8,
        headDim: 128,
        intermediate: 14336,
        vocab: 128256,
        maxContextTokens: 131072,
        provenance,
      },
    ],
    coefficients: [
      {
        id: "vllm-bf16",
        backend: "vllm",
        precision: "bf16",
        kvPrecision: "bf16",
        kernel: {
          mbuW: 0.8886098841384121,
          mfu: 0.9999999999999989,
          mfuHi: 0.7412076512462088,
          t0Tokens: 532.724006509124,
          p: 1.5204896597550754,
          mbuKv: 0.9590897224226087,
          mfuAttn: 0.9999999999999971,
          cElem: 34.34862303182964,
          ar2Us: 1.2309204127315636,
          ar4Us: 2.1177120864783374,
          ar8Us: 2.777381231501468,
          arBw: 1.4999999999993667,
          oLayerUs: 50.40904517810608,
        },
        host: { gpuScale: 1.0751542, oIterUs: 32, oSeqUs: 10.9, oTpUs: 267, oReqMs: 0 },
        fitted: {
          gpus: ["h100-sxm"],
          maxPrefillTokens: 8192,
          maxMeanContextTokens: 8192,
          maxBatch: 256,
        },
        statedError: "test",
        provenance,
      },
    ],
  };
}
