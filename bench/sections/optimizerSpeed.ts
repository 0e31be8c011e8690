/** The optimizer on the sample scenario, as the command line runs it: worker threads, no earlier results. */
import { join } from "node:path";
import { readScenario } from "../../electron/cli/commands/scenarioInput.ts";
import { createJobRunner } from "../../electron/core/jobRunner.ts";
import { loadCatalog } from "../../electron/services/catalogFiles.ts";
import { type OptimizeResult, optimize } from "../../shared/planning/optimizer/optimize.ts";
import { defaultSearchSpace, type SearchSpaceFile } from "../../shared/schema/searchSpace.ts";
import { type Section, timed } from "../harness.ts";

const sample = join(import.meta.dirname, "../../data/samples/azure-conv-hybrid.crossover");
const workers = 2;

/** All GPUs with a price, to 16 of them, all backends, three sizes of batch. */
const plain: Partial<SearchSpaceFile> = { maxNumSeqs: [16, 32, 64] };
/** The same with MIG layouts and thresholds. */
const wide: Partial<SearchSpaceFile> = {
  ...plain,
  maxGpus: 8,
  mig: true,
  routing: { maxWaiting: [2, 32], spillAfterS: [1, 16], poolShare: [0.75] },
};

async function search(parts: Partial<SearchSpaceFile>): Promise<OptimizeResult> {
  const { scenario, traces } = await readScenario(sample);
  const runner = createJobRunner({ traces, workers, cache: null });
  const space = { ...defaultSearchSpace(), ...parts };
  const settings = { catalog: loadCatalog(), runner, top: 5, replications: 3 };
  try {
    return (await optimize({ scenario, traces, space, ...settings })).result;
  } finally {
    await runner.close();
  }
}

/** Over 2,000 candidates from question to proven answer, and a space some ten times as large. */
export const optimizerSpeed: Section = {
  name: "optimizer",
  figures: [
    "optimizer, candidates",
    "optimizer, over 2,000 candidates",
    "optimizer, candidates of the wide space",
    "optimizer, the wide space",
  ],
  async run(record) {
    const first = await timed(() => search(plain));
    record("optimizer, candidates", first.result.counts.candidates, "candidates", {
      atLeast: 2000,
    });
    record("optimizer, over 2,000 candidates", first.wallS, "s on two cores", { atMost: 30 });
    const second = await timed(() => search(wide));
    const { candidates } = second.result.counts;
    record("optimizer, candidates of the wide space", candidates, "candidates");
    record("optimizer, the wide space", second.wallS, "s on two cores");
  },
};
