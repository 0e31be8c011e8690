/** Where no candidate meets the targets: the one that comes closest, what it misses, and what would help. */

import type { Scenario } from "../../schema/scenario.ts";
import type { TrafficClass } from "../../schema/traffic.ts";
import { groupDigits } from "../../units/figureText.ts";
import type { JobRunner } from "../jobs/jobs.ts";
import type { RunFigures } from "../points/runFigures.ts";
import { targetRatio } from "./binding.ts";
import { type CandidateReport, describeCandidate } from "./describe.ts";
import type { Screened } from "./screen.ts";
import type { SearchOutcome, Tried } from "./search.ts";
import type { SearchSpace } from "./space.ts";

/** The refusal. */
export interface Infeasible {
  readonly message: string;
  readonly closest: (CandidateReport & { readonly monthUsd: number }) | null;
  /** What the closest misses, one sentence each. */
  readonly missed: readonly string[];
  /** What would let it pass, one sentence each. */
  readonly remedies: readonly string[];
}

/** Candidates of which whole runs are made to tell which is closest: half of them came furthest, half are expected to be quickest. */
const compared = 16;

/** Judges the candidates that came furthest by whole runs. */
export async function findClosest(
  found: SearchOutcome,
  screened: readonly Screened[],
  scenarioOf: (screened: Screened) => Scenario,
  runner: JobRunner,
  space: SearchSpace,
): Promise<Infeasible> {
  if (found.tried.length === 0) return allImpossible(screened);
  const { classes } = scenarioOf(found.tried[0].screened).traffic;
  const furthest = likelyClosest(found.tried, classes);
  const whole = await runner.run(
    "trial",
    furthest.map((each) => ({
      scenario: scenarioOf(each.screened),
      replication: failedReplication(each),
      isWhole: true,
    })),
  );
  const excess = whole.map(({ figures }) => excessOf(figures!));
  const at = excess.indexOf(Math.min(...excess));
  const figures = whole[at].figures!;
  const { screened: closest } = furthest[at];
  const report = describeCandidate(closest.candidate);
  const proof = found.isProven ? "" : " among those simulated before the budget ran out";
  return {
    message: `No candidate meets the targets${proof}. The closest, ${report.text}, costs $${groupDigits(figures.cost.monthUsd)} a month and misses: ${whole[at].missed.join("; ")}.`,
    closest: { ...report, monthUsd: figures.cost.monthUsd },
    missed: whole[at].missed,
    remedies: remediesFor(figures, closest, scenarioOf(closest), space),
  };
}

function likelyClosest(tried: readonly Tried[], classes: readonly TrafficClass[]): Tried[] {
  const half = compared / 2;
  const far = [...tried].sort((a, b) => reach(b) - reach(a)).slice(0, half);
  const expected = (each: Tried): number => expectedExcess(each.screened, classes);
  const quick = tried.filter((each) => !far.includes(each));
  quick.sort((a, b) => expected(a) - expected(b));
  return [...far, ...quick.slice(0, half)];
}

/** The largest of estimated over wanted. */
function expectedExcess({ estimate }: Screened, classes: readonly TrafficClass[]): number {
  const { ttftMs, tpotMs } = estimate;
  const ratios = classes.flatMap(({ targets }) => [
    (ttftMs ?? Infinity) / (targets.ttft?.ms ?? Infinity),
    (tpotMs ?? Infinity) / (targets.tpot?.ms ?? Infinity),
  ]);
  return Math.max(...ratios.map((ratio) => (Number.isNaN(ratio) ? 0 : ratio)));
}

/** How far a candidate came before it was given up, most first: a whole run beats one that was stopped. */
function reach({ outcomes }: Tried): number {
  const last = outcomes[outcomes.length - 1];
  return outcomes.length - 1 + (last.stoppedBy === null ? 1 : last.stoppedBy.atShare);
}

function failedReplication({ outcomes }: Tried): number {
  return Math.max(
    0,
    outcomes.findIndex((each) => each.missed.length > 0),
  );
}

/** The largest measured over wanted; lost requests weigh more than any latency. */
function excessOf(figures: RunFigures): number {
  const ratios = figures.targets.map((row) => targetRatio(row) ?? (row.isMet === false ? 10 : 0));
  const lost = figures.rejected + figures.aborted + figures.unfinished;
  return Math.max(0, ...ratios) + (lost > 0 ? 1000 : 0);
}

function remediesFor(
  figures: RunFigures,
  { candidate }: Screened,
  scenario: Scenario,
  space: SearchSpace,
): string[] {
  const remedies = figures.targets
    .filter((row) => row.isMet === false && row.actualMs !== null)
    .map((row) => {
      const p = Number((row.percentile * 100).toPrecision(6));
      const name = row.metric === "e2e" ? "end-to-end" : row.metric.toUpperCase();
      return `A target of ${Math.ceil(row.actualMs!)} ms for ${name} p${p} of class "${row.class}" in place of ${row.targetMs} ms.`;
    });
  if (candidate.gpus + (candidate.place?.tensorParallel ?? 1) > space.maxGpus) {
    remedies.push(
      `More than ${space.maxGpus} GPUs (--max-gpus): the closest has as many as it may.`,
    );
  }
  if (!scenario.rules.some((rule) => "provider" in rule.to)) {
    remedies.push("A rule at the end that sends to an API what own GPUs cannot take in time.");
  }
  if (space.maxNumSeqs.length === 1) {
    remedies.push(
      "Other engine limits (--max-num-seqs): fewer requests at once make tokens come faster.",
    );
  }
  return remedies;
}

function allImpossible(screened: readonly Screened[]): Infeasible {
  const count = (why: Screened["impossible"]): number =>
    screened.filter((each) => each.impossible === why).length;
  const reasons: [number, string][] = [
    [count("capacity"), "have not enough time for the work, however it is batched"],
    [count("latency"), "need longer for one request's output token than its target allows"],
    [count("unserved"), "leave requests without a rule that answers them"],
  ];
  const texts = reasons.filter(([n]) => n > 0).map(([n, text]) => `${n} ${text}`);
  return {
    message: `No candidate meets the targets, and none needed a simulation to tell: of ${screened.length} candidates ${texts.join(", ")}.`,
    closest: null,
    missed: [],
    remedies: [
      "More GPUs (--max-gpus), faster ones (--gpus), a lower precision, or a rule at the end that sends to an API.",
    ],
  };
}
