import { describe, expect, it } from "vitest";
import type { RunReport } from "../../../shared/planning/runReport.ts";
import type { Draft } from "../../components/editing.tsx";
import { partLine, partOfField } from "./partLines.ts";

const draft: Draft = {
  ...{ format: "crossover-scenario", version: 1, name: "t" },
  traffic: { sources: [], classes: [{ id: "chat" }] },
  pools: [
    {
      ...{ id: "own", gpu: "h100-sxm", model: "llama-3.3-70b", backend: "vllm", replicas: 1 },
      ...{ precision: "fp8", tensorParallel: 2 },
    },
  ],
  providers: [],
  rules: [
    { id: "a", match: { tiers: ["realTime"] }, to: { provider: "gpt-4.1" } },
    { id: "b", match: { tiers: ["nearLine"] }, to: { pool: "own" }, spillAfterS: 4 },
    { id: "c", to: { provider: "gpt-4.1" } },
  ],
};

function reportOf(more: object): RunReport {
  return {
    requests: { arrived: 20_000 },
    tokens: { prompt: 5500, cached: 0, output: 1000 },
    cost: { monthFactor: 730, monthUsd: 22_800, usdPerMTokReservation: 1.15 },
    series: { arrived: [100, 100, 100, 160, 40] },
    pools: [{ busyFraction: 0.58 }],
    targets: [{ isMet: true }, { isMet: true }],
    ...more,
  } as object as RunReport;
}

describe("the parts of a scenario in one line each", () => {
  it("say what a month of the traffic is, its ratio and its peak", () => {
    expect(partLine("traffic", draft, reportOf({}))).toBe(
      "14.6 M requests a month, 5.50 in : 1 out, bursty (peak 1.60 x)",
    );
    expect(partLine("traffic", draft, undefined)).toBe("0 sources, 1 class");
  });

  it("leave the peak out where windows have too few requests to tell", () => {
    const few = reportOf({ series: { arrived: [3, 1, 9, 2, 4] } });
    expect(partLine("traffic", draft, few)).toBe("14.6 M requests a month, 5.50 in : 1 out");
  });

  it("say GPUs, what they serve and how busy they are", () => {
    expect(partLine("fleet", draft, reportOf({}))).toBe(
      "2 x H100 SXM, llama-3.3-70b fp8 TP2, 58.0 % busy",
    );
    const cut = { id: "cut", gpu: "h100-sxm", gpus: 3, layout: [], price: draft.pools![0].price! };
    expect(partLine("fleet", { ...draft, partitions: [cut] }, undefined)).toBe(
      "5 x H100 SXM, llama-3.3-70b fp8 TP2",
    );
    expect(partLine("fleet", { ...draft, pools: [] }, undefined)).toBe("no own GPUs");
  });

  it("say who goes where, and when work spills", () => {
    expect(partLine("routing", draft, undefined)).toBe(
      "real-time to gpt-4.1, near-line to own, the rest to gpt-4.1; spill after 4 s",
    );
    const all = { ...draft, rules: [{ id: "x", to: { pool: "own" } }] };
    expect(partLine("routing", all, undefined)).toBe("all to own");
  });

  it("say how many targets are missed, and what an answer costs", () => {
    expect(partLine("targets", draft, reportOf({}))).toBe("2 targets, all met");
    const missed = reportOf({ targets: [{ isMet: false }, { isMet: true }] });
    expect(partLine("targets", draft, missed)).toBe("1 of 2 targets missed");
    expect(partLine("results", draft, reportOf({}))).toBe("$22,800 a month, $1.15 per M tokens");
    expect(partLine("results", draft, undefined)).toBe("no answer yet");
  });

  it("know in which part a field is edited", () => {
    expect(
      ["traffic.sources[0].id", "pools[1].gpu", "partitions", "rules[0].to", "run.seed"].map(
        partOfField,
      ),
    ).toEqual(["traffic", "fleet", "fleet", "routing", "targets"]);
    expect(partOfField("traffic.classes[1].targets.ttft.ms")).toBe("targets");
    expect(partOfField("traffic.classes[1].share")).toBe("traffic");
  });
});
