/** Inputs of a scenario that are seldom known exactly, with the ranges that a first look takes. */
import type { ScenarioDocument } from "../../../shared/contract/common.ts";

/** A range of an input: least, likeliest, most, in the input's own unit. */
export interface InputRange {
  readonly path: string;
  /** For people. */
  readonly label: string;
  readonly min: number;
  readonly mode: number;
  readonly max: number;
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : {};
}

function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}

function range(
  path: string,
  label: string,
  value: unknown,
  below: number,
  above: number,
): InputRange[] {
  if (typeof value !== "number" || !(value > 0)) return [];
  const round = (each: number): number => Number(each.toPrecision(3));
  return [{ path, label, min: round(value * below), mode: value, max: round(value * above) }];
}

function poolRanges(pool: Fields): InputRange[] {
  const { usdPerGpuHour } = fieldsOf(pool.price);
  return range(
    `pools.${pool.id}.price.usdPerGpuHour`,
    `GPU hour of ${pool.id} (USD)`,
    usdPerGpuHour,
    0.7,
    1.3,
  );
}

function providerRanges(provider: Fields): InputRange[] {
  const price = fieldsOf(provider.price);
  const name = String(provider.name ?? provider.id);
  const at = `providers.${provider.id}.price`;
  return [
    ...range(
      `${at}.inputUsdPerMTok`,
      `${name}, input (USD per M tokens)`,
      price.inputUsdPerMTok,
      0.5,
      1.1,
    ),
    ...range(
      `${at}.outputUsdPerMTok`,
      `${name}, output (USD per M tokens)`,
      price.outputUsdPerMTok,
      0.5,
      1.1,
    ),
  ];
}

/** Volume from half to twice, GPU hours 30 % either way, API prices from half to a tenth more: starting points, to be changed. */
export function usualRanges(document: ScenarioDocument): InputRange[] {
  return [
    {
      path: "traffic.volume",
      label: "Volume (times the traffic's own)",
      min: 0.5,
      mode: 1,
      max: 2,
    },
    ...listOf(document.pools).flatMap(poolRanges),
    ...listOf(document.providers).flatMap(providerRanges),
  ];
}

/** Why ranges cannot be used: the first problem, in words; undefined where they can. */
export function rangeProblem(ranges: readonly InputRange[]): string | undefined {
  if (ranges.length === 0) return "Leave at least one input uncertain.";
  const wrong = ranges.find(({ min, mode, max }) => !(min <= mode && mode <= max && min < max));
  if (wrong === undefined) return undefined;
  return `${wrong.label}: from ${wrong.min} over ${wrong.mode} to ${wrong.max} is no range. Least, likeliest and most must rise.`;
}
