/** Work that is collected by day and done by night on rented GPUs. */
import { lognormalLengths, offerPrice, type Preset } from "./preset.ts";

/** Documents come from eight in the morning to eight in the evening. */
const dayHours = Array.from({ length: 24 }, (_, hour) => (hour >= 8 && hour < 20 ? 1 : 0));
const night = { from: "22:00", to: "06:00" };

/** Documents of three days, held until the night's H100s are there, all done by six. */
export const nightlyBatchPreset: Preset = {
  id: "nightly-batch",
  title: "Nightly batch on H100",
  about:
    "Documents arrive by day, are held for the night and are done by 06:00 on H100s that are rented for those hours only; what would miss its deadline goes to an API. The fair rival is a batch API at half price, which stands beside it.",
  build: (catalog) => ({
    format: "crossover-scenario",
    version: 1,
    name: "Nightly batch on H100",
    clock: { startWeekday: "monday", startTime: "06:00" },
    run: { horizonS: 3 * 86_400 },
    traffic: {
      sources: [
        {
          ...{ id: "documents", kind: "synthetic", durationS: 3 * 86_400 - 4 * 3600 },
          arrivals: {
            ...{ process: "weekly", meanRps: 0.08, hourWeights: dayHours },
            dayWeights: [1, 1, 1, 1, 1, 1, 1],
          },
          lengths: lognormalLengths({ mean: 5000, sigma: 0.6 }, { mean: 600, sigma: 0.5 }),
        },
      ],
      classes: [{ id: "documents", tier: "batch", priority: 10, deadline: { by: "06:00" } }],
    },
    pools: [
      {
        ...{ id: "night-h100", gpu: "h100-sxm", model: "llama-3.3-70b", backend: "vllm" },
        ...{ precision: "fp8", kvPrecision: "fp8", tensorParallel: 2, replicas: 1 },
        schedule: { kind: "hours", hours: [night] },
        price: offerPrice(catalog, "h100-sxm-gpu-cloud"),
        licence: "nvaie-cloud",
      },
    ],
    providers: catalog.providers.filter(({ id }) => id === "gpt-4.1-batch"),
    rules: [
      {
        ...{ id: "hold-for-the-night", match: { tiers: ["batch"] }, to: { pool: "night-h100" } },
        hold: { window: night, releaseBeforeDeadlineS: 3600 },
      },
      { id: "else-to-api", to: { provider: "gpt-4.1" } },
    ],
  }),
};
