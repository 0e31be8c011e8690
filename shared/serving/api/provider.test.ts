import { describe, expect, test } from "vitest";
import { exactQuantiles } from "../../stats/quantiles.ts";
import { openWorkload, provider, runToEnd, scenario } from "../fixtures/engineRuns.ts";
import { poissonWorkload } from "../fixtures/queueRuns.ts";
import { requestState } from "../requestTable.ts";

type ProviderChoice = Parameters<typeof provider>[0];
type Rules = NonNullable<Parameters<typeof scenario>[0]["rules"]>;

const toApi = { id: "api", to: { provider: "api" } };
const orReject = { id: "else", to: { reject: true as const } };

function run(
  choice: ProviderChoice,
  arrivalS: readonly number[],
  rules: Rules = [toApi, orReject],
) {
  const checked = scenario({ providers: [provider(choice)], rules });
  const arrivalNs = Float64Array.from(arrivalS, (each) => each * 1e9);
  return runToEnd(checked, openWorkload({ arrivalNs, promptTokens: 1000, outputTokens: 101 }));
}

const plain = { ttftMedianS: 0.5, ttftSigma: 0, outputSigma: 0, outputTokensPerS: 50 };

describe("a provider", () => {
  test("without spread it answers after its first-token time and then at its speed", () => {
    const { table } = run({ latency: { ...plain, ttftPerPromptTokenS: 0.0001 } }, [1]);
    expect(table.firstTokenNs[0]).toBe(1.6e9);
    expect(table.finishNs[0]).toBe(3.6e9);
  });

  test("first-token times have the stated median and spread", () => {
    const checked = scenario({
      providers: [provider({ latency: { ...plain, ttftSigma: 0.4 } })],
      rules: [toApi],
    });
    const { table } = runToEnd(checked, poissonWorkload(100, 40_000, "provider/ttft", 2));
    const ttftS = table.firstTokenNs.map((first, i) => (first - table.arrivalNs[i]) / 1e9);
    const [p16, median, p84] = exactQuantiles(ttftS, [0.158655, 0.5, 0.841345]);
    expect(Math.abs(median / 0.5 - 1)).toBeLessThan(0.01);
    expect(Math.abs(Math.log(p84 / p16) / 2 / 0.4 - 1)).toBeLessThan(0.03);
  });

  test("the third of three requests at once gets a 429 from a bucket of two and backs off 1, 2, 4 s", () => {
    const limits = { requestsPerMinute: 12, burstS: 10 };
    const retry = { baseS: 1, jitter: 0, maxAttempts: 5 };
    const fleet = run({ latency: plain, limits, retry }, [0, 0, 0]);
    const [api] = fleet.providers;
    expect(fleet.table.admittedNs[2]).toBe(7e9);
    expect([api.attemptCount, api.limitedCount, api.sentCount]).toEqual([6, 3, 3]);
    expect(api.limitedNs).toEqual([0, 1e9, 3e9]);
  });

  test("back-off is capped, and jitter takes a drawn part of it away", () => {
    const limits = { requestsPerMinute: 6, burstS: 10 };
    const retry = { baseS: 2, maxS: 3, jitter: 0, maxAttempts: 9 };
    const capped = run({ latency: plain, limits, retry }, [0, 0]);
    expect(capped.table.admittedNs[1]).toBe(11e9);
    const jittered = run({ latency: plain, limits, retry: { ...retry, jitter: 0.5 } }, [0, 0]);
    expect(jittered.table.admittedNs[1]).toBeGreaterThanOrEqual(10e9);
    expect(jittered.table.admittedNs[1]).toBeLessThan(13e9);
    expect(jittered.table.admittedNs[1]).not.toBe(11e9);
  });

  test("a 429 that fails over goes to the next rule at once", () => {
    const limits = { concurrency: 1 };
    const fleet = run({ latency: plain, limits, retry: { onLimit: "failover" } }, [0, 0.1]);
    expect(Array.from(fleet.table.state)).toEqual([requestState.inFlight, requestState.rejected]);
    expect(fleet.failoverCount).toBe(1);
    expect(fleet.table.finishNs[1]).toBe(0.1e9);
  });

  test("a connection is free again at the moment at which its answer ends", () => {
    const limits = { concurrency: 1 };
    const retry = { onLimit: "failover" as const };
    const fleet = run({ latency: plain, limits, retry }, [0, 2.499999999, 2.5]);
    expect(fleet.table.finishNs[0]).toBe(2.5e9);
    expect(fleet.table.state[1]).toBe(requestState.rejected);
    expect(fleet.table.state[2]).toBe(requestState.inFlight);
  });

  test("after its last attempt a request is rejected where the policy says so", () => {
    const retry = { maxAttempts: 2, baseS: 1, jitter: 0, thenFailover: false };
    const fleet = run({ latency: plain, errorRate: 1, retry }, [0]);
    expect(fleet.table.state[0]).toBe(requestState.rejected);
    expect(fleet.providers[0].errorCount).toBe(2);
    expect(fleet.table.finishNs[0]).toBe(2e9);
  });

  test("errors come at their stated rate", () => {
    const checked = scenario({
      providers: [provider({ errorRate: 0.1, retry: { maxAttempts: 1, thenFailover: false } })],
      rules: [toApi],
    });
    const fleet = runToEnd(checked, poissonWorkload(100, 40_000, "provider/errors", 2));
    expect(Math.abs(fleet.providers[0].errorCount / 4000 - 1)).toBeLessThan(0.06);
  });

  test("a batch API answers within its window, all at once", () => {
    const batch = { windowS: 3600, completionS: { kind: "constant" as const, value: 7200 } };
    const { table } = run({ api: "batch", batch }, [5]);
    expect(table.finishNs[0]).toBe(3605e9);
    expect(table.firstTokenNs[0]).toBe(3605e9);
  });

  test("what does not fit its context, output included, goes on to the next rule, counted and marked as spilled", () => {
    const other = { id: "other", to: { provider: "wide" } };
    const ofLength = (promptTokens: number[], outputTokens: number[], factor: number) => {
      const checked = scenario({
        providers: [
          provider({ maxContextTokens: 1200, tokenizerFactor: factor }),
          provider({ id: "wide" }),
        ],
        rules: [toApi, other],
      });
      const arrivalNs = new Float64Array(promptTokens.length);
      const lengths = {
        promptTokens: Int32Array.from(promptTokens),
        outputTokens: Int32Array.from(outputTokens),
      };
      return runToEnd(checked, openWorkload({ arrivalNs, ...lengths }));
    };
    const plainTokens = ofLength([1000, 1000, 1201, 1199], [200, 201, 0, 0], 1);
    expect(Array.from(plainTokens.table.destination)).toEqual([0, 1, 1, 0]);
    expect(Array.from(plainTokens.table.spilled)).toEqual([0, 1, 1, 0]);
    expect(plainTokens.providers.map((each) => each.tooLongCount)).toEqual([2, 0]);
    expect(plainTokens.providers.map((each) => each.attemptCount)).toEqual([2, 2]);
    const itsTokens = ofLength([1000, 900], [100, 100], 1.2);
    expect(Array.from(itsTokens.table.destination)).toEqual([1, 0]);
  });

  test("what fits nowhere is rejected, never dropped", () => {
    const fleet = run({ maxContextTokens: 1100 }, [0, 1], [toApi]);
    expect(Array.from(fleet.table.state)).toEqual([requestState.rejected, requestState.rejected]);
    expect([fleet.unroutableCount, fleet.providers[0].tooLongCount]).toEqual([2, 2]);
    expect(Array.from(fleet.providers[0].bill).every((each) => each === 0)).toBe(true);
  });

  test("its bill counts requests, input and output, in the tier of the prompt's length", () => {
    const provenance = [{ source: "test", retrievedOn: "2026-11-24", basis: "estimated" as const }];
    const price = {
      inputUsdPerMTok: 1,
      outputUsdPerMTok: 2,
      contextTiers: [{ abovePromptTokens: 999, inputUsdPerMTok: 3, outputUsdPerMTok: 4 }],
      provenance,
    };
    const fleet = run({ latency: plain, price, promptCache: { share: 0.2 } }, [0, 0]);
    const [api] = fleet.providers;
    expect(Array.from(api.bill)).toEqual([0, 0, 0, 0, 0, 2, 1600, 400, 0, 202]);
    expect(api.lastCostUsd).toBeCloseTo((1000 * 3 + 101 * 4) / 1e6, 12);
  });
});
