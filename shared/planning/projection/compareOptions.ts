/** Where options pass the baseline, when they pay back, and which is cheapest. */
import type { OptionComparison, ProjectionOption } from "./projectionReport.ts";

/** First month (from 1) from which a condition holds to the end; null for none. */
export function holdsFrom(holds: readonly boolean[]): number | null {
  let from = holds.length;
  while (from > 0 && holds[from - 1]) from--;
  return from === holds.length ? null : from + 1;
}

/** The cheapest API by present cost; where there is none, the dearest option, against which all others save. */
export function chooseBaseline(options: readonly ProjectionOption[]): ProjectionOption {
  const apis = options.filter((each) => each.financing === "none");
  const isBetter = (a: ProjectionOption, b: ProjectionOption): boolean =>
    apis.length > 0 ? a.presentCostUsd < b.presentCostUsd : a.presentCostUsd > b.presentCostUsd;
  const pool = apis.length > 0 ? apis : options;
  return pool.reduce((best, each) => (isBetter(each, best) ? each : best));
}

/** An option against the baseline, month by month. */
export function compareOption(
  option: ProjectionOption,
  baseline: ProjectionOption,
): OptionComparison {
  const isCheaper = option.months.map((each, i) => each.costUsd < baseline.months[i].costUsd);
  const first = isCheaper.indexOf(true);
  const isPaidBack = option.months.map(
    (each, i) => each.cumulativeCashUsd <= baseline.months[i].cumulativeCashUsd,
  );
  return {
    option: option.id,
    baseline: baseline.id,
    firstCheaperMonth: first < 0 ? null : first + 1,
    cheaperFromMonth: holdsFrom(isCheaper),
    paybackMonth: holdsFrom(isPaidBack),
    savedUsd: baseline.totalCashUsd - option.totalCashUsd,
    presentGainUsd: baseline.presentCostUsd - option.presentCostUsd,
  };
}

/** The cheapest by present cost among those valid in every month. */
export function cheapestOption(options: readonly ProjectionOption[]): ProjectionOption | undefined {
  return options
    .filter((each) => each.invalidMonths.length === 0)
    .reduce<ProjectionOption | undefined>(
      (best, each) =>
        best === undefined || each.presentCostUsd < best.presentCostUsd ? each : best,
      undefined,
    );
}
