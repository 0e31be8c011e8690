import { describe, expect, it } from "vitest";
import type { TraceFormat } from "../importers/formats.ts";
import type { RejectReason } from "../importers/rejects.ts";
import { hasFixedColumns, rejectReasonText, traceFormatName } from "./traceText.ts";

const formats: Readonly<Record<TraceFormat, true>> = {
  ...{ azure: true, burstGpt: true, vidur: true, crossover: true },
  ...{ mooncake: true, bailian: true, csv: true, jsonl: true },
};
const reasons: Readonly<Record<RejectReason, true>> = {
  ...{ wrongColumnCount: true, missingValue: true, notANumber: true, nan: true, negative: true },
  ...{ notWhole: true, tooLarge: true, unreadableTime: true, notUtf8: true, malformedJson: true },
  ...{ missingKey: true, malformedQuote: true, unclosedQuote: true, cachedAbovePrompt: true },
};

describe("traces in words", () => {
  it("name every format and every reason for leaving a row out", () => {
    for (const format of Object.keys(formats)) expect(traceFormatName(format)).not.toBe(format);
    for (const reason of Object.keys(reasons)) expect(rejectReasonText(reason)).toMatch(/ /);
  });

  it("leave what they do not know as it is", () => {
    expect([traceFormatName("x"), rejectReasonText("y")]).toEqual(["x", "y"]);
    expect(["azure", "csv", "jsonl"].map(hasFixedColumns)).toEqual([true, false, false]);
  });
});
