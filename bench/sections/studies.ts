/** Studies: how much a second worker gives, and how long a study takes whose results are all there already. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createJobRunner } from "../../electron/core/jobRunner.ts";
import { hashTraces, runStudy } from "../../electron/services/studies.ts";
import { WorkerPool } from "../../electron/workers/workerPool.ts";
import { parseAxis } from "../../shared/planning/studies/axisText.ts";
import { usualFigures } from "../../shared/planning/studies/figureNames.ts";
import { countRuns, planStudy, type StudyPlan } from "../../shared/planning/studies/planStudy.ts";
import { buildStudyResult, studyHead } from "../../shared/planning/studies/studyResult.ts";
import { canonicalJson } from "../../shared/schema/canonicalJson.ts";
import { studySchema } from "../../shared/schema/study.ts";
import { bestOf, type Section, timed } from "../harness.ts";
import { fullLoad } from "../scenarios.ts";

const traces = new Map();
const whole = { index: 1, count: 1 };
const watcher = {};

/** Fleets of 2 to 7 GPUs at five prices, `replications` runs each, all features on. */
function planOf(requests: number, replications: number): StudyPlan {
  const scenario = fullLoad(requests, 50);
  const axes = ["pools.own.replicas=2..7:1", "pools.own.price.usdPerGpuHour=1..3*5"].map(parseAxis);
  const base = { format: "crossover-study", version: 1, name: "benchmark", scenario: "itself" };
  return planStudy({ ...studySchema.parse({ ...base, axes, replications }), scenario });
}

/** Least wall seconds of a study on a pool whose threads have run before. */
async function wallS(plan: StudyPlan, workers: number): Promise<number> {
  const pool = new WorkerPool({ workers });
  const runner = pool.runner(traces);
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 4; i++) {
    const run = await timed(() => runStudy(plan, whole, runner, watcher));
    if (i > 0) least = Math.min(least, run.wallS);
  }
  await pool.close();
  return least;
}

/** A whole study from plan to the text of its result. */
async function studyText(plan: StudyPlan, cache: string): Promise<string> {
  const runner = createJobRunner({ traces, cache });
  const { results } = await runStudy(plan, whole, runner, watcher);
  await runner.close();
  const outputs = usualFigures(plan.study.scenario);
  const runs = Array.from({ length: countRuns(plan) }, (_, run) => results.get(run));
  return canonicalJson(
    buildStudyResult(studyHead(plan, outputs, hashTraces(traces)), plan.points, runs),
  );
}

const sample = join(import.meta.dirname, "../../data/samples/azure-conv-hybrid.crossover");
const program = join(import.meta.dirname, "../../out/electron/cli.cjs");

/** Wall seconds of the built program for the sample's study, once it is cached. */
function programS(cache: string): number {
  const build = join(import.meta.dirname, "../../node_modules/vite/bin/vite.js");
  const config = join(import.meta.dirname, "../../electron/vite.config.ts");
  const env = { ...process.env, CROSSOVER_BUILD: "node,worker" };
  spawnSync(process.execPath, [build, "build", "--app", "--config", config], { env });
  const axes = ["pools.own-h100.replicas=1..4:1", "traffic.volume=0.5,1,2"];
  const args = ["study", sample, ...axes.flatMap((each) => ["--axis", each]), "--cache", cache];
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 6; i++) {
    const startNs = process.hrtime.bigint();
    const { status } = spawnSync(process.execPath, [program, ...args]);
    if (status !== 0) throw new Error(`the built program ended with ${status}`);
    if (i > 0) least = Math.min(least, Number(process.hrtime.bigint() - startNs) / 1e9);
  }
  return least;
}

/** Speed on two workers over one, and of cached studies in the process and as a whole program. */
export const studies: Section = {
  name: "studies",
  figures: [
    "study, two workers over one",
    "study of 900 runs, all cached, in the process",
    "study of the sample, all cached, whole program",
  ],
  async run(record) {
    const plan = planOf(10_000, 2);
    const one = await wallS(plan, 1);
    const two = await wallS(plan, 2);
    record("study, two workers over one", one / two, "x", { atLeast: 1.8 });
    const cache = mkdtempSync(join(tmpdir(), "crossover-bench-"));
    try {
      const small = planOf(100, 30);
      await studyText(small, cache);
      const again = await bestOf(3, () => studyText(planOf(100, 30), cache));
      record("study of 900 runs, all cached, in the process", again.wallS, "s", { atMost: 0.2 });
      const programWallS = programS(cache);
      record("study of the sample, all cached, whole program", programWallS, "s", { atMost: 0.2 });
    } finally {
      rmSync(cache, { recursive: true });
    }
  },
};
