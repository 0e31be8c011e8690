/** Own GPUs for what they carry, an API for the peaks. */
import { lognormalLengths, offerPrice, officeHours, type Preset } from "./preset.ts";

/** A day with peaks on two H100s that scale with the load; what would wait too long goes to an API. */
export const hybridPreset: Preset = {
  id: "hybrid-spillover",
  title: "Hybrid with spillover",
  about:
    "A day of chat and background work on own H100s, with an API for what would have to wait. Look at how much spills over, what the idle hours cost, and whether one GPU more or less is cheaper.",
  build: (catalog) => ({
    format: "crossover-scenario",
    version: 1,
    name: "Hybrid with spillover",
    traffic: {
      sources: [
        {
          ...{ id: "chat", kind: "synthetic", durationS: 86_400 },
          arrivals: {
            ...{ process: "weekly", meanRps: 0.2, cv: 3, hourWeights: officeHours },
            dayWeights: [1, 1, 1, 1, 1, 1, 1],
          },
          lengths: lognormalLengths({ mean: 1150, sigma: 0.9 }, { mean: 210, sigma: 0.8 }),
        },
      ],
      classes: [
        {
          ...{ id: "chat", tier: "realTime", share: 0.7 },
          targets: { ttft: { ms: 2000 }, tpot: { ms: 50 } },
        },
        {
          ...{ id: "background", tier: "nearLine", priority: 5 },
          targets: { ttft: { ms: 10_000 } },
        },
      ],
    },
    pools: [
      {
        ...{ id: "own-h100", gpu: "h100-sxm", model: "llama-3.3-70b", backend: "vllm" },
        ...{ precision: "fp8", kvPrecision: "fp8", tensorParallel: 2, replicas: 1 },
        price: offerPrice(catalog, "h100-sxm-gpu-cloud"),
        licence: "nvaie-subscription",
      },
    ],
    rules: [
      {
        ...{ id: "own-first", to: { pool: "own-h100" }, spillAfterS: 1.5 },
        guards: { maxWaiting: 4, maxKvUsage: 0.95 },
      },
      { id: "spill-to-api", to: { provider: "gpt-4.1" } },
    ],
  }),
};
