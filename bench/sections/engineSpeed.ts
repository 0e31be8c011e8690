/** Speed and memory of the engine on the loads of bench/scenarios.ts, and against the plain engine. */
import { ScenarioRun } from "../../shared/planning/scenarioRun.ts";
import type { Scenario } from "../../shared/schema/scenario.ts";
import { buildFleet } from "../../shared/serving/testFleets.ts";
import { buildWorkload } from "../../shared/workload/buildWorkload.ts";
import type { Workload } from "../../shared/workload/workload.ts";
import { bestOf, type Section, timed } from "../harness.ts";
import { elasticLoad, fullLoad, plainLoad } from "../scenarios.ts";

const million = 1_000_000;

function workloadOf(scenario: Scenario): Workload {
  const { traffic, clock, seed } = scenario;
  return buildWorkload({ traffic, clock, seed, traces: new Map(), replication: 0 });
}

/** Best processor time of simulating a workload, seconds. */
async function simulationS(
  scenario: Scenario,
  engine: "skipping" | "plain",
  times: number,
): Promise<number> {
  const workload = workloadOf(scenario);
  const { cpuS } = await bestOf(times, () => {
    const fleet = buildFleet(scenario, workload, engine);
    fleet.advance();
  });
  return cpuS;
}

/** Bytes of typed arrays per request of a run and its report, without the workload's own. */
function bytesPerRequest(scenario: Scenario): number {
  const collect = (): number => {
    globalThis.gc?.();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const before = collect();
  const run = new ScenarioRun({ scenario, traces: new Map() });
  while (run.step(million));
  const { workload } = run;
  run.report(0);
  const after = collect();
  const columns = [
    workload.arrivalNs,
    workload.promptTokens,
    workload.outputTokens,
    workload.classIndex,
    workload.prefix?.offsets,
    workload.prefix?.ids,
  ];
  const inputs = columns.reduce((sum, column) => sum + (column?.byteLength ?? 0), 0);
  return (after - before - inputs) / workload.count;
}

const ratio = (name: string, rate: number) => ({ name, rate });
const batches = [ratio("batch near 1", 0.1), ratio("batch of 40", 10)];

/** One million requests with plain features and with everything on. */
export const engineSpeed: Section = {
  name: "engine",
  figures: [
    "engine, plain features",
    "engine, all features",
    "engine, all features, autoscaler and failures",
    "whole run with report, all features",
    "workload generation",
    "events per request, plain features",
    "memory above the inputs",
  ],
  async run(record) {
    const plain = plainLoad(million, 40);
    const all = fullLoad(million, 50);
    const perS = "requests/s and core";
    const plainS = await simulationS(plain, "skipping", 3);
    record("engine, plain features", million / plainS, perS, { atLeast: 1_000_000 });
    const whole = await bestOf(3, () => {
      const run = new ScenarioRun({ scenario: all, traces: new Map() });
      while (run.step(million));
      run.report(0);
    });
    const generation = await bestOf(2, () => workloadOf(all));
    const servedS = whole.cpuS - generation.cpuS;
    record("engine, all features", million / servedS, perS, { atLeast: 500_000 });
    const elasticS = await simulationS(elasticLoad(million, 50), "skipping", 2);
    record("engine, all features, autoscaler and failures", million / elasticS, perS, {
      atLeast: 500_000,
    });
    record("whole run with report, all features", whole.cpuS, "s per million requests");
    record("workload generation", million / generation.cpuS, perS);
    const fleet = buildFleet(plain, workloadOf(plain), "skipping");
    fleet.advance();
    record(
      "events per request, plain features",
      fleet.simulator.eventCount / million,
      "events/request",
    );
    record("memory above the inputs", bytesPerRequest(all), "bytes/request", { atMost: 100 });
  },
};

/** The skipping engine against the plain one on the same load. */
export const engineAgainstPlain: Section = {
  name: "oracle",
  figures: batches.map(({ name }) => `skipping over plain engine, ${name}`),
  async run(record) {
    const bars = [20, 1.5];
    for (const [index, { name, rate }] of batches.entries()) {
      const requests = 20_000;
      const scenario = plainLoad(requests, rate, 1);
      const plainS = await simulationS(scenario, "plain", 2);
      const skippingS = await skippingTime(scenario);
      record(`skipping over plain engine, ${name}`, plainS / skippingS, "x", {
        atLeast: bars[index],
      });
    }
  },
};

/** Processor time of one simulation, averaged over enough of them to be measured. */
async function skippingTime(scenario: Scenario): Promise<number> {
  const workload = workloadOf(scenario);
  const repeats = 20;
  const { cpuS } = await timed(() => {
    for (let i = 0; i < repeats; i++) buildFleet(scenario, workload, "skipping").advance();
  });
  return cpuS / repeats;
}
