import { expect, test } from "vitest";
import { Findings } from "../findings.ts";
import { scenarioSchema } from "../scenario.ts";
import { checkTraffic } from "./trafficChecks.ts";

const one = { kind: "constant", value: 1 };

/** What is wrong with a synthetic source of these arrivals that states neither a duration nor requests. */
function problemsOf(arrivals: object) {
  const source = { id: "s", kind: "synthetic", arrivals, lengths: { prompt: one, output: one } };
  const scenario = scenarioSchema.parse({
    ...{ format: "crossover-scenario", version: 1, name: "test" },
    traffic: { sources: [source], classes: [{ id: "all" }] },
    rules: [{ id: "none", to: { reject: true } }],
  });
  const findings = new Findings();
  checkTraffic(findings, scenario);
  return findings.problems;
}

test("a curve and a weekly profile end by themselves; a constant rate does not", () => {
  const hourWeights = new Array<number>(24).fill(1);
  const dayWeights = new Array<number>(7).fill(1);
  expect(problemsOf({ process: "curve", windowS: 60, ratesRps: [1, 2] })).toEqual([]);
  expect(problemsOf({ process: "weekly", meanRps: 1, hourWeights, dayWeights })).toEqual([]);
  expect(problemsOf({ process: "poisson", rateRps: 1 })).toMatchObject([
    { field: "traffic.sources[0]" },
  ]);
});
