/** The sample that ships with the program. */
import { fileURLToPath } from "node:url";

/** The sample scenario; its trace lies beside it. */
export const sampleScenarioPath = fileURLToPath(
  new URL("../../data/samples/azure-conv-hybrid.crossover", import.meta.url),
);
