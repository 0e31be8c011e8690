/** Checks of a scenario's traffic: sources, lengths, classes. */
import { sPerDay } from "../../units/units.ts";
import type { Distribution } from "../common.ts";
import type { Findings } from "../findings.ts";
import type { Scenario } from "../scenario.ts";
import type { Arrivals, Lengths, Source, TraceSource, TrafficClass } from "../traffic.ts";
import { checkNames, checkRange, checkUnique, findReferenced } from "./references.ts";

/** The longest simulated time, days; past 2^53 ns whole nanoseconds are no longer exact. */
export const maxHorizonDays = 104;
const maxRequests = 20_000_000;
const sumTolerance = 1e-3;

/** Reports a stretch of time over the limit of the engine's clock. */
export function checkHorizon(findings: Findings, seconds: number | undefined, field: string): void {
  if (seconds === undefined || seconds <= maxHorizonDays * sPerDay) return;
  const days = (seconds / sPerDay).toFixed(1);
  findings.problem(
    field,
    `found ${seconds} s (${days} days), wanted at most ${maxHorizonDays} days: simulated time is whole nanoseconds, exact to 2^53 (104.2 days). Shorten it, or simulate a typical week.`,
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function checkHistogram(
  findings: Findings,
  histogram: Extract<Distribution, { kind: "histogram" }>,
  field: string,
): void {
  const { values, probabilities } = histogram;
  if (values.length !== probabilities.length) {
    findings.problem(
      field,
      `found ${values.length} values and ${probabilities.length} probabilities, wanted one probability for each value.`,
    );
    return;
  }
  const total = sum(probabilities);
  if (Math.abs(total - 1) <= sumTolerance) return;
  findings.problem(
    `${field}.probabilities`,
    `found a sum of ${Number(total.toPrecision(6))}, wanted 1 (within ${sumTolerance}). Divide each by the sum.`,
  );
}

/** Reports what a distribution's fields say against each other. */
export function checkDistribution(
  findings: Findings,
  distribution: Distribution,
  field: string,
): void {
  if (distribution.kind === "uniform") checkRange(findings, distribution, field);
  if (distribution.kind === "histogram") checkHistogram(findings, distribution, field);
}

function checkLengths(
  findings: Findings,
  lengths: Lengths,
  sources: readonly Source[],
  field: string,
): void {
  if ("fromTrace" in lengths) {
    const id = lengths.fromTrace as string;
    const traces = sources.filter((source) => source.kind === "trace");
    findReferenced(findings, traces, id, `${field}.fromTrace`, "traffic.sources of kind trace");
    return;
  }
  const { prompt, output } = lengths as Extract<Lengths, { prompt: Distribution }>;
  checkDistribution(findings, prompt, `${field}.prompt`);
  checkDistribution(findings, output, `${field}.output`);
}

function checkArrivals(findings: Findings, arrivals: Arrivals, field: string): void {
  const lists: [string, readonly number[]][] = [];
  if (arrivals.process === "curve") lists.push(["ratesRps", arrivals.ratesRps]);
  if (arrivals.process === "weekly") {
    lists.push(["hourWeights", arrivals.hourWeights], ["dayWeights", arrivals.dayWeights]);
  }
  for (const [name, values] of lists) {
    if (sum(values) > 0) continue;
    findings.problem(`${field}.${name}`, "found only zeros, wanted at least one above 0.");
  }
}

function checkRows(findings: Findings, source: TraceSource, field: string): void {
  const { rows } = source;
  if (rows === undefined) {
    if (source.file !== undefined) return;
    findings.warn(field, "has neither a file nor rows; a run needs --trace FILE for it.");
    return;
  }
  const n = rows.arrivalS.length;
  const columns = { ...rows } as Record<string, unknown>;
  for (const name of ["promptTokens", "outputTokens", "model", "tenant", "tag"]) {
    const column = columns[name];
    if (!Array.isArray(column) || column.length === n) continue;
    findings.problem(
      `${field}.rows.${name}`,
      `found ${column.length} entries, wanted ${n}, one for each of arrivalS.`,
    );
  }
}

function checkSource(findings: Findings, source: Source, scenario: Scenario, field: string): void {
  if (source.kind === "trace") {
    checkRows(findings, source, field);
    return;
  }
  checkLengths(findings, source.lengths, scenario.traffic.sources, `${field}.lengths`);
  if (source.kind === "closedLoop") {
    checkDistribution(findings, source.thinkTimeS, `${field}.thinkTimeS`);
    checkHorizon(findings, source.staggerS, `${field}.staggerS`);
    if (source.clients <= source.requests) return;
    findings.warn(
      `${field}.clients`,
      `${source.clients} clients share ${source.requests} requests; some never send one.`,
    );
    return;
  }
  checkArrivals(findings, source.arrivals, `${field}.arrivals`);
  checkHorizon(findings, source.durationS, `${field}.durationS`);
  const { process } = source.arrivals;
  // What has an end of its own is played once: the windows of a curve, the week of a weekly profile.
  if (process === "curve" || process === "weekly") return;
  const ends = source.durationS ?? source.requests ?? scenario.run.horizonS;
  if (ends !== undefined) return;
  findings.problem(
    field,
    "says neither how long it lasts nor how many requests it sends; wanted durationS, requests or run.horizonS. Add one of them.",
  );
}

function checkRequestCount(findings: Findings, sources: readonly Source[]): void {
  const total = sum(
    sources.map((source) => (source.kind === "trace" ? 0 : (source.requests ?? 0))),
  );
  if (total <= maxRequests) return;
  findings.problem(
    "traffic.sources",
    `found ${total} requests in all, wanted at most ${maxRequests} in one run: every request is kept in memory. Lower requests.`,
  );
}

function isWholeShare(share: number | undefined): boolean {
  return share === undefined || share === 1;
}

/** Whether the class takes rows of this source only under a condition. */
function isConditional(each: TrafficClass): boolean {
  const { models, tenants, tags, promptTokens, outputTokens } = each.match;
  return [models, tenants, tags, promptTokens, outputTokens].some((part) => part !== undefined);
}

/** Every row of every source needs a class: without a catch-all, a share alone cannot take all of them. */
function checkCoverage(findings: Findings, scenario: Scenario): void {
  const { sources, classes } = scenario.traffic;
  sources.forEach((source, i) => {
    const field = `traffic.sources[${i}]`;
    const open = classes.filter((each) => each.match.sources?.includes(source.id) ?? true);
    const whole = open.filter((each) => isWholeShare(each.share));
    if (whole.some((each) => !isConditional(each))) return;
    const advice = "Let the last class be without match and share.";
    if (whole.length === 0) {
      findings.problem(
        "traffic.classes",
        `no class takes the rest of source "${source.id}" (${open.length} take a share of it); every request needs a class. ${advice}`,
      );
    } else {
      findings.warn(
        field,
        `every class for source "${source.id}" has a condition; a request that meets none of them stops the run. ${advice}`,
      );
    }
  });
}

function checkClass(findings: Findings, each: TrafficClass, scenario: Scenario, field: string) {
  const { sources } = scenario.traffic;
  checkNames(findings, each.match.sources, sources, `${field}.match.sources`, "traffic.sources");
  checkRange(findings, each.match.promptTokens, `${field}.match.promptTokens`);
  checkRange(findings, each.match.outputTokens, `${field}.match.outputTokens`);
  const served = [
    ...scenario.models.map(({ id }) => ({ id })),
    ...scenario.providers.map(({ model }) => ({ id: model })),
  ];
  checkNames(findings, each.models, served, `${field}.models`, "models or a provider's model");
}

/** Reports what is wrong between the fields of the traffic. */
export function checkTraffic(findings: Findings, scenario: Scenario): void {
  const { sources, classes } = scenario.traffic;
  checkUnique(findings, sources, "traffic.sources");
  checkUnique(findings, classes, "traffic.classes");
  sources.forEach((source, i) => {
    checkSource(findings, source, scenario, `traffic.sources[${i}]`);
  });
  checkRequestCount(findings, sources);
  classes.forEach((each, i) => {
    checkClass(findings, each, scenario, `traffic.classes[${i}]`);
  });
  checkCoverage(findings, scenario);
}
