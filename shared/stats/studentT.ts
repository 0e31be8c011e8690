/** Quantiles of Student's t, for confidence intervals of few samples. */
import { InvariantError } from "../units/errors.ts";
import { logGamma, normalQuantile } from "./specialFunctions.ts";

/** Above this many degrees of freedom the expansion in 1/df is exact to 1e-10. */
const expandedAbove = 400;

/** P(T <= t) for t >= 0 and whole df, by the finite series in cos^2 of atan(t / sqrt(df)) (Abramowitz and Stegun 26.7.3, 26.7.4). */
function tCdf(t: number, df: number): number {
  const cosine2 = df / (df + t * t);
  const sine = t / Math.sqrt(df + t * t);
  const isOdd = df % 2 === 1;
  let term = isOdd ? Math.sqrt(cosine2) : 1;
  let sum = df > 1 ? term : 0;
  for (let k = isOdd ? 3 : 2; k < df; k += 2) {
    term *= ((k - 1) / k) * cosine2;
    sum += term;
  }
  if (!isOdd) return 0.5 + 0.5 * sine * sum;
  return 0.5 + (Math.atan(t / Math.sqrt(df)) + sine * sum) / Math.PI;
}

/** Density of T at t. */
function tDensity(t: number, df: number): number {
  const scale = logGamma((df + 1) / 2) - logGamma(df / 2) - 0.5 * Math.log(df * Math.PI);
  return Math.exp(scale - ((df + 1) / 2) * Math.log(1 + (t * t) / df));
}

/** t from the normal quantile z by the expansion in 1/df (Abramowitz and Stegun 26.7.5). */
function expanded(z: number, df: number): number {
  const z2 = z * z;
  const g1 = (z2 + 1) / 4;
  const g2 = ((5 * z2 + 16) * z2 + 3) / 96;
  const g3 = (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384;
  const g4 = ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) / 92_160;
  return z * (1 + (g1 + (g2 + (g3 + g4 / df) / df) / df) / df);
}

/** t with P(T <= t) = p, for p in (0, 1) and whole df >= 1, to about 10 digits. Newton steps rise to it from the normal quantile, because the distribution is concave there. */
export function studentTQuantile(p: number, df: number): number {
  if (!(p > 0 && p < 1) || !(df >= 1) || df % 1 !== 0) {
    throw new InvariantError(`t quantile of p ${p} with ${df} degrees of freedom`);
  }
  if (p < 0.5) return -studentTQuantile(1 - p, df);
  const z = normalQuantile(p);
  if (df > expandedAbove) return expanded(z, df);
  let t = z;
  for (let i = 0; i < 200; i++) {
    const step = (p - tCdf(t, df)) / tDensity(t, df);
    t += step;
    if (Math.abs(step) <= 1e-12 * (1 + t)) break;
  }
  return t;
}
