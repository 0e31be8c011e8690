/** Distributions of the scenario compiled into samplers. */
import type { Distribution } from "../schema/common.ts";
import {
  ConstantSampler,
  ExponentialSampler,
  GammaSampler,
  GeometricSampler,
  HistogramSampler,
  lognormalOfMean,
  type Sampler,
  UniformSampler,
} from "../sim/variates.ts";
import { InputError } from "../units/errors.ts";

/** Probabilities may miss 1 by this much: tables are rounded. */
const sumTolerance = 0.01;

function histogram(values: readonly number[], probabilities: readonly number[]): Sampler {
  const total = probabilities.reduce((sum, p) => sum + p, 0);
  if (values.length !== probabilities.length) {
    throw new InputError(
      `A histogram has ${values.length} values and ${probabilities.length} probabilities; wanted one probability for each value. Give both lists the same length.`,
    );
  }
  if (!(Math.abs(total - 1) <= sumTolerance)) {
    throw new InputError(
      `The probabilities of a histogram sum to ${total}; wanted 1 (within ${sumTolerance}). Divide each by their sum.`,
    );
  }
  return new HistogramSampler(values, probabilities);
}

function uniform(min: number, max: number): Sampler {
  if (max < min) {
    throw new InputError(
      `A uniform distribution runs from ${min} to ${max}; wanted max at least min. Swap them.`,
    );
  }
  return new UniformSampler(min, max);
}

/** The sampler of a distribution. Throws InputError where its numbers contradict each other. */
export function createSampler(distribution: Distribution): Sampler {
  switch (distribution.kind) {
    case "constant":
      return new ConstantSampler(distribution.value);
    case "uniform":
      return uniform(distribution.min, distribution.max);
    case "exponential":
      return new ExponentialSampler(distribution.mean);
    case "lognormal":
      return lognormalOfMean(distribution.mean, distribution.sigma);
    case "gamma":
      return new GammaSampler(distribution.mean, distribution.cv);
    case "geometric":
      return new GeometricSampler(distribution.mean);
    case "histogram":
      return histogram(distribution.values, distribution.probabilities);
  }
}
