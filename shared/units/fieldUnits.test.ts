import { expect, it } from "vitest";
import { fieldUnit } from "./fieldUnits.ts";

it.each([
  ["usdPerGpuHour", "USD/GPU-hour"],
  ["inputUsdPerMTok", "USD/M tokens"],
  ["monthlyBudgetUsd", "USD"],
  ["ms", "ms"],
  ["durationS", "s"],
  ["horizonS", "s"],
  ["ratesRps", "requests/s"],
  ["outputTokensPerS", "tokens/s"],
  ["inputTokensPerMinute", "tokens/min"],
  ["maxNumBatchedTokens", "tokens"],
  ["bandwidthBytesPerS", "bytes/s"],
  ["oIterUs", "us"],
  ["share", "share"],
  ["maxNumSeqs", undefined],
  ["replicas", undefined],
  ["gpus", undefined],
])("%s is in %s", (name, unit) => {
  expect(fieldUnit(name)).toBe(unit);
});
