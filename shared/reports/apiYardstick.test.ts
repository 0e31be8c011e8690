import { describe, expect, it } from "vitest";
import type { CostLine } from "../cost/costReport.ts";
import type { RunReport } from "../planning/runReport.ts";
import { apiYardstick, listPrices, yardstickSentence } from "./apiYardstick.ts";

const gpt = { id: "gpt", name: "GPT-4.1", inputUsdPerMTok: 2, outputUsdPerMTok: 8 };

function report(monthUsd: number, kinds: readonly CostLine["kind"][], changes: object = {}) {
  return {
    requests: { arrived: 1000, rejected: 0, aborted: 0, unfinished: 0 },
    targets: [{ isMet: true }],
    cost: {
      monthUsd,
      monthFactor: 730,
      tokens: { prompt: 1e6, output: 1e6 },
      lines: kinds.map((kind) => ({ kind, quantity: 1 })),
    },
    ...changes,
  } as object as RunReport;
}

describe("the yardstick of the API", () => {
  it("is the month of the served tokens at the cheapest list price", () => {
    const { cost } = report(1, []);
    const dear = { ...gpt, id: "dear", inputUsdPerMTok: 3, outputUsdPerMTok: 15 };
    expect(apiYardstick(cost, [dear, gpt])).toEqual({ provider: gpt, monthUsd: 7300 });
    expect(apiYardstick({ ...cost, tokens: { prompt: 0, output: 0 } }, [gpt])).toBeUndefined();
    expect(apiYardstick(cost, [])).toBeUndefined();
  });

  it("leaves out providers whose price hangs on the length of a request, and what is no provider", () => {
    const price = { inputUsdPerMTok: 2, outputUsdPerMTok: 8 };
    const tiers = [{ abovePromptTokens: 200_000, inputUsdPerMTok: 4, outputUsdPerMTok: 16 }];
    const providers = [
      ...[
        { id: "gpt", name: "GPT-4.1", price },
        { id: "tiered", price: { ...price, contextTiers: tiers } },
      ],
      ...[{ id: "unpriced" }, null, "text", { id: "bare", price }],
    ];
    expect(listPrices({ providers })).toEqual([gpt, { ...gpt, id: "bare", name: "bare" }]);
    expect(listPrices({})).toEqual([]);
    expect(listPrices({ providers: "none" })).toEqual([]);
  });

  it("says which is cheaper and by how much, in a sentence", () => {
    expect(yardstickSentence(report(1964, ["gpuUsed", "gpuIdle"]), [gpt])).toMatch(
      /^Own GPUs beat the API by \$5,340 a month, 73\.1\s%: the same tokens at GPT-4\.1's list price cost \$7,300 a month\.$/,
    );
    expect(yardstickSentence(report(3650, ["gpuUsed", "apiInput"]), [gpt])).toMatch(
      /^This mix beats the API by/,
    );
    expect(yardstickSentence(report(14_600, ["gpuIdle"]), [gpt])).toMatch(
      /^The API beats own GPUs by \$7,300 a month, 50\.0\s%: the same tokens at GPT-4\.1's list price cost \$7,300 a month\.$/,
    );
  });

  it("gives no win to a run that misses targets or leaves requests unanswered", () => {
    const missing = report(1000, ["gpuUsed"], { targets: [{ isMet: false }] });
    expect(yardstickSentence(missing, [gpt])).toContain(", but it misses targets.");
    const requests = { arrived: 1000, rejected: 100, aborted: 0, unfinished: 50 };
    const losing = report(1000, ["gpuUsed"], { requests });
    expect(yardstickSentence(losing, [gpt])).toMatch(
      /, but 15\.0\s% of its requests are not answered\.$/,
    );
  });

  it("compares one API with another, and says nothing where a run is all of that price or there is nothing to pay", () => {
    expect(yardstickSentence(report(7300, ["apiInput", "apiOutput"]), [gpt])).toBeUndefined();
    expect(yardstickSentence(report(14_600, ["apiInput"]), [gpt])).toMatch(
      /^The same tokens at GPT-4\.1's list price cost \$7,300 a month, \$7,300 a month \(50\.0\s%\) less\.$/,
    );
    expect(yardstickSentence(report(0, []), [gpt])).toBeUndefined();
    expect(yardstickSentence(report(7300, ["gpuUsed"]), [gpt])).toMatch(
      /^Own GPUs and the same tokens .*: the same\.$/,
    );
  });
});
