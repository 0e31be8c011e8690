/** How far a run is, in its own time. */
import type { SeriesReport } from "../../../shared/planning/runReport.ts";

/** The moment by which a share of the requests has arrived, by the arrivals of an earlier run of the same traffic; seconds. */
export function simulatedS(
  { arrived, windowS, windows }: Pick<SeriesReport, "arrived" | "windowS" | "windows">,
  share: number,
): number {
  const total = arrived.reduce((sum, count) => sum + count, 0);
  let left = total * Math.min(1, Math.max(0, share));
  for (let i = 0; i < arrived.length; i++) {
    if (arrived[i] >= left) return windowS * (i + (arrived[i] > 0 ? left / arrived[i] : 0));
    left -= arrived[i];
  }
  return windowS * windows;
}
