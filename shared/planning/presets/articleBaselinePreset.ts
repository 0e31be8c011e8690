/** The published starting point: one H100 at a cloud's list price against three APIs, two output tokens to one of input. */
import { lognormalLengths, offerPrice, type Preset } from "./preset.ts";

const secondsPerDay = 86_400;
/** 300 M tokens in a month of 730 hours, 600 a request. */
const rateRps = 300e6 / 600 / (730 * 3600);

/** 300 M tokens a month on one rented H100, with the APIs of the article beside it. */
export const articleBaselinePreset: Preset = {
  id: "article-baseline",
  title: "Article baseline",
  about:
    "One rented H100 with an 8B model against the APIs it is usually compared with, at 300 M tokens a month and the published ratio of one input token to two output tokens. Look at the break-even curve, then replace the traffic with your own.",
  build: (catalog) => ({
    format: "crossover-scenario",
    version: 1,
    name: "Article baseline",
    notes:
      "The published claim: break-even at 300 to 500 M tokens a month. The ratio of 1 to 2 is the article's; real conversations are nearer 5 to 1 the other way round.",
    traffic: {
      sources: [
        {
          ...{ id: "article", kind: "synthetic", durationS: secondsPerDay },
          arrivals: { process: "poisson", rateRps },
          lengths: lognormalLengths({ mean: 200, sigma: 0.7 }, { mean: 400, sigma: 0.7 }),
        },
      ],
      classes: [{ id: "all", targets: { ttft: { ms: 2000 }, tpot: { ms: 50 } } }],
    },
    pools: [
      {
        ...{ id: "own-h100", gpu: "h100-sxm", model: "llama-3.1-8b", backend: "vllm" },
        replicas: 1,
        price: offerPrice(catalog, "h100-sxm-gpu-cloud"),
        licence: "nvaie-subscription",
      },
    ],
    providers: catalog.providers.filter(({ id }) =>
      ["claude-sonnet-4.6", "gpt-4.1", "mistral-large-2"].includes(id),
    ),
    rules: [{ id: "all-own", to: { pool: "own-h100" } }],
  }),
};
