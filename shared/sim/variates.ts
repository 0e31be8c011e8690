/** Variates by inversion: one uniform in (0, 1) each, increasing in it, so that streams stay in step when a parameter changes. */
import {
  logGamma,
  logGammaQuantile,
  normalCdf,
  normalQuantile,
} from "../stats/specialFunctions.ts";
import { InvariantError } from "../units/errors.ts";

/** A distribution compiled for drawing. */
export interface Sampler {
  /** The arithmetic mean of the distribution. */
  readonly mean: number;
  /** The value below which a share u of the distribution lies; u in (0, 1). */
  quantile(u: number): number;
}

/** Always `mean`. */
export class ConstantSampler implements Sampler {
  readonly mean: number;

  constructor(value: number) {
    this.mean = value;
  }

  quantile(_u: number): number {
    return this.mean;
  }
}

/** Uniform between min and max. */
export class UniformSampler implements Sampler {
  readonly mean: number;
  private readonly min: number;
  private readonly width: number;

  constructor(min: number, max: number) {
    this.mean = (min + max) / 2;
    this.min = min;
    this.width = max - min;
  }

  quantile(u: number): number {
    return this.min + this.width * u;
  }
}

/** Exponential with the given mean. */
export class ExponentialSampler implements Sampler {
  readonly mean: number;

  constructor(mean: number) {
    this.mean = mean;
  }

  quantile(u: number): number {
    return -this.mean * Math.log(1 - u);
  }
}

/** Normal with the given mean and standard deviation; may be negative. */
export class NormalSampler implements Sampler {
  readonly mean: number;
  private readonly deviation: number;

  constructor(mean: number, deviation: number) {
    this.mean = mean;
    this.deviation = deviation;
  }

  quantile(u: number): number {
    return this.mean + this.deviation * normalQuantile(u);
  }
}

/** exp of a normal with mean logMedian and standard deviation sigma. */
export class LognormalSampler implements Sampler {
  readonly mean: number;
  private readonly logMedian: number;
  private readonly sigma: number;

  constructor(logMedian: number, sigma: number) {
    this.mean = Math.exp(logMedian + (sigma * sigma) / 2);
    this.logMedian = logMedian;
    this.sigma = sigma;
  }

  quantile(u: number): number {
    return Math.exp(this.logMedian + this.sigma * normalQuantile(u));
  }
}

/** Lognormal by its arithmetic mean (> 0) and the standard deviation of its logarithm. */
export function lognormalOfMean(mean: number, sigma: number): LognormalSampler {
  return new LognormalSampler(Math.log(mean) - (sigma * sigma) / 2, sigma);
}

/** Lognormal by its median (> 0) and the standard deviation of its logarithm. */
export function lognormalOfMedian(median: number, sigma: number): LognormalSampler {
  return new LognormalSampler(Math.log(median), sigma);
}

/** Geometric on 1, 2, 3, ... with the given mean (at least 1). */
export class GeometricSampler implements Sampler {
  readonly mean: number;
  private readonly logFailure: number;

  constructor(mean: number) {
    this.mean = mean;
    this.logFailure = Math.log(1 - 1 / mean);
  }

  quantile(u: number): number {
    return Math.max(1, Math.ceil(Math.log(1 - u) / this.logFailure));
  }
}

const gammaNodes = 2048;
const gammaReach = 8.5;
const gammaStep = (2 * gammaReach) / gammaNodes;
/** Below this coefficient of variation the cube of Wilson and Hilferty is exact to 1e-9 and the incomplete gamma would be slow. */
const minTabledCv = 0.002;

/** Gamma by mean and coefficient of variation: the inverse incomplete gamma, tabled in the normal quantile of u and joined by cubics of its logarithm (relative error under 1e-8). */
export class GammaSampler implements Sampler {
  readonly mean: number;
  private readonly logs = new Float64Array(gammaNodes + 1);
  private readonly slopes = new Float64Array(gammaNodes + 1);

  constructor(mean: number, cv: number) {
    this.mean = mean;
    const shape = 1 / (cv * cv);
    const logScale = Math.log(mean / shape);
    for (let i = 0; i <= gammaNodes; i++) {
      const z = -gammaReach + i * gammaStep;
      const [logX, slope] = cv < minTabledCv ? cubeNode(shape, z) : exactNode(shape, z);
      this.logs[i] = logX + logScale;
      this.slopes[i] = slope * gammaStep;
    }
  }

  quantile(u: number): number {
    const position = (normalQuantile(u) + gammaReach) / gammaStep;
    const i = Math.min(gammaNodes - 1, Math.floor(position));
    const t = position - i;
    const a = this.logs[i]!;
    const rise = this.logs[i + 1]! - a;
    const s0 = this.slopes[i]!;
    const s1 = this.slopes[i + 1]!;
    const cubic = s0 + s1 - 2 * rise;
    return Math.exp(a + t * (s0 + t * (3 * rise - 2 * s0 - s1 + t * cubic)));
  }
}

/** log x and its derivative by z at normal score z, for a gamma of scale 1. */
function exactNode(shape: number, z: number): [number, number] {
  const logX = logGammaQuantile(shape, normalCdf(z), normalCdf(-z));
  const logDensity = shape * logX - Math.exp(logX) - logGamma(shape);
  return [logX, Math.exp(-(z * z) / 2 - 0.9189385332046728 - logDensity)];
}

function cubeNode(shape: number, z: number): [number, number] {
  const deviation = 1 / (3 * Math.sqrt(shape));
  const root = 1 - 1 / (9 * shape) + z * deviation;
  return [Math.log(shape) + 3 * Math.log(root), (3 * deviation) / root];
}

/** Values drawn with given weights: one value for each step of the cumulated weights. */
export class HistogramSampler implements Sampler {
  readonly mean: number;
  private readonly values: Float64Array;
  private readonly cumulated: Float64Array;
  /** For u in [k/n, (k+1)/n) the search starts at guide[k]. */
  private readonly guide: Int32Array;

  /** Weights need not sum to 1. Throws InvariantError where lengths differ or the sum is not positive. */
  constructor(values: readonly number[], weights: readonly number[]) {
    const n = values.length;
    const total = weights.reduce((sum, w) => sum + w, 0);
    if (weights.length !== n || !(total > 0)) {
      throw new InvariantError(`histogram of ${n} values, ${weights.length} weights, sum ${total}`);
    }
    this.values = Float64Array.from(values);
    this.cumulated = new Float64Array(n);
    this.guide = new Int32Array(n);
    let sum = 0;
    let mean = 0;
    for (let i = 0; i < n; i++) {
      sum += weights[i]!;
      mean += (weights[i]! / total) * values[i]!;
      this.cumulated[i] = sum / total;
    }
    this.mean = mean;
    this.closeTop(weights);
    for (let k = 0, i = 0; k < n; k++) {
      while (this.cumulated[i]! <= k / n) i++;
      this.guide[k] = i;
    }
  }

  /** Lets the last value that has weight take all that rounding left. */
  private closeTop(weights: readonly number[]): void {
    for (let i = weights.length - 1; i >= 0; i--) {
      this.cumulated[i] = 2;
      if (weights[i]! > 0) return;
    }
  }

  quantile(u: number): number {
    let i = this.guide[Math.min(this.guide.length - 1, Math.floor(u * this.guide.length))]!;
    while (this.cumulated[i]! <= u) i++;
    return this.values[i]!;
  }
}
