import { describe, expect, it } from "vitest";
import type { FlowReply, RequestPage } from "../../../shared/contract/insightMethods.ts";
import { flowLinks, flowSentence } from "./flowLinks.ts";
import { listHeight, rowOf, rowsInSight, usualLifeMs } from "./requestPages.ts";
import { firstFigures, runProgress } from "./runProgress.ts";
import { rangeProblem, usualRanges } from "./uncertainInputs.ts";

describe("the list of requests", () => {
  it("shows its first rows at the top and its last at the end, of ten and of two million", () => {
    for (const rows of [10, 1000, 2_000_000]) {
      const end = listHeight(rows, 28) + 28 - 560;
      expect(rowsInSight(0, rows, 560, 28).from).toBe(0);
      expect(rowsInSight(Math.max(0, end), rows, 560, 28).to).toBe(rows);
    }
    expect(listHeight(2_000_000, 28)).toBeLessThan(33_000_000);
  });

  it("reads a row with what it has, and nothing where there is nothing to tell", () => {
    const page = {
      ...{ total: 1, matched: 1, offset: 0, tenants: [] },
      ...{
        classes: ["chat"],
        destinations: ["own"],
        rules: ["first"],
        states: ["finished", "rejected"],
      },
      columns: {
        index: Uint32Array.of(7),
        arrivalMs: Float64Array.of(1000),
        queueMs: Float64Array.of(NaN),
        prefillMs: Float64Array.of(NaN),
        decodeMs: Float64Array.of(NaN),
        ttftMs: Float64Array.of(NaN),
        tpotMs: Float64Array.of(NaN),
        e2eMs: Float64Array.of(NaN),
        promptTokens: Int32Array.of(100),
        cachedTokens: Int32Array.of(0),
        outputTokens: Int32Array.of(0),
        classIndex: Uint8Array.of(0),
        destination: Int32Array.of(-1),
        rule: Int32Array.of(-1),
        state: Uint8Array.of(1),
        spilled: Uint8Array.of(0),
        attempts: Uint8Array.of(0),
        tenantIndex: Int32Array.of(-1),
      },
    } satisfies RequestPage;
    expect(rowOf(page, 0)).toEqual({
      ...{ index: 7, arrivalMs: 1000, className: "chat", destination: undefined, rule: undefined },
      ...{ state: "rejected", isSpilled: false, promptTokens: 100, outputTokens: 0 },
      ...{ ttftMs: undefined, e2eMs: undefined, life: {} },
    });
  });
});

describe("life bars", () => {
  it("reach to where 95 % of the lives end, so that one long life does not flatten all", () => {
    const e2eMs = Float64Array.from({ length: 100 }, (_, i) => (i === 50 ? 90_000 : i + 1));
    const page = { columns: { e2eMs } } as object as RequestPage;
    expect(usualLifeMs({ key: undefined, pages: new Map([[0, page]]) })).toBeLessThan(100);
    expect(usualLifeMs({ key: undefined, pages: new Map() })).toBe(1);
  });
});

describe("the flow of a run", () => {
  const cell = { requests: 1, spilled: 0, cachedTokens: 0, kind: "pool" as const };
  const flow: FlowReply = {
    cells: [
      {
        ...cell,
        class: "chat",
        destination: "own",
        promptTokens: 70,
        outputTokens: 10,
        monthUsd: 30,
      },
      { ...cell, class: "chat", destination: null, promptTokens: 20, outputTokens: 0, monthUsd: 0 },
    ],
    rest: [{ label: "network", monthUsd: 10 }],
    monthUsd: 40,
  };

  it("loses no token and no dollar", () => {
    const sum = (measure: "tokens" | "usd") =>
      flowLinks(flow, measure).reduce((total, { value }) => total + value, 0);
    expect(sum("tokens")).toBe(100);
    expect(sum("usd")).toBe(flow.monthUsd);
    expect(flowLinks(flow, "tokens")[1].to).toBe("turned away");
  });

  it("names its largest band", () => {
    expect(flowSentence(flowLinks(flow, "tokens"), "tokens")).toBe(
      "Of 100 tokens, 80.0 % goes from chat to own.",
    );
    expect(flowSentence([], "usd")).toBe("Nothing flowed.");
  });
});

describe("how far a run is", () => {
  const reach = {
    ...{ simulatedS: 900, horizonS: 3600, arrived: 250_000, requests: 1_000_000 },
    ...{ ttftMeanMs: 431, spilledShare: 0.01 },
  };

  it("is told in its own time, with its speed and what is left", () => {
    expect(runProgress({ share: 0.25, etaS: 1.5, reach }, 0.5)).toEqual([
      "25.0 %",
      "15.0 min of 60.0 min simulated",
      "500,000 requests/s",
      "1.50 s left",
    ]);
    expect(runProgress({ share: 0, etaS: undefined, reach: undefined }, 0.5)).toEqual([
      "the requests are made ready",
    ]);
  });

  it("says that the last requests are ending once its horizon has passed, and has no horizon where closed loops decide", () => {
    const late = { share: 0.98, etaS: undefined, reach: { ...reach, simulatedS: 4000 } };
    expect(runProgress(late, 2)).toEqual([
      "60.0 min of 60.0 min simulated",
      "the last requests are ending",
    ]);
    const loops = { share: 0.25, etaS: undefined, reach: { ...reach, horizonS: null } };
    expect(runProgress(loops, 2)[1]).toBe("15.0 min simulated");
  });

  it("has first figures once a request is answered", () => {
    expect(firstFigures(reach)).toBe(
      "250,000 of 1,000,000 requests so far: first token after 431 ms on average, 1.00 % spilled over.",
    );
    expect(firstFigures({ ...reach, spilledShare: 0 })).toContain("none spilled over");
    expect(firstFigures({ ...reach, ttftMeanMs: null })).toBeUndefined();
  });
});

describe("uncertain inputs", () => {
  it("begin with the volume, GPU hours and API prices of the scenario", () => {
    const ranges = usualRanges({
      pools: [{ id: "own", price: { usdPerGpuHour: 2.69 } }],
      providers: [{ id: "gpt", name: "GPT", price: { inputUsdPerMTok: 2, outputUsdPerMTok: 8 } }],
    });
    expect(ranges.map(({ path, min, max }) => [path, min, max])).toEqual([
      ["traffic.volume", 0.5, 2],
      ["pools.own.price.usdPerGpuHour", 1.88, 3.5],
      ["providers.gpt.price.inputUsdPerMTok", 1, 2.2],
      ["providers.gpt.price.outputUsdPerMTok", 4, 8.8],
    ]);
    expect(rangeProblem(ranges)).toBeUndefined();
  });

  it("are refused in words where they do not rise, or none is left", () => {
    expect(rangeProblem([])).toBe("Leave at least one input uncertain.");
    const wrong = { path: "traffic.volume", label: "Volume", min: 2, mode: 1, max: 3 };
    expect(rangeProblem([wrong])).toContain("Volume: from 2 over 1 to 3 is no range.");
  });
});
