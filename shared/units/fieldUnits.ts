/** The unit that the name of a field carries. */

/** Endings of names and what they mean, the longer ones before those that they end in. */
const endings: readonly (readonly [RegExp, string])[] = [
  [/[uU]sdPerMTok$/, "USD/M tokens"],
  [/[uU]sdPerGpuHour$/, "USD/GPU-hour"],
  [/[uU]sdPerGpuYear$/, "USD/GPU-year"],
  [/[uU]sdPerMonth$/, "USD/month"],
  [/Usd$/, "USD"],
  [/[bB]ytesPerS(PerDirection)?$/, "bytes/s"],
  [/[rR]equestsPerMinute$/, "requests/min"],
  [/[tT]okensPerMinute$/, "tokens/min"],
  [/[tT]okensPerS$/, "tokens/s"],
  [/PerPromptTokenS$/, "s/token"],
  [/Rps$/, "requests/s"],
  [/^ms$|Ms$/, "ms"],
  [/Us$/, "us"],
  [/Ns$/, "ns"],
  [/[a-z]S$/, "s"],
  [/Minutes$/, "min"],
  [/Hours$/, "h"],
  [/Days$/, "days"],
  [/Bytes$/, "bytes"],
  [/Gib$/, "GiB"],
  [/Flops$/, "flop/s"],
  [/[tT]okens$/, "tokens"],
  [
    /^(share|percentile|jitter|errorRate|batchDiscount|reuseProbability|gpuMemoryUtilization)$/,
    "share",
  ],
  [/^max(KvUsage|RunningShare)$|^kvWatermark$|^whenRunningBelow$/, "share"],
];

/** The unit of a field by its name ("ttftMs": "ms"), "share" for fractions of 1; undefined for counts and texts. */
export function fieldUnit(name: string): string | undefined {
  return endings.find(([ending]) => ending.test(name))?.[1];
}
