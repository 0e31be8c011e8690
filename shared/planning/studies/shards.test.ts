import { describe, expect, test } from "vitest";
import { canonicalJson } from "../../schema/canonicalJson.ts";
import { studySchema } from "../../schema/study.ts";
import { hybridScenario } from "../fixtures/hybridScenario.ts";
import { InlineRunner } from "../jobs/inlineRunner.ts";
import { runPoint } from "../points/runPoint.ts";
import { parseAxis } from "./axisText.ts";
import { figureNames, nameFigures, requireFigures } from "./figureNames.ts";
import { countRuns, planStudy } from "./planStudy.ts";
import { mergeShards, parseShard, readShard, shardRuns, writeShard } from "./shards.ts";
import { buildStudyResult, studyHead } from "./studyResult.ts";
import type { StudyRun } from "./studyRun.ts";

const scenario = hybridScenario();
const outputs = ["monthUsd", "ttftMs.p99", "pools.own.busyFraction"];

function planOf(axis: string, replications: number) {
  const study = studySchema.parse({
    ...{ format: "crossover-study", version: 1, name: "s", scenario },
    ...{ axes: [parseAxis(axis)], replications },
  });
  return planStudy({ ...study, scenario });
}
const plan = planOf("pools.own.replicas=1,2,3", 3);
const head = studyHead(plan, outputs, {});
const inputs = Array.from({ length: countRuns(plan) }, (_, run) => ({
  scenario: plan.points[run % 3].scenario,
  seed: plan.points[run % 3].seed,
  replication: Math.floor(run / 3),
}));
const runs: StudyRun[] = await new InlineRunner(new Map()).run("studyPoint", inputs);
const whole = buildStudyResult(head, plan.points, runs);

function shardsOf(count: number, fingerprint = "engine", of = head) {
  return Array.from({ length: count }, (_, i) => {
    const part = { index: i + 1, count };
    const own = new Map(shardRuns(part, runs.length).map((run) => [run, runs[run]]));
    const file = `${part.index}.json`;
    return { file, shard: readShard(writeShard(plan, of, part, own, fingerprint), file) };
  });
}

describe("shards", () => {
  test.each([1, 2, 5, 9])("%i of them merge to the bytes of one run, in any order", (count) => {
    const merged = mergeShards(shardsOf(count).reverse());
    expect(canonicalJson(merged)).toBe(canonicalJson(whole));
  });

  test("that are missing, doubled, of another study, division or program are refused by name", () => {
    const five = shardsOf(5);
    expect(() => mergeShards([five[0], five[2], five[4]])).toThrow(
      "Shards 2/5, 4/5 of 5 are missing",
    );
    expect(() => mergeShards([...five, { ...five[1], file: "again.json" }])).toThrow(
      "Shard 2/5 is there twice: 2.json and again.json",
    );
    expect(() => mergeShards([five[0], shardsOf(2)[1]])).toThrow(/different divisions/);
    expect(() => mergeShards([five[0], shardsOf(5, "other")[1]])).toThrow(/different versions/);
    const other = studyHead(planOf("pools.own.replicas=1,2,4", 3), outputs, {});
    expect(() => mergeShards([five[0], shardsOf(5, "engine", other)[1]])).toThrow(
      "1.json and 2.json do not belong together: they are of different studies",
    );
    expect(() => mergeShards([])).toThrow(/wants the shard files/);
  });

  test("that were changed, or are no shards, are refused", () => {
    const [part] = [{ index: 1, count: 1 }];
    const own = new Map(runs.map((run, index) => [index, run]));
    const text = writeShard(plan, head, part, own, "engine");
    expect(() => readShard(text.replace(/"monthUsd": \d/, '"monthUsd": 9'), "f")).toThrow(
      /not as it was written/,
    );
    expect(() => readShard("{}", "f")).toThrow(/f is no shard/);
    expect(() => readShard("{", "f")).toThrow(/not valid JSON/);
  });

  test.each(["0/2", "3/2", "1", "a/b", "1/0", "-1/2", "1/99999"])("%s is no shard", (text) => {
    expect(() => parseShard(text)).toThrow(/wanted i\/n/);
  });

  test("share out every run once", () => {
    const all = [1, 2, 3].flatMap((index) => shardRuns({ index, count: 3 }, 10));
    expect(all.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});

describe("the result", () => {
  test("has the mean and t interval of every figure over the replications of a point", () => {
    const values = [0, 3, 6].map((run) => {
      const each = runs[run];
      return "figures" in each ? (each.figures.monthUsd ?? Number.NaN) : Number.NaN;
    });
    const mean = (values[0] + values[1] + values[2]) / 3;
    const sd = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) * (v - mean), 0) / 2);
    const figure = whole.pointResults[0].figures.monthUsd;
    expect(figure.values).toEqual(values);
    expect(figure.mean).toBeCloseTo(mean, 6);
    // t of 97.5 % with 2 degrees of freedom is 4.302653.
    expect((figure.high95 ?? 0) - mean).toBeCloseTo((4.302653 * sd) / Math.sqrt(3), 3);
    expect(new Set(values).size).toBe(3);
  });

  test("says which runs are missing, and keeps what is there", () => {
    const some = runs.map((run, index) => (index < 4 ? run : undefined));
    const partial = buildStudyResult(head, plan.points, some);
    expect(partial.partial).toEqual({ runs: 4, of: 9 });
    expect(partial.pointResults.map((point) => point.figures.monthUsd?.n)).toEqual([2, 1, 1]);
  });

  test("keeps a point that could not be run beside those that could", () => {
    const some = runs.map((run, index) => (index % 3 === 1 ? { problem: "too long" } : run));
    const result = buildStudyResult(head, plan.points, some);
    expect(result.pointResults.map(({ problem }) => problem)).toEqual([
      undefined,
      "too long",
      undefined,
    ]);
  });

  test("marks a percentile with fewer than ten samples beyond it", () => {
    const few = runs.map((run) =>
      "figures" in run ? { ...run, figures: { ...run.figures, "ttftMs.samples": 900 } } : run,
    );
    const figures = buildStudyResult(head, plan.points, few).pointResults[0].figures;
    expect(figures["ttftMs.p99"].hasEnoughSamples).toBe(false);
    expect(figures.monthUsd.hasEnoughSamples).toBeUndefined();
  });
});

describe("figures by name", () => {
  const run = runPoint(
    { scenario },
    { traces: new Map(), isCancelled: () => false, onProgress: () => undefined },
  );

  test("a run has exactly those that are listed", () => {
    expect(Object.keys(nameFigures(run)).sort()).toEqual(figureNames(scenario).sort());
  });

  test("are completed where one ends so, and refused with the nearest", () => {
    expect(requireFigures(scenario, ["busyFraction", "monthUsd", "monthUsd"])).toEqual([
      "pools.own.busyFraction",
      "monthUsd",
    ]);
    expect(() => requireFigures(scenario, ["p95"])).toThrow(/stands for several/);
    expect(() => requireFigures(scenario, ["monthUSDs"])).toThrow(/no figure.*monthUsd/);
  });

  test("say whether targets are met", () => {
    expect(nameFigures({ ...run, rejected: 0, aborted: 1 }).meetsTargets).toBe(0);
  });
});
