/** Speed of the sample's break-even study: 20 volumes, 3 strategies, 5 replications, the search for GPUs included. */
import { join } from "node:path";
import { readScenario } from "../../electron/cli/commands/scenarioInput.ts";
import { createJobRunner } from "../../electron/core/jobRunner.ts";
import { runBreakEven } from "../../shared/planning/breakEven/runBreakEven.ts";
import { type Section, timed } from "../harness.ts";

const sample = join(import.meta.dirname, "../../data/samples/azure-conv-hybrid.crossover");

/** The study on two worker threads that start with it, without earlier results. */
export const breakEvenSpeed: Section = {
  name: "break-even",
  figures: [
    "break-even study of the sample",
    "break-even study of the sample, processor time",
    "volumes, strategies and replications of it",
  ],
  async run(record) {
    const { scenario, traces } = await readScenario(sample);
    const study = await timed(async () => {
      const runner = createJobRunner({ traces, workers: 2, cache: null });
      try {
        return await runBreakEven(runner, scenario);
      } finally {
        await runner.close();
      }
    });
    const { points, strategies, replications } = study.result;
    record("break-even study of the sample", study.wallS, "s on two cores", { atMost: 10 });
    record("break-even study of the sample, processor time", study.cpuS, "s");
    record(
      "volumes, strategies and replications of it",
      points.length * strategies.length * replications,
      "points simulated at least",
      { atLeast: 300 },
    );
  },
};
