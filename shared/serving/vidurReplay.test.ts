import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import coefficientsFile from "../../data/catalog/coefficients.json";
import gpusFile from "../../data/catalog/gpus.json";
import modelsFile from "../../data/catalog/models.json";
import { catalogFileSchemas } from "../catalog/catalog.ts";
import { exactQuantiles } from "../stats/quantiles.ts";
import { openWorkload, pool, runToEnd, scenario } from "./fixtures/engineRuns.ts";

interface Latencies {
  readonly ttftS: Float64Array;
  readonly tpotS: Float64Array;
  readonly e2eS: Float64Array;
}

const text = readFileSync(new URL("./fixtures/vidurRequests.csv", import.meta.url), "utf8");
const rows = text
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => line.split(",").map(Number));
const outputTokens = Int32Array.from(rows, (row) => row[2]);

/** The run's own figures. TPOT is (last - first) / (n - 1); Vidur's normalised column divides by n. */
function measuredByVidur(): Latencies {
  return {
    ttftS: Float64Array.from(rows, (row) => row[4]),
    tpotS: Float64Array.from(rows, (row) => (row[5] - row[4]) / (row[2] - 1)),
    e2eS: Float64Array.from(rows, (row) => row[5]),
  };
}

function replayed(): Latencies {
  let nowNs = 0;
  const arrivalNs = Float64Array.from(rows, (row, index) => {
    nowNs += index === 0 ? 0 : Math.round(row[0] * 1e9);
    return nowNs;
  });
  const promptTokens = Int32Array.from(rows, (row) => row[1]);
  const replica = pool({
    gpu: "a100-sxm-80gb",
    model: "codellama-34b",
    tensorParallel: 2,
    executionTime: { kind: "fitted", set: "vidur-a100" },
    engine: {
      maxNumSeqs: 128,
      maxNumBatchedTokens: 512,
      kvWatermark: 0.01,
      gpuMemoryUtilization: 0.9,
      prefixCaching: false,
    },
  });
  const { table } = runToEnd(
    scenario({
      gpus: catalogFileSchemas.gpus.parse(gpusFile).entries,
      models: catalogFileSchemas.models.parse(modelsFile).entries,
      coefficients: catalogFileSchemas.coefficients.parse(coefficientsFile).entries,
      pools: [replica],
    }),
    openWorkload({ arrivalNs, promptTokens, outputTokens }),
  );
  const { firstTokenNs, finishNs } = table;
  return {
    ttftS: firstTokenNs.map((first, i) => (first - arrivalNs[i]) / 1e9),
    tpotS: finishNs.map((end, i) => (end - firstTokenNs[i]) / 1e9 / (outputTokens[i] - 1)),
    e2eS: finishNs.map((end, i) => (end - arrivalNs[i]) / 1e9),
  };
}

const ours = replayed();
const theirs = measuredByVidur();

function errorAt(metric: keyof Latencies, p: number): number {
  const [our] = exactQuantiles(ours[metric], [p]);
  const [their] = exactQuantiles(theirs[metric], [p]);
  return our / their - 1;
}

test("the run of Vidur is read whole: 2,000 requests, each with its columns", () => {
  expect(rows).toHaveLength(2000);
  for (const [index, row] of rows.entries()) {
    expect(row).toHaveLength(6);
    expect(row.every(Number.isFinite), `row ${index + 1}`).toBe(true);
    expect(row[3]).toBeLessThan(row[4]);
    expect(row[4]).toBeLessThan(row[5]);
  }
});

// Measured: TTFT +12.1 % at p50 and +8.3 % at p99, TPOT +5.2 % and +6.6 %, e2e +5.0 % and +5.9 %. Most of the surplus
// stems from the fitted form: full iterations have exactly 512 tokens, for which Vidur's table has a step down (a matrix
// tile) of 6.5 % that a smooth curve does not follow.
test.each([
  ["ttftS", 0.5, 0.15],
  ["tpotS", 0.5, 0.1],
  ["e2eS", 0.5, 0.1],
  ["ttftS", 0.99, 0.15],
  ["tpotS", 0.99, 0.15],
  ["e2eS", 0.99, 0.15],
] as const)("replaying Vidur's run gives its %s at %d within a share of %d", (metric, p, gate) => {
  expect(Math.abs(errorAt(metric, p))).toBeLessThan(gate);
});

test("each request of the replay finishes close to when Vidur's does, not only the percentiles", () => {
  const errors = ours.e2eS.map((our, i) => Math.abs(our / theirs.e2eS[i] - 1));
  const [half, most] = exactQuantiles(errors, [0.5, 0.95]);
  expect(half).toBeLessThan(0.1);
  expect(most).toBeLessThan(0.2);
});
