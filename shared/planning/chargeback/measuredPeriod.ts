/** For how long measured samples stand. */
import type { GpuSample } from "../../schema/gpuSamples.ts";
import { InputError } from "../../units/errors.ts";
import { sPerHour } from "../../units/units.ts";

/** A period of equal moments. */
export interface MeasuredPeriod {
  readonly hours: number;
  readonly moments: number;
  /** Hours that one moment stands for. */
  readonly hoursEach: number;
  readonly notes: readonly string[];
}

/**
 * The period of samples: with times, as many steps as there are moments, a step being the shortest gap between two; else
 * `hours`, which also stretches samples with times to a longer period. Throws InputError where nothing says the period, or
 * samples with and without times are mixed.
 */
export function measuredPeriod(
  samples: readonly GpuSample[],
  hours: number | undefined,
): MeasuredPeriod {
  const times = [...new Set(samples.map((each) => each.timeS))];
  const known = times.filter((each) => each !== undefined).sort((a, b) => a - b);
  if (known.length > 0 && known.length < times.length) {
    throw new InputError(
      "Some files have times and some have none. Wanted either scrapes, which are one moment each, or answers of query_range.",
      { field: "dcgm" },
    );
  }
  const moments = known.length > 0 ? known.length : countScrapes(samples);
  if (hours !== undefined) return { hours, moments, hoursEach: hours / moments, notes: [] };
  if (known.length < 2) {
    const what = known.length === 0 ? "A scrape is" : "The samples are of";
    throw new InputError(`${what} one moment. Wanted --hours N: how long it stands for.`, {
      field: "hours",
    });
  }
  let stepS = Infinity;
  for (let i = 1; i < known.length; i++) stepS = Math.min(stepS, known[i] - known[i - 1]);
  const missing = Math.round((known[known.length - 1] - known[0]) / stepS) + 1 - known.length;
  const notes =
    missing > 0
      ? [
          `${missing} moments between the first and the last have no samples at all; nobody is charged for them. --hours N charges for a longer period.`,
        ]
      : [];
  const hoursEach = stepS / sPerHour;
  return { hours: hoursEach * moments, moments, hoursEach, notes };
}

function countScrapes(samples: readonly GpuSample[]): number {
  return new Set(samples.map((each) => each.scrape)).size;
}
