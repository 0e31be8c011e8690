/** One H100 cut in two, with a model on each part. */
import { lognormalLengths, offerPrice, type Preset } from "./preset.ts";

const hours = 6 * 3600;

/** Chat on one half of an H100 and tagging on the other, for two teams. */
export const sharedMigPreset: Preset = {
  id: "shared-mig-node",
  title: "Shared MIG node",
  about:
    "One H100 cut into two 3g.40gb instances: a chat model on one, a small tagging model on the other, for two teams that share its bill. Look at the MIG layout, the KV room of each instance and who pays for idle hours.",
  build: (catalog) => ({
    format: "crossover-scenario",
    version: 1,
    name: "Shared MIG node",
    traffic: {
      sources: [
        {
          ...{ id: "chat", kind: "synthetic", durationS: hours, tenant: "support" },
          arrivals: { process: "poisson", rateRps: 0.4 },
          lengths: lognormalLengths({ mean: 1200, sigma: 0.8 }, { mean: 220, sigma: 0.7 }),
        },
        {
          ...{ id: "tagging", kind: "synthetic", durationS: hours, tenant: "catalogue" },
          arrivals: { process: "gamma", rateRps: 0.6, cv: 2 },
          lengths: lognormalLengths({ mean: 500, sigma: 0.6 }, { mean: 16, sigma: 0.4 }),
        },
      ],
      classes: [
        {
          ...{ id: "chat", match: { sources: ["chat"] }, models: ["llama-3.1-8b"] },
          targets: { ttft: { ms: 2000 }, tpot: { ms: 50 } },
        },
        {
          ...{ id: "tagging", match: { sources: ["tagging"] }, models: ["llama-3.2-3b"] },
          targets: { e2e: { ms: 1000 } },
        },
      ],
    },
    partitions: [
      {
        ...{ id: "node", gpu: "h100-sxm", gpus: 1, layout: ["3g.40gb", "3g.40gb"] },
        price: offerPrice(catalog, "h100-sxm-gpu-cloud"),
        licence: "nvaie-subscription",
      },
    ],
    pools: [
      {
        ...{ id: "chat-half", gpu: "h100-sxm", model: "llama-3.1-8b", backend: "vllm" },
        ...{ replicas: 1, partition: { id: "node", profile: "3g.40gb" } },
      },
      {
        ...{ id: "tagging-half", gpu: "h100-sxm", model: "llama-3.2-3b", backend: "vllm" },
        ...{ replicas: 1, partition: { id: "node", profile: "3g.40gb" } },
      },
    ],
    rules: [
      { id: "chat", match: { classes: ["chat"] }, to: { pool: "chat-half" } },
      { id: "tagging", to: { pool: "tagging-half" } },
    ],
  }),
};
