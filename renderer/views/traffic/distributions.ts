/** Distributions of token lengths as editors show them. */
import type { DistributionInput } from "./sources.ts";

export const distributionKinds = [
  { id: "lognormal", name: "many short, few long", note: "lognormal" },
  { id: "constant", name: "all the same" },
  { id: "uniform", name: "evenly between two", note: "uniform" },
  { id: "exponential", name: "exponential" },
  { id: "gamma", name: "of a spread of your own", note: "gamma" },
  { id: "geometric", name: "geometric", note: "each token may be the last" },
  { id: "histogram", name: "as the file lists them" },
] as const;

interface DistributionField {
  readonly key: string;
  readonly label: string;
  readonly unit?: string;
  readonly min: number;
  readonly max: number;
}

const mostTokens = 2 ** 31 - 1;

const mean: DistributionField = {
  key: "mean",
  label: "Mean",
  unit: "tokens",
  min: 0.001,
  max: mostTokens,
};

/** The figures of a distribution that are typed. */
export function distributionFields({ kind }: DistributionInput): readonly DistributionField[] {
  switch (kind) {
    case "constant":
      return [{ key: "value", label: "Length", unit: "tokens", min: 0, max: mostTokens }];
    case "uniform":
      return [
        { key: "min", label: "From", unit: "tokens", min: 0, max: mostTokens },
        { key: "max", label: "To", unit: "tokens", min: 0, max: mostTokens },
      ];
    case "lognormal":
      return [mean, { key: "sigma", label: "Spread of the logarithm", min: 0, max: 5 }];
    case "gamma":
      return [mean, { key: "cv", label: "Spread", unit: "× the mean", min: 0.001, max: 20 }];
    case "exponential":
    case "geometric":
      return [mean];
    case "histogram":
      return [];
  }
}

/** The mean of a distribution, tokens. */
export function meanOf(own: DistributionInput): number {
  switch (own.kind) {
    case "constant":
      return own.value;
    case "uniform":
      return (own.min + own.max) / 2;
    case "histogram": {
      const all = own.probabilities.reduce((sum, each) => sum + each, 0);
      const sum = own.values.reduce(
        (total, value, i) => total + value * (own.probabilities[i] ?? 0),
        0,
      );
      return all > 0 ? sum / all : 0;
    }
    default:
      return own.mean;
  }
}

/** Another kind of distribution with the same mean. */
export function changedKind(own: DistributionInput, kind: string): DistributionInput {
  const average = Math.max(1, Number(meanOf(own).toPrecision(6)));
  switch (kind) {
    case "constant":
      return { kind, value: Math.round(average) };
    case "uniform":
      return { kind, min: Math.round(average / 2), max: Math.round(average * 1.5) };
    case "lognormal":
      return { kind, mean: average, sigma: 0.8 };
    case "gamma":
      return { kind, mean: average, cv: 1 };
    case "exponential":
    case "geometric":
      return { kind, mean: average };
    default:
      return own;
  }
}
