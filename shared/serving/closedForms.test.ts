/**
 * The engine against queueing theory. Expected values are computed from the closed forms to six digits; a simulated
 * mean must lie within its own 99.9 % confidence interval of them (20 batch means; some hundred are tested, one in ten
 * runs of all would see one miss at any other seed), and the interval must be narrow.
 */
import { describe, expect, test } from "vitest";
import {
  GammaSampler,
  GeometricSampler,
  lognormalOfMean,
  UniformSampler,
} from "../sim/variates.ts";
import type { Interval } from "../stats/confidence.ts";
import {
  closedWorkload,
  openWorkload,
  provider,
  runToEnd,
  scenario,
} from "./fixtures/engineRuns.ts";
import {
  iterationS,
  meanOf,
  percentileOf,
  poissonWorkload,
  runBatching,
  runServers,
  serverPool,
  shareOf,
  sojournsS,
  tokensPerService,
  waitsS,
} from "./fixtures/queueRuns.ts";
import {
  drawExponentialNs,
  drawGeometric,
  drawPoissonNs,
  drawTokens,
} from "./fixtures/variates.ts";
import { requestState } from "./requestTable.ts";

/** `widest` is the widest half-width, as a share of the expected value, at which agreement still says something. */
function expectWithin(interval: Interval, expected: number, widest: number, slack = 0): void {
  const found = `${interval.mean.toFixed(6)} +- ${interval.halfWidth.toFixed(6)}, wanted ${expected}`;
  expect(interval.halfWidth / expected, found).toBeLessThan(widest);
  expect(Math.abs(interval.mean - expected), found).toBeLessThan(interval.halfWidth + slack);
}

describe("one replica with c sequences is M/M/c", () => {
  const count = 400_000;

  test.each([
    { rho: 0.5, wait: 1, sojourn: 2, t95: 5.991465, wait99: 7.824046, widest: 0.04 },
    { rho: 0.7, wait: 2.333333, sojourn: 3.333333, t95: 9.985774, wait99: 14.161651, widest: 0.07 },
    { rho: 0.8, wait: 4, sojourn: 5, t95: 14.978661, wait99: 21.910133, widest: 0.1 },
    { rho: 0.9, wait: 9, sojourn: 10, t95: 29.957323, wait99: 44.998097, widest: 0.24 },
  ])("M/M/1 at load $rho waits $wait and stays $sojourn", (row) => {
    const run = runServers(1, poissonWorkload(row.rho, count, `mm1/${row.rho}`));
    const waits = waitsS(run);
    const sojourns = sojournsS(run);
    expectWithin(meanOf(waits), row.wait, row.widest);
    expectWithin(meanOf(sojourns), row.sojourn, row.widest);
    expectWithin(percentileOf(sojourns, 0.95), row.t95, row.widest);
    expectWithin(percentileOf(waits, 0.99), row.wait99, 1.5 * row.widest);
    expectWithin(
      shareOf(waits, (wait) => wait > iterationS),
      row.rho,
      row.widest,
    );
  });

  test.each([
    { c: 2, rho: 0.5, delayed: 0.333333, wait: 0.333333, sojourn: 1.333333, wait95: 1.89712 },
    { c: 2, rho: 0.8, delayed: 0.711111, wait: 1.777778, sojourn: 2.777778, wait95: 6.637014 },
    { c: 3, rho: 0.8, delayed: 0.647191, wait: 1.078652, sojourn: 2.078652, wait95: 4.267697 },
    { c: 8, rho: 0.8, delayed: 0.457645, wait: 0.286028, sojourn: 1.286028, wait95: 1.383794 },
    { c: 16, rho: 0.8, delayed: 0.304884, wait: 0.095276, sojourn: 1.095276, wait95: 0.564971 },
    { c: 100, rho: 0.95, delayed: 0.506457, wait: 0.101291, sojourn: 1.101291, wait95: 0.463083 },
  ])("M/M/$c at load $rho delays a share of $delayed and waits $wait", (row) => {
    const { c, rho } = row;
    const requests = c < 16 ? count : 4 * count;
    const run = runServers(c, poissonWorkload(c * rho, requests, `mmc/${c}/${rho}`));
    const waits = waitsS(run);
    expectWithin(meanOf(waits), row.wait, 0.2, iterationS);
    expectWithin(meanOf(sojournsS(run)), row.sojourn, 0.08, iterationS);
    expectWithin(percentileOf(waits, 0.95), row.wait95, 0.25, iterationS);
    const delayed = shareOf(waits, (wait) => wait > iterationS);
    expectWithin(delayed, row.delayed, 0.1);
  });
});

describe("one sequence with other service times is M/G/1", () => {
  const count = 400_000;
  const erlang2 = new GammaSampler(tokensPerService, Math.sqrt(0.5));
  const widelySpread = new GammaSampler(tokensPerService, 2);
  const uniform = new UniformSampler(1, 2 * tokensPerService - 1);

  test.each([
    { name: "constant", rho: 0.5, wait: 0.5, sampler: undefined },
    { name: "constant", rho: 0.8, wait: 2, sampler: undefined },
    { name: "constant", rho: 0.9, wait: 4.5, sampler: undefined },
    { name: "Erlang-2", rho: 0.5, wait: 0.75, sampler: erlang2 },
    { name: "Erlang-2", rho: 0.8, wait: 3, sampler: erlang2 },
    { name: "uniform", rho: 0.8, wait: 2.666667, sampler: uniform },
    { name: "widely spread (squared variation 4)", rho: 0.5, wait: 2.5, sampler: widelySpread },
    { name: "widely spread (squared variation 4)", rho: 0.8, wait: 10, sampler: widelySpread },
  ])("with $name service at load $rho the wait is $wait (Pollaczek-Khinchine)", (row) => {
    const name = `mg1/${row.name}/${row.rho}`;
    const tokens =
      row.sampler === undefined
        ? tokensPerService
        : drawTokens(row.sampler, count, `output/${name}`);
    const run = runServers(1, poissonWorkload(row.rho, count, name, tokens));
    expectWithin(meanOf(waitsS(run)), row.wait, 0.25);
  });

  test.each([
    { rho: 0.5, cdf: [0.5, 0.642013, 0.824361, 0.946961, 0.984749, 0.998764] },
    { rho: 0.8, cdf: [0.2, 0.298365, 0.445108, 0.63452, 0.7621, 0.899503] },
    { rho: 0.9, cdf: [0.1, 0.156831, 0.24596, 0.3836, 0.498651, 0.668709] },
  ])("M/D/1 at load $rho has its whole distribution of waits", ({ rho, cdf }) => {
    const run = runServers(1, poissonWorkload(rho, count, `md1/${rho}`, tokensPerService));
    const waits = waitsS(run);
    for (const [index, t] of [0, 0.5, 1, 2, 3, 5].entries()) {
      expectWithin(
        shareOf(waits, (wait) => wait <= t),
        cdf[index],
        0.12,
      );
    }
  });

  test.each([
    { name: "groups of 4", sizes: [4], rate: 0.2, sojourn: 12.5 },
    { name: "groups of 1 and 3", sizes: [1, 3], rate: 0.4, sojourn: 8.75 },
  ])("arrivals in $name stay $sojourn (M^X/M/1)", ({ name, sizes, rate, sojourn }) => {
    const groups = drawPoissonNs(rate, count / 4, `groups/${name}`);
    const picks = drawTokens(
      new UniformSampler(0.5, sizes.length + 0.5),
      count / 4,
      `sizes/${name}`,
    );
    const times: number[] = [];
    groups.forEach((timeNs, group) => {
      const size = sizes[Math.min(picks[group], sizes.length) - 1];
      for (let i = 0; i < size; i++) times.push(timeNs);
    });
    const arrivalNs = Float64Array.from(times);
    const outputTokens = drawGeometric(tokensPerService, times.length, `output/${name}`);
    const run = runServers(1, openWorkload({ arrivalNs, outputTokens }));
    expectWithin(meanOf(sojournsS(run)), sojourn, 0.2);
  });
});

describe("systems that lose requests", () => {
  test.each([
    { c: 1, load: 0.5, loss: 0.33333333 },
    { c: 2, load: 1, loss: 0.2 },
    { c: 5, load: 3, loss: 0.11005435 },
    { c: 8, load: 6.4, loss: 0.14439389 },
    { c: 10, load: 5, loss: 0.01838457 },
    { c: 20, load: 15, loss: 0.04559322 },
    { c: 100, load: 90, loss: 0.02695738 },
    { c: 100, load: 100, loss: 0.07570045 },
  ])("a provider with $c connections at load $load loses a share of $loss (Erlang B)", (row) => {
    const api = provider({
      latency: { ttftMedianS: 0, ttftSigma: 0, outputSigma: 0, outputTokensPerS: tokensPerService },
      limits: { concurrency: row.c },
      retry: { onLimit: "failover" },
    });
    const checked = scenario({
      providers: [api],
      rules: [
        { id: "api", to: { provider: "api" } },
        { id: "else", to: { reject: true } },
      ],
    });
    const workload = poissonWorkload(row.load, 300_000, `erlangB/${row.c}/${row.load}`);
    const { state } = runToEnd(checked, workload).table;
    const lost = Float64Array.from(state, (each) => (each === requestState.rejected ? 1 : 0));
    expectWithin(meanOf(lost), row.loss, 0.2);
  });

  test.each([
    { rate: 0.8, k: 5, loss: 0.088819, sojourn: 2.563065 },
    { rate: 0.9, k: 10, loss: 0.050814, sojourn: 4.646601 },
    { rate: 1.2, k: 10, loss: 0.192586, sojourn: 6.926138 },
  ])("one server with room for $k at load $rate turns away $loss (M/M/1/K)", (row) => {
    const checked = scenario({
      pools: [serverPool(1)],
      rules: [
        { id: "own", to: { pool: "own" }, guards: { maxWaiting: row.k - 2 } },
        { id: "else", to: { reject: true } },
      ],
    });
    const run = runToEnd(checked, poissonWorkload(row.rate, 400_000, `mm1k/${row.k}/${row.rate}`));
    const isLost = (state: number): number => (state === requestState.rejected ? 1 : 0);
    expectWithin(meanOf(Float64Array.from(run.table.state, isLost)), row.loss, 0.08);
    const served = sojournsS(run, 0).filter((_, i) => isLost(run.table.state[i]) === 0);
    expectWithin(meanOf(served), row.sojourn, 0.05);
  });
});

describe("closed loops", () => {
  test.each([
    { clients: 5, thinkS: 2, rate: 0.963303, response: 3.190476 },
    { clients: 10, thinkS: 9, rate: 0.832037, response: 3.0187 },
    { clients: 20, thinkS: 9, rate: 0.999383, response: 11.012347 },
    { clients: 50, thinkS: 9, rate: 1, response: 41 },
  ])("$clients users who think $thinkS s get an answer in $response s (M/M/1//N)", (row) => {
    const { clients, thinkS } = row;
    const count = 400_000;
    const name = `loop/${clients}/${thinkS}`;
    const outputTokens = drawGeometric(tokensPerService, count, `output/${name}`);
    const thinkNs = drawExponentialNs(thinkS, count, `think/${name}`);
    const run = runServers(1, closedWorkload(clients, thinkNs, outputTokens));
    expectWithin(meanOf(sojournsS(run)), row.response, 0.03);
    const lastNs = run.table.finishNs.reduce((last, each) => Math.max(last, each), 0);
    expect(Math.abs(count / (lastNs / 1e9) / row.rate - 1)).toBeLessThan(0.01);
  });
});

describe("a batch whose iteration costs as many steps as it has sequences is processor sharing", () => {
  const stepS = 1 / tokensPerService;
  const cost = { baseS: 0, perSequenceS: stepS, maxNumSeqs: 2048 };

  test.each([
    { rho: 0.5, mean: 2, variance: 6.666667 },
    { rho: 0.8, mean: 5, variance: 58.333333 },
  ])("M/M/1-PS at load $rho stays $mean with variance $variance", ({ rho, mean, variance }) => {
    const run = runBatching(cost, poissonWorkload(rho, 300_000, `ps/${rho}`));
    const sojourns = sojournsS(run);
    expectWithin(meanOf(sojourns), mean, 0.12);
    const squares = sojourns.map((each) => (each - mean) * (each - mean));
    expectWithin(meanOf(squares), variance, 0.4);
  });

  test("a request of x tokens stays x / (1 - load) on average, whatever the others' lengths", () => {
    const sizes = [0.25, 0.5, 1, 2.25];
    const count = 300_000;
    const picks = drawTokens(new UniformSampler(0.5, 4.5), count, "ps/sizes");
    const outputTokens = picks.map((pick) => sizes[Math.min(pick, 4) - 1] * tokensPerService);
    const run = runBatching(cost, poissonWorkload(0.7, count, "ps/sizes", outputTokens));
    const sojourns = sojournsS(run, 0);
    for (const size of sizes) {
      const own = sojourns.filter((_, i) => outputTokens[i] === size * tokensPerService);
      expectWithin(meanOf(own), size / (1 - 0.7), 0.1);
    }
  });
});

describe("continuous batching with iterations of a + b n", () => {
  const output = 250;
  const count = 400_000;
  const lengths = {
    constant: output,
    geometric: drawTokens(new GeometricSampler(output), count, "batching/geometric"),
    lognormal: drawTokens(lognormalOfMean(output, 0.8), count, "batching/lognormal"),
  } as const;
  const rows = [
    { rate: 4, a: 0.008, b: 40e-6, nominal: 2.09375 },
    { rate: 20, a: 0.008, b: 150e-6, nominal: 8.15 },
  ];

  test.each(
    rows.flatMap((row) =>
      (["constant", "geometric", "lognormal"] as const).map((kind) => ({ ...row, kind })),
    ),
  )(
    "at $rate/s with $kind lengths the stay is out (a + b) / (1 - rate out b) within 1 %",
    (row) => {
      const { rate, a, b, kind, nominal } = row;
      const workload = poissonWorkload(rate, count, `batching/${rate}/${kind}`, lengths[kind]);
      const run = runBatching({ baseS: a, perSequenceS: b, maxNumSeqs: 4096 }, workload);
      const mean = workload.outputTokens.reduce((sum, each) => sum + each, 0) / count;
      const ownRate = (count - 1) / ((workload.arrivalNs[count - 1] - workload.arrivalNs[0]) / 1e9);
      const expected = (mean * (a + b)) / (1 - ownRate * mean * b);
      expect(Math.abs(expected / nominal - 1)).toBeLessThan(0.05);
      const measured = meanOf(sojournsS(run));
      expect(Math.abs(measured.mean / expected - 1)).toBeLessThan(0.01);
    },
  );

  test("a batch capped at 64 queues as the birth-death process says", () => {
    const workload = poissonWorkload(16, count, "batching/cap", lengths.geometric);
    const run = runBatching({ baseS: 0.008, perSequenceS: 100e-6, maxNumSeqs: 64 }, workload);
    expectWithin(meanOf(sojournsS(run)), 3.484026, 0.05);
  });
});
