/** Interval of a share counted in samples. */
import { InvariantError } from "../units/errors.ts";
import { normalQuantile } from "./specialFunctions.ts";

/** Wilson's score interval of a share with `hits` of `n` (E. B. Wilson, JASA 22, 1927): within 0..1 also at none and all. Throws InvariantError for no samples. */
export function wilsonInterval(
  hits: number,
  n: number,
  level = 0.95,
): { readonly share: number; readonly low: number; readonly high: number } {
  if (!(n > 0) || hits < 0 || hits > n) throw new InvariantError(`${hits} hits of ${n} samples`);
  const z = normalQuantile(0.5 + level / 2);
  const share = hits / n;
  const z2 = (z * z) / n;
  const centre = (share + z2 / 2) / (1 + z2);
  const half = (z / (1 + z2)) * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n));
  return {
    share,
    low: hits === 0 ? 0 : Math.max(0, centre - half),
    high: hits === n ? 1 : Math.min(1, centre + half),
  };
}
