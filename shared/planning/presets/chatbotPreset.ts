/** A chat assistant that runs on APIs alone. */
import { lognormalLengths, officeHours, officeWeek, type Preset } from "./preset.ts";

const secondsPerWeek = 604_800;

/** A week of an office's chat on one API, with a second one for what the first cannot take. */
export const chatbotPreset: Preset = {
  id: "chatbot-on-apis",
  title: "Chatbot on APIs",
  about:
    "A week of chat with office hours, sent to one API and, when its limits are reached, to a second one. Add a pool of GPUs to see from which volume on it would pay.",
  build: () => ({
    format: "crossover-scenario",
    version: 1,
    name: "Chatbot on APIs",
    traffic: {
      sources: [
        {
          ...{ id: "chat", kind: "synthetic", durationS: secondsPerWeek },
          arrivals: {
            ...{ process: "weekly", meanRps: 0.033, cv: 1.5 },
            ...{ hourWeights: officeHours, dayWeights: officeWeek },
          },
          lengths: lognormalLengths({ mean: 1400, sigma: 1 }, { mean: 260, sigma: 0.8 }),
        },
      ],
      classes: [
        {
          id: "chat",
          targets: { ttft: { ms: 2000 }, tpot: { ms: 50 } },
          sharedPrefix: { tokens: 1024, reuseProbability: 0.9 },
        },
      ],
    },
    rules: [
      {
        ...{ id: "first-api", to: { provider: "gpt-4.1" } },
        guards: { withinProviderLimits: true },
      },
      { id: "second-api", to: { provider: "claude-sonnet-4.6" } },
    ],
  }),
};
