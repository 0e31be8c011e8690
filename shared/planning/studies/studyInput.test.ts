import { describe, expect, test } from "vitest";
import { hybridInput, hybridScenario } from "../fixtures/hybridScenario.ts";
import { listInputs } from "./inputWalk.ts";
import { findInput } from "./studyInput.ts";

const dotted = hybridScenario({
  providers: [
    ...(hybridInput().providers ?? []).map((each) => ({ ...each, id: "gpt-4" })),
    ...(hybridInput().providers ?? []).map((each) => ({ ...each, id: "gpt-4.1" })),
  ],
});

describe("an input of a scenario", () => {
  test("is found by the ids of lists, set in a copy, and the rest of the scenario is shared", () => {
    const scenario = hybridScenario();
    const input = findInput(scenario, "pools.own.replicas");
    const changed = input.set(scenario, 3);
    expect([input.current, input.isInteger, changed.pools[0].replicas]).toEqual([1, true, 3]);
    expect(scenario.pools[0].replicas).toBe(1);
    expect(changed.traffic).toBe(scenario.traffic);
    expect(changed.pools[0].engine).toBe(scenario.pools[0].engine);
  });

  test.each([
    ["providers.gpt-4.1.price.inputUsdPerMTok", 2, "USD/M tokens"],
    ["providers.gpt-4.price.outputUsdPerMTok", 8, "USD/M tokens"],
    ["traffic.sources.chat.arrivals.rateRps", 6, "requests/s"],
    ["traffic.classes.live.targets.ttft.ms", 1000, "ms"],
    ["rules.night.hold.whenRunningBelow", 0.5, "share"],
    ["rules.api.to.provider", "api", undefined],
    ["pools.own.engine.maxNumSeqs", 24, undefined],
    ["run.drain", true, undefined],
    ["run.horizonS", undefined, "s"],
    ["rules[1].guards.maxWaiting", 3, undefined],
  ])("%s is %j", (path, value, unit) => {
    const input = findInput(dotted, path);
    expect([input.current, input.unit]).toEqual([value, unit]);
  });

  test("that is not set can be set, with the defaults of what stands around it", () => {
    const scenario = hybridScenario();
    const changed = findInput(scenario, "traffic.classes.live.targets.e2e.ms").set(scenario, 5000);
    expect(changed.traffic.classes[1].targets.e2e).toEqual({ ms: 5000, percentile: 0.95 });
  });

  test("may be a whole object or list", () => {
    const scenario = hybridScenario();
    const schedule = { kind: "hours", hours: [{ from: "08:00", to: "18:00" }] };
    const changed = findInput(scenario, "pools.own.schedule").set(scenario, schedule);
    expect(changed.pools[0].schedule).toEqual(schedule);
  });

  test.each([
    ["pools.own.replica", /"pools.own.replica" is not an input.*pools\.own\.replicas/],
    ["pools.other.replicas", /not an input.*pools\.own\.replicas/],
    ["pools", /not an input/],
    ["name", /not an input/],
    ["pools.own.id", /not an input/],
    ["pools.own.price.provenance", /not an input/],
    ["pools.own.replicas.x", /not an input/],
    ["", /not an input/],
  ])("%j is refused", (path, message) => {
    expect(() => findInput(hybridScenario(), path)).toThrow(message);
  });

  test.each([
    ["pools.own.replicas", 0, "pools.own.replicas: found 0, wanted a number of at least 1."],
    ["pools.own.replicas", 1.5, "wanted a whole number"],
    ["pools.own.replicas", "two", 'found "two", wanted a number'],
    ["pools.own.tensorParallel", 3, "wanted one of 1, 2, 4, 8 or 16"],
    ["providers.api.errorRate", 2, "wanted a number of at most 1"],
    ["pools.own.schedule", { kind: "never" }, "pools[0].schedule.kind"],
    ["traffic.volume", 0, "wanted a factor above 0"],
    ["traffic.volume", "1", "wanted a factor above 0"],
  ])("refuses %s = %j", (path, value, message) => {
    const scenario = hybridScenario();
    expect(() => findInput(scenario, path).set(scenario, value)).toThrow(message);
  });

  test("every listed input is found under its own path with what the scenario has there", () => {
    const scenario = hybridScenario();
    const paths = listInputs(scenario);
    expect(paths).toContain("pools.own.price.usdPerGpuHour");
    expect(paths).toContain("run.horizonS");
    expect(paths.filter((path) => /provenance|\.id$|\.name$/.test(path))).toEqual([]);
    for (const path of paths) expect(findInput(scenario, path).path).toBe(path);
  });
});

describe("traffic.volume", () => {
  const set = (sources: object[], factor: number) => {
    const scenario = hybridScenario({
      traffic: { ...hybridInput().traffic, sources: sources as never },
    });
    return findInput(scenario, "traffic.volume").set(scenario, factor).traffic.sources;
  };
  const lengths = {
    prompt: { kind: "constant", value: 1 },
    output: { kind: "constant", value: 1 },
  };
  const made = (arrivals: object, more: object = { durationS: 9 }) => ({
    ...{ id: "a", kind: "synthetic", arrivals, lengths },
    ...more,
  });

  test("is a factor on the volume of traces and on the rates of made traffic", () => {
    const sources = set(
      [
        { id: "t", kind: "trace", file: "x.csv", transforms: { volume: 0.5 } },
        { ...made({ process: "poisson", rateRps: 2 }), id: "p" },
        { ...made({ process: "curve", windowS: 1, ratesRps: [1, 3] }), id: "c" },
        {
          ...made({
            process: "weekly",
            meanRps: 4,
            hourWeights: Array(24).fill(1),
            dayWeights: Array(7).fill(1),
          }),
          id: "w",
        },
      ],
      3,
    );
    expect(sources).toMatchObject([
      { transforms: { volume: 1.5 } },
      { arrivals: { rateRps: 6 } },
      { arrivals: { ratesRps: [3, 9] } },
      { arrivals: { meanRps: 12 } },
    ]);
  });

  test("keeps the length in time of traffic that is limited by its requests", () => {
    const [source] = set([made({ process: "poisson", rateRps: 2 }, { requests: 100 })], 2.5);
    expect(source).toMatchObject({ arrivals: { rateRps: 5 }, requests: 250 });
  });

  test("is refused for clients who wait, with what to vary instead", () => {
    const clients = { id: "c", kind: "closedLoop", clients: 2, requests: 5, lengths };
    expect(() => set([clients], 2)).toThrow(/traffic\.sources\.c\.clients/);
  });
});
