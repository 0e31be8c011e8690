/** Distributions of uncertain inputs: quantiles by inversion, ends, and how they are written on a command line. */
import type { JsonValue } from "../../schema/jsonText.ts";
import type { UncertainDistribution, UncertainInput } from "../../schema/study.ts";
import { normalCdf, normalQuantile } from "../../stats/specialFunctions.ts";
import { InputError } from "../../units/errors.ts";
import { parseScalar } from "../studies/axisText.ts";

/** Ends of a distribution that has none of its own: its 5 % and 95 % quantiles. */
const tailShare = 0.05;

/** Throws InputError, with the input's path, for a distribution that is none. */
export function checkDistribution(distribution: UncertainDistribution, path: string): void {
  const problem = problemOf(distribution);
  if (problem === undefined) return;
  throw new InputError(`${path}: ${distributionText(distribution)}: ${problem}.`, { field: path });
}

function problemOf(distribution: UncertainDistribution): string | undefined {
  const rising = (...ends: (number | undefined)[]): boolean =>
    ends.every((each, i) => i === 0 || (each ?? 0) >= (ends[i - 1] ?? 0)) &&
    (ends[0] ?? 0) < (ends[ends.length - 1] ?? 0);
  switch (distribution.kind) {
    case "uniform": {
      const { min, max } = distribution;
      return rising(min, max) ? undefined : "the least is not below the most";
    }
    case "triangular": {
      const { min, mode, max } = distribution;
      return rising(min, mode, max)
        ? undefined
        : "wanted least, likeliest and most in rising order";
    }
    case "normal": {
      const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = distribution;
      return min < max ? undefined : "the cut below is not under the cut above";
    }
    case "discrete":
      return discreteProblem(distribution);
    default:
      return undefined;
  }
}

function discreteProblem({
  values,
  weights,
}: Extract<UncertainDistribution, { kind: "discrete" }>): string | undefined {
  if (weights === undefined) return undefined;
  if (weights.length !== values.length) {
    return `${values.length} values have ${weights.length} weights`;
  }
  return weights.some((weight) => weight > 0) ? undefined : "all weights are 0";
}

/** The value below which a share u of the distribution lies; u in (0, 1). */
export function quantileOf(distribution: UncertainDistribution, u: number): JsonValue {
  switch (distribution.kind) {
    case "uniform":
      return distribution.min + u * (distribution.max - distribution.min);
    case "triangular":
      return triangularQuantile(distribution.min, distribution.mode, distribution.max, u);
    case "normal": {
      const { mean, sd, min, max } = distribution;
      const from = min === undefined ? 0 : normalCdf((min - mean) / sd);
      const to = max === undefined ? 1 : normalCdf((max - mean) / sd);
      const value = mean + sd * normalQuantile(inside(from + u * (to - from)));
      return Math.min(max ?? value, Math.max(min ?? value, value));
    }
    case "lognormal":
      return distribution.median * Math.exp(distribution.sigma * normalQuantile(u));
    case "discrete":
      return discreteQuantile(distribution, u);
  }
}

function inside(u: number): number {
  return Math.min(1 - 1e-16, Math.max(1e-300, u));
}

/** Of the triangle over [min, max] with its peak at mode: F is quadratic on either side of it. */
function triangularQuantile(min: number, mode: number, max: number, u: number): number {
  const width = max - min;
  const peak = (mode - min) / width;
  return u <= peak
    ? min + Math.sqrt(u * width * (mode - min))
    : max - Math.sqrt((1 - u) * width * (max - mode));
}

function discreteQuantile(
  { values, weights }: Extract<UncertainDistribution, { kind: "discrete" }>,
  u: number,
): JsonValue {
  const each = weights ?? values.map(() => 1);
  const total = each.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    sum += each[i];
    if (each[i] > 0 && u * total <= sum) return values[i] as JsonValue;
  }
  return values[values.length - 1] as JsonValue;
}

/** The ends between which a verdict is looked at: those of the distribution, or 5 % and 95 % where it has none; undefined for values that are no numbers. */
export function endsOf(
  distribution: UncertainDistribution,
): { readonly low: number; readonly high: number } | undefined {
  switch (distribution.kind) {
    case "uniform":
    case "triangular":
      return { low: distribution.min, high: distribution.max };
    case "discrete": {
      const numbers = distribution.values.filter((value) => typeof value === "number");
      if (numbers.length < distribution.values.length) return undefined;
      return { low: Math.min(...numbers), high: Math.max(...numbers) };
    }
    default: {
      const at = (u: number): number => Number(quantileOf(distribution, u));
      const { min, max } = distribution.kind === "normal" ? distribution : {};
      return { low: min ?? at(tailShare), high: max ?? at(1 - tailShare) };
    }
  }
}

/** "triangular(1.9, 2.69, 3.5)". */
export function distributionText(distribution: UncertainDistribution): string {
  switch (distribution.kind) {
    case "uniform":
      return `uniform(${distribution.min}, ${distribution.max})`;
    case "triangular":
      return `triangular(${distribution.min}, ${distribution.mode}, ${distribution.max})`;
    case "normal": {
      const { mean, sd, min, max } = distribution;
      const cuts = min === undefined && max === undefined ? "" : `, ${min ?? ""}, ${max ?? ""}`;
      return `normal(${mean}, ${sd}${cuts})`;
    }
    case "lognormal":
      return `lognormal(${distribution.median}, ${distribution.sigma})`;
    case "discrete": {
      const { values, weights } = distribution;
      const each = values.map((value, i) => {
        const text = typeof value === "string" ? value : JSON.stringify(value);
        return weights === undefined ? text : `${text}:${weights[i]}`;
      });
      return `discrete(${each.join(", ")})`;
    }
  }
}

const callPattern = /^([a-z]+)\((.*)\)$/s;
const rangePattern = /^(.+?)\.\.(.+)$/;

/** "triangular(1.9,2.69,3.5)", "1.5..3" (uniform), "discrete(a:2,b:1)". Throws InputError. */
export function parseDistribution(text: string, path: string): UncertainDistribution {
  const distribution = read(text, path);
  checkDistribution(distribution, path);
  return distribution;
}

function read(text: string, path: string): UncertainDistribution {
  const range = rangePattern.exec(text);
  const [, kind, list] = callPattern.exec(text) ?? [];
  if (kind === undefined && range !== null) {
    const [min, max] = numbers([range[1], range[2]], text, path);
    return { kind: "uniform", min, max };
  }
  const parts = (list ?? "").split(",").map((part) => part.trim());
  if (kind === "discrete") return readDiscrete(parts, text, path);
  const wanted: Record<string, readonly number[]> = {
    uniform: [2],
    triangular: [3],
    normal: [2, 4],
    lognormal: [2],
  };
  const isKnown = kind !== undefined && Object.hasOwn(wanted, kind);
  if (!isKnown || !wanted[kind].includes(parts.length)) throw unknown(text, path);
  if (kind === "normal") {
    const [mean, sd] = numbers(parts.slice(0, 2), text, path);
    const cut = (part: string | undefined): number | undefined =>
      part === undefined || part === "" ? undefined : numbers([part], text, path)[0];
    return positiveSpread(
      { kind, mean, sd, min: cut(parts[2]), max: cut(parts[3]) },
      sd,
      text,
      path,
    );
  }
  const [a, b, c] = numbers(parts, text, path);
  if (kind === "uniform") return { kind, min: a, max: b };
  if (kind === "triangular") return { kind, min: a, mode: b, max: c };
  if (!(a > 0))
    throw new InputError(`${path}: ${text}: the median is not above 0.`, { field: path });
  return positiveSpread({ kind: "lognormal", median: a, sigma: b }, b, text, path);
}

function positiveSpread(
  distribution: UncertainDistribution,
  spread: number,
  text: string,
  path: string,
): UncertainDistribution {
  if (spread > 0) return distribution;
  throw new InputError(`${path}: ${text}: the spread is not above 0.`, { field: path });
}

function readDiscrete(parts: readonly string[], text: string, path: string): UncertainDistribution {
  const weighted = parts.map((part) => /^(.*):([^:]+)$/.exec(part));
  if (weighted.every((each) => each === null)) {
    return { kind: "discrete", values: parts.map((part) => parseScalar(part, path)) };
  }
  const values = weighted.map((each) => {
    if (each === null) throw unknown(text, path);
    return parseScalar(each[1], path);
  });
  const weights = numbers(
    weighted.map((each) => each?.[2] ?? ""),
    text,
    path,
  );
  if (weights.some((weight) => weight < 0)) throw unknown(text, path);
  return { kind: "discrete", values, weights };
}

function numbers(parts: readonly string[], text: string, path: string): number[] {
  return parts.map((part) => {
    const value = part === "" ? Number.NaN : Number(part);
    if (Number.isFinite(value)) return value;
    throw unknown(text, path);
  });
}

function unknown(text: string, path: string): InputError {
  return new InputError(
    `${path}: "${text}" is no distribution. Wanted uniform(least,most) or least..most, triangular(least,likeliest,most), normal(mean,sd) or normal(mean,sd,least,most), lognormal(median,sigma), or discrete(value,value,...), with weights discrete(value:weight,...).`,
    { field: path },
  );
}

/** "PATH=DISTRIBUTION", or "PATH;PATH=DISTRIBUTION" for paths that get the same value. Throws InputError. */
export function parseUncertain(text: string): UncertainInput {
  const equals = text.indexOf("=");
  const paths = text
    .slice(0, Math.max(0, equals))
    .split(";")
    .map((path) => path.trim());
  if (paths.some((path) => path === "")) {
    throw new InputError(
      `--uncertain ${text}: wanted PATH=DISTRIBUTION, as in pools.own.price.usdPerGpuHour=triangular(1.9,2.69,3.5).`,
      { field: "uncertain" },
    );
  }
  const distribution = parseDistribution(text.slice(equals + 1).trim(), paths.join("+"));
  return { path: paths.length === 1 ? paths[0] : paths, distribution };
}
