import { expect, test } from "vitest";
import { licenceWarnings } from "./licences.ts";
import { costScenario, costScenarioInput } from "./testFacts.ts";

function withLicences(change: object) {
  const input = costScenarioInput();
  return { pools: input.pools!.map((pool) => ({ ...pool, ...change })) };
}

test("a scenario on production licences and production providers has no warning", () => {
  expect(licenceWarnings(costScenario())).toEqual([]);
});

test("production traffic on a trial licence is named pool by pool, test traffic is not", () => {
  const warnings = licenceWarnings(costScenario(withLicences({ licence: "trial" })));
  expect(warnings.filter((text) => text.includes("production traffic"))).toHaveLength(3);
  expect(warnings[0]).toContain('Pool "whole" serves production traffic under "Trial"');
  const tests = withLicences({ licence: "trial", production: false });
  expect(licenceWarnings(costScenario(tests)).join()).not.toContain("production traffic");
});

test("GPUs under a licence are counted as physical GPUs, those under MIG once", () => {
  const three = costScenario(withLicences({ licence: "trial", production: false }));
  expect(licenceWarnings(three)).toEqual([
    '"Trial" allows at most 2 GPUs, and 3 stand under it. Use fewer GPUs or another licence.',
  ]);
  const input = costScenarioInput();
  const pools = input.pools!.slice(1).map((pool) => ({ ...pool, production: false }));
  const partitions = input.partitions!.map((each) => ({ ...each, gpus: 2, licence: "trial" }));
  expect(licenceWarnings(costScenario({ pools, partitions }))).toEqual([]);
});

test("an evaluation that ends before the horizon is said", () => {
  const tests = withLicences({ licence: "trial", production: false });
  const run = { horizonS: 100 * 86_400 };
  const warnings = licenceWarnings(costScenario({ ...tests, run }));
  expect(warnings.at(-1)).toContain("ends after 90 days, before the horizon of 100 days");
});

test("a provider that is not for production is named when a rule sends traffic to it", () => {
  const providers = costScenarioInput().providers!.map((each) => ({ ...each, production: false }));
  expect(licenceWarnings(costScenario({ providers }))).toEqual([
    'Provider "api" (API) is not for production, and a rule sends traffic to it. Use it for trials only.',
  ]);
});
