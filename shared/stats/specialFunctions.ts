/** Special functions behind variates and intervals; only log, exp and sqrt, so that every host gives the same bits. */
import { InvariantError } from "../units/errors.ts";

function central(q: number): number {
  const r = 0.180625 - q * q;
  const numerator =
    ((((((2509.0809287301227 * r + 33430.57558358813) * r + 67265.7709270087) * r +
      45921.95393154987) *
      r +
      13731.69376550946) *
      r +
      1971.5909503065513) *
      r +
      133.14166789178438) *
      r +
    3.3871328727963665;
  const denominator =
    ((((((5226.495278852854 * r + 28729.085735721943) * r + 39307.89580009271) * r +
      21213.794301586597) *
      r +
      5394.196021424751) *
      r +
      687.1870074920579) *
      r +
      42.31333070160091) *
      r +
    1;
  return (q * numerator) / denominator;
}

function nearTail(s: number): number {
  const r = s - 1.6;
  const numerator =
    ((((((0.0007745450142783414 * r + 0.022723844989269184) * r + 0.2417807251774506) * r +
      1.2704582524523684) *
      r +
      3.6478483247632045) *
      r +
      5.769497221460691) *
      r +
      4.630337846156546) *
      r +
    1.4234371107496835;
  const denominator =
    ((((((1.0507500716444169e-9 * r + 0.0005475938084995345) * r + 0.015198666563616457) * r +
      0.14810397642748008) *
      r +
      0.6897673349851) *
      r +
      1.6763848301838038) *
      r +
      2.053191626637759) *
      r +
    1;
  return numerator / denominator;
}

function farTail(s: number): number {
  const r = s - 5;
  const numerator =
    ((((((2.0103343992922881e-7 * r + 2.7115555687434876e-5) * r + 0.0012426609473880784) * r +
      0.026532189526576124) *
      r +
      0.29656057182850487) *
      r +
      1.7848265399172913) *
      r +
      5.463784911164114) *
      r +
    6.657904643501103;
  const denominator =
    ((((((2.0442631033899397e-15 * r + 1.421511758316446e-7) * r + 1.8463183175100548e-5) * r +
      0.0007868691311456133) *
      r +
      0.014875361290850615) *
      r +
      0.1369298809227358) *
      r +
      0.599832206555888) *
      r +
    1;
  return numerator / denominator;
}

/** z with P(standard normal <= z) = u, for u in (0, 1), to about 16 digits: Wichura's AS 241 (PPND16). */
export function normalQuantile(u: number): number {
  const q = u - 0.5;
  if (q >= -0.425 && q <= 0.425) return central(q);
  const s = Math.sqrt(-Math.log(q < 0 ? u : 1 - u));
  const z = s <= 5 ? nearTail(s) : farTail(s);
  return q < 0 ? -z : z;
}

const lanczos = [
  0.9999999999998099, 676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406,
  12.507343278686905, -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
] as const;

/** log Gamma(a) for a > 0, to about 14 digits: Lanczos with g = 7 and nine terms. */
export function logGamma(a: number): number {
  if (a < 0.5) return logGamma(a + 1) - Math.log(a);
  const x = a - 1;
  let sum: number = lanczos[0];
  for (let i = 1; i < lanczos.length; i++) sum += lanczos[i]! / (x + i);
  const t = x + 7.5;
  return 0.9189385332046728 + (x + 0.5) * Math.log(t) - t + Math.log(sum);
}

const maxTerms = 1_000_000;

/** log of the series sum for P: P = x^a e^-x / Gamma(a + 1) * (1 + x/(a+1) + ...). */
function logSeriesSum(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; k < maxTerms; k++) {
    term *= x / (a + k);
    sum += term;
    if (term < sum * 1e-17) return Math.log(sum);
  }
  throw new InvariantError(`incomplete gamma series did not converge: a ${a}, x ${x}`);
}

/** log of Lentz's continued fraction for Q: Q = x^a e^-x / Gamma(a) * fraction. */
function logFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let h = d;
  for (let k = 1; k < maxTerms; k++) {
    const an = -k * (k - a);
    b += 2;
    d = an * d + b;
    d = 1 / (d === 0 ? 1e-300 : d);
    c = b + an / c;
    if (c === 0) c = 1e-300;
    h *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) return Math.log(h);
  }
  throw new InvariantError(`incomplete gamma fraction did not converge: a ${a}, x ${x}`);
}

/** log(1 - e^v) for v < 0 without losing the small side. */
function logOneMinusExp(v: number): number {
  return v > -1e-8 ? Math.log(-v) : Math.log(1 - Math.exp(v));
}

function logLower(a: number, logX: number): number {
  const x = Math.exp(logX);
  if (x < a + 1) return a * logX - x - logGamma(a + 1) + logSeriesSum(a, x);
  return logOneMinusExp(a * logX - x - logGamma(a) + logFraction(a, x));
}

function logUpper(a: number, logX: number): number {
  const x = Math.exp(logX);
  if (x >= a + 1) return a * logX - x - logGamma(a) + logFraction(a, x);
  return logOneMinusExp(a * logX - x - logGamma(a + 1) + logSeriesSum(a, x));
}

/** Regularised lower incomplete gamma P(a, x), a > 0, x >= 0: series below a + 1, continued fraction above. */
export function regularizedGammaP(a: number, x: number): number {
  return x <= 0 ? 0 : Math.exp(logLower(a, Math.log(x)));
}

/** Regularised upper incomplete gamma Q(a, x) = 1 - P(a, x), accurate in the upper tail. */
export function regularizedGammaQ(a: number, x: number): number {
  return x <= 0 ? 1 : Math.exp(logUpper(a, Math.log(x)));
}

/** P(standard normal <= z), accurate in both tails, by the incomplete gamma of one half. */
export function normalCdf(z: number): number {
  const tail = 0.5 * regularizedGammaQ(0.5, (z * z) / 2);
  return z < 0 ? tail : 1 - tail;
}

/** log x of the x with P(a, x) = p, given both p and q = 1 - p so that either tail is exact; the logarithm stays finite where x underflows. */
export function logGammaQuantile(a: number, p: number, q: number): number {
  const isLower = p <= 0.5;
  const target = Math.log(isLower ? p : q);
  const logGammaA = logGamma(a);
  let y = startOfSearch(a, p, q);
  for (let i = 0; i < 200; i++) {
    const logTail = isLower ? logLower(a, y) : logUpper(a, y);
    const slope = Math.exp(a * y - Math.exp(y) - logGammaA - logTail);
    const step = (isLower ? target - logTail : logTail - target) / slope;
    const bounded = Math.max(-1 - 1 / a, Math.min(1 + 1 / a, step));
    y += bounded;
    if (Math.abs(bounded) < 1e-13 * (1 + Math.abs(y))) return y;
  }
  return y;
}

/** Wilson and Hilferty's cube where it is positive, else the leading term of the series. */
function startOfSearch(a: number, p: number, q: number): number {
  const z = p < q ? normalQuantile(p) : -normalQuantile(q);
  const root = 1 - 1 / (9 * a) + z / (3 * Math.sqrt(a));
  if (a > 0.3 && root > 0.05) return Math.log(a) + 3 * Math.log(root);
  return Math.min((Math.log(p) + logGamma(a + 1)) / a, Math.log(a + 1));
}

/** x with P(a, x) = p for p in (0, 1): Newton steps on the logarithm of the smaller tail, which is concave in log x. */
export function gammaQuantile(a: number, p: number): number {
  return Math.exp(logGammaQuantile(a, p, 1 - p));
}
