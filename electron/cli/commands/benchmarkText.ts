/** One benchmark case as text for a terminal. */

import type { BenchmarkCase } from "../../../shared/planning/benchmark/benchmarkCase.ts";
import type {
  BenchmarkFigures,
  BenchmarkOutcome,
} from "../../../shared/planning/benchmark/runBenchmark.ts";
import { formatNumber, formatPercent, noValue } from "../../../shared/reports/formatters.ts";
import { figureColumn, formatTextTable, textColumn } from "../../../shared/reports/table.ts";
import { groupDigits } from "../../../shared/units/figureText.ts";

/** The case and its figures, or why it does not fit. */
export function benchmarkText(input: BenchmarkCase, outcome: BenchmarkOutcome): string {
  const lines = [caseLine(input), loadLine(input), ""];
  if (!outcome.fits) return `${[...lines, `It does not fit. ${outcome.reason}`].join("\n")}\n`;
  const notes = outcome.notes.map((note) => `Note: ${note}`);
  return `${[...lines, ...latencyLines(outcome.figures), "", ...figureLines(outcome.figures), ...notes].join("\n")}\n`;
}

function caseLine({ target }: BenchmarkCase): string {
  const { model, gpu, profile, backend, precision, kvPrecision, tensorParallel } = target;
  const place = profile === undefined ? gpu.id : `${gpu.id} ${profile}`;
  return `${model.name}, ${backend}, ${precision} weights, ${kvPrecision} KV cache, ${tensorParallel} x ${place}`;
}

function loadLine({ load }: BenchmarkCase): string {
  const { promptTokens, outputTokens, prompts, start, rateRps, concurrency, jitter } = load;
  const clients =
    start === "open"
      ? `Poisson arrivals at ${rateRps} requests/s`
      : `${groupDigits(concurrency)} clients, ${start === "burst" ? "all at t = 0" : "staggered"}`;
  return `${groupDigits(prompts)} prompts of ${promptTokens} in and ${outputTokens} out (+-${formatPercent(jitter)}), ${clients}`;
}

function latencyLines({ ttftMs, tpotMs, e2eMs }: BenchmarkFigures): string[] {
  const cell = (value: number | null) => (value === null ? noValue : formatNumber(value));
  return formatTextTable({
    columns: [textColumn("ms"), ...["mean", "p50", "p90", "p95", "p99"].map(figureColumn)],
    rows: [
      ["TTFT", ttftMs] as const,
      ["TPOT", tpotMs] as const,
      ["e2e latency", e2eMs] as const,
    ].map(([name, each]) => [
      name,
      ...[each.mean, each.p50, each.p90, each.p95, each.p99].map(cell),
    ]),
  });
}

function figureLines(figures: BenchmarkFigures): string[] {
  const rows: (readonly [string, string])[] = [
    [
      "output tokens/s",
      `${formatNumber(figures.outputTokensPerS)} (${formatNumber(figures.outputTokensPerSPerGpu)} per GPU)`,
    ],
    [
      "with all clients busy",
      figures.steadyTokensPerS === null
        ? noValue
        : `${formatNumber(figures.steadyTokensPerS)} output tokens/s`,
    ],
    ["requests/s", formatNumber(figures.requestsPerS)],
    ["prompt tokens/s", formatNumber(figures.promptTokensPerS)],
    ["mean batch", formatNumber(figures.meanBatch)],
    [
      "KV cache",
      `${formatPercent(figures.kvUsageMean)} mean, ${formatPercent(figures.kvUsagePeak)} peak of ${groupDigits(figures.kvCapacityTokens)} tokens`,
    ],
    ["preemptions", groupDigits(figures.preemptions)],
    ["iterations", groupDigits(figures.iterations)],
    ["extrapolated", `${formatPercent(figures.extrapolatedShare)} of iterations`],
    ["duration", `${formatNumber(figures.durationS)} s`],
  ];
  return rows.map(([name, value]) => `${name.padEnd(22)} ${value}`);
}
