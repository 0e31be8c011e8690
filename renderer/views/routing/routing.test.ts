import { describe, expect, it } from "vitest";
import type { FlowReply, RouteTestReply } from "../../../shared/contract/insightMethods.ts";
import { flowLinks, flowSentence } from "./flowLinks.ts";
import { outcomeWords, routeSentence } from "./routeWords.ts";

const flow: FlowReply = {
  cells: [
    {
      ...{ class: "chat", destination: "own", kind: "pool", requests: 90, spilled: 0 },
      ...{ promptTokens: 8000, cachedTokens: 0, outputTokens: 1000, monthUsd: 300 },
    },
    {
      ...{ class: "chat", destination: "api", kind: "provider", requests: 10, spilled: 10 },
      ...{ promptTokens: 900, cachedTokens: 0, outputTokens: 100, monthUsd: 600 },
    },
    {
      ...{ class: "chat", destination: null, kind: "none", requests: 0, spilled: 0 },
      ...{ promptTokens: 0, cachedTokens: 0, outputTokens: 0, monthUsd: 0 },
    },
  ],
  rest: [{ label: "own, idle", monthUsd: 100 }],
  monthUsd: 1000,
};

const taken: RouteTestReply["rules"][number] = {
  ...{ rule: "r", outcome: "taken", conditions: [], guards: [], share: 1 },
};

describe("the flow picture", () => {
  it("has all tokens, and dollars that add up to the month's bill", () => {
    const sum = (measure: "tokens" | "dollars"): number =>
      flowLinks(flow, measure).reduce((total, { value }) => total + value, 0);
    expect(sum("tokens")).toBe(10_000);
    expect(sum("dollars")).toBe(flow.monthUsd);
    expect(flowLinks(flow, "tokens")[2].to).toBe("no place");
  });

  it("says who has the most and what spilled", () => {
    expect(flowSentence(flow, "tokens")).toBe(
      "own has 90.0 % of 10.0 k tokens of the run; 10.0 % of the requests spilled.",
    );
    expect(flowSentence(flow, "dollars")).toBe(
      "api has 60.0 % of $1,000 a month; 10.0 % of the requests spilled.",
    );
    expect(flowSentence({ cells: [], rest: [], monthUsd: 0 }, "tokens")).toContain("Nothing");
  });
});

describe("the test box", () => {
  it("names the condition that decides", () => {
    const refused = {
      ...taken,
      outcome: "refused" as const,
      guards: [{ name: "waiting per replica", wanted: "at most 8", found: "12", holds: false }],
    };
    expect(outcomeWords(refused)).toBe(
      "cannot take it now: waiting per replica is 12, wanted at most 8",
    );
    expect(outcomeWords({ ...taken, share: 0.3 })).toBe(
      "takes it, as it does 30 % of such requests",
    );
  });

  it("says where the request would go", () => {
    const reply: RouteTestReply = {
      ...{ class: "chat", classNote: "", destination: "api", kind: "provider" },
      ...{ isSpilled: true, isHeld: false },
      rules: [{ ...taken, rule: "own-first", outcome: "refused" }, taken],
    };
    expect(routeSentence(reply)).toBe(
      "A request of class chat would go to api, because own-first could not take it.",
    );
    expect(routeSentence({ ...reply, kind: "reject", destination: null })).toContain("rejected");
    expect(routeSentence({ ...reply, kind: "unroutable", destination: null })).toContain(
      "no place",
    );
  });
});
