/** Units of the domain and their conversions. Names carry units (ttftS, costUsd); these are the factors between them. */

/** Nanoseconds in a second. */
export const nsPerS = 1e9;
/** Nanoseconds in a millisecond. */
export const nsPerMs = 1e6;
/** Bytes in a GiB. */
export const bytesPerGib = 1073741824;
/** Seconds in an hour. */
export const sPerHour = 3600;
/** Seconds in a day. */
export const sPerDay = 86_400;
/** Tokens in the unit that prices are quoted in. */
export const tokensPerMTok = 1e6;
/** Hours in a licence year (365 days). */
export const hoursPerYear = 8760;

/** The longest simulated time: 2^53 ns, just over 104 days, past which whole nanoseconds are no longer exact. */
export const maxHorizonNs = 9007199254740992;

/** Whole nanoseconds nearest to `seconds`. */
export function secondsToNs(seconds: number): number {
  return Math.round(seconds * nsPerS);
}

/** x to the power y for x > 0, as exp(y log x): the language's own power differs between V8 versions. */
export function power(x: number, y: number): number {
  return Math.exp(y * Math.log(x));
}
