import { describe, expect, it } from "vitest";
import { hybridInput, hybridScenario } from "../fixtures/hybridScenario.ts";
import { diffInputs } from "./diffInputs.ts";

const base = hybridInput();
const dated = (retrievedOn: string) => [
  { source: "test", retrievedOn, basis: "estimated" as const },
];

function diffTo(changes: Parameters<typeof hybridScenario>[0]) {
  return diffInputs(hybridScenario(), hybridScenario(changes));
}

describe("differences of inputs", () => {
  it("finds none between a scenario and itself, and none in name and notes", () => {
    expect(diffTo({ name: "other", notes: "more" })).toEqual({
      differences: [],
      provenanceOnly: 0,
    });
  });

  it("names elements of lists by their ids, with unit and change", () => {
    const pools = [
      { ...base.pools![0], replicas: 2, price: { ...base.pools![0].price!, usdPerGpuHour: 2 } },
    ];
    expect(diffTo({ pools }).differences).toMatchObject([
      {
        path: "pools.own.replicas",
        kind: "changed",
        from: 1,
        to: 2,
        unit: null,
        absolute: 1,
        relative: 1,
      },
      { path: "pools.own.price.usdPerGpuHour", from: 2.69, to: 2, unit: "USD/GPU-hour" },
    ]);
  });

  it("leaves out another date of the same price, and counts it", () => {
    const price = { usdPerGpuHour: 2.69, provenance: dated("2026-12-01") };
    expect(diffTo({ pools: [{ ...base.pools![0], price }] })).toEqual({
      differences: [],
      provenanceOnly: 1,
    });
  });

  it("shows the source beside a price that differs", () => {
    const price = { usdPerGpuHour: 3, provenance: dated("2026-12-01") };
    const paths = diffTo({ pools: [{ ...base.pools![0], price }] }).differences.map((d) => d.path);
    expect(paths).toEqual(["pools.own.price.usdPerGpuHour", "pools.own.price.provenance"]);
  });

  it("tells elements that are only on one side, whatever stands around them", () => {
    const second = { ...base.pools![0], id: "second" };
    const { differences } = diffTo({ pools: [second, ...base.pools!], providers: [] });
    expect(differences.map(({ path, kind }) => [path, kind])).toEqual([
      ["pools.second", "added"],
      ["providers.api", "removed"],
    ]);
    expect(differences[0].from).toBeNull();
    expect(differences[1].to).toBeNull();
  });

  it("tells another order of the rules, which decides where requests go", () => {
    const [night, live, api] = base.rules;
    expect(diffTo({ rules: [live, night, api] }).differences).toEqual([
      {
        ...{ path: "rules", kind: "reordered", unit: null, absolute: null, relative: null },
        from: ["night", "live", "api"],
        to: ["live", "night", "api"],
      },
    ]);
  });

  it("compares elements without ids by their place, and lists of figures as a whole", () => {
    const classes = base.traffic.classes;
    const tier = (abovePromptTokens: number) => ({
      abovePromptTokens,
      inputUsdPerMTok: 4,
      outputUsdPerMTok: 12,
    });
    const provider = (tokens: number) =>
      hybridScenario({
        providers: [
          {
            ...base.providers![0],
            price: { ...base.providers![0].price, contextTiers: [tier(tokens)] },
          },
        ],
      });
    expect(diffInputs(provider(1000), provider(2000)).differences).toMatchObject([
      {
        path: "providers.api.price.contextTiers[0].abovePromptTokens",
        unit: "tokens",
        absolute: 1000,
      },
    ]);
    const curve = (ratesRps: number[]) =>
      hybridScenario({
        traffic: {
          classes,
          sources: [
            { ...base.traffic.sources[0], arrivals: { process: "curve", windowS: 60, ratesRps } },
          ] as typeof base.traffic.sources,
        },
      });
    expect(diffInputs(curve([1, 2]), curve([1, 3])).differences).toMatchObject([
      {
        path: "traffic.sources.chat.arrivals.ratesRps",
        from: [1, 2],
        to: [1, 3],
        unit: "requests/s",
      },
    ]);
    const long = Array.from({ length: 100 }, (_, i) => i);
    const other = long.map((each) => (each > 96 ? 0 : each));
    expect(diffInputs(curve(long), curve(other)).differences[0].to).toEqual({
      items: 100,
      differing: 3,
      firstDifferent: 97,
    });
  });

  it("turns around: what is added one way is removed the other way", () => {
    const other = hybridScenario({ pools: [], rules: [base.rules[2]] });
    const there = diffInputs(hybridScenario(), other).differences;
    const back = diffInputs(other, hybridScenario()).differences;
    expect(back.map(({ path, from, to }) => [path, to, from])).toEqual(
      there.map(({ path, from, to }) => [path, from, to]),
    );
  });
});
