/** Up to eight scenarios side by side: what differs in their inputs, what differs in what they give, and how sure that is. */
import type { Scenario } from "../../schema/scenario.ts";
import { enoughSamples } from "../../stats/quantiles.ts";
import { mean } from "../../stats/summary.ts";
import { InvariantError } from "../../units/errors.ts";
import {
  type ComparedFigure,
  type FigureGroup,
  type FigureUnit,
  figureGroups,
} from "./comparedFigures.ts";
import type { ComparedRun } from "./comparedRun.ts";
import { diffInputs, type InputDiff } from "./diffInputs.ts";
import { type FigureDifference, pairFigure } from "./pairedFigure.ts";
import { compareTraffic, type TrafficComparison } from "./trafficComparison.ts";

/** The most scenarios in one comparison, and the least. */
export const mostCompared = 8;
export const leastCompared = 2;

/** A scenario that takes part, with its runs: one for each replication. */
export interface ComparedScenario {
  /** What tells it apart for the reader: the path of its file. */
  readonly file: string;
  readonly scenario: Scenario;
  readonly runs: readonly ComparedRun[];
}

/** One scenario of the comparison. */
export interface ComparisonColumn {
  /** "A" to "H", in the order given. */
  readonly letter: string;
  readonly file: string;
  readonly name: string;
  readonly isBaseline: boolean;
  /** Hash of each replication's report. */
  readonly hashes: readonly string[];
  readonly horizonS: number;
  readonly warmupS: number;
  /** Replications in which every target was met, of those in which targets could be judged; null where none has one. */
  readonly targetsMetShare: number | null;
  /** What differs from the baseline's inputs; empty for the baseline. */
  readonly inputs: InputDiff;
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

/** A figure over all scenarios, in the order of the columns. */
export interface ComparisonRow {
  readonly id: string;
  readonly group: FigureGroup;
  readonly label: string;
  readonly unit: FigureUnit;
  /** Means over the replications that have a value; null where none has. */
  readonly values: readonly (number | null)[];
  /** Scenario minus baseline; null for the baseline itself. */
  readonly differences: readonly (FigureDifference | null)[];
  /** Why a percentile must not be trusted, by column: fewer than ten samples lie beyond it in some run; null where all is well. */
  readonly unreliable: readonly (string | null)[];
}

/** The whole comparison. */
export interface Comparison {
  readonly engineVersion: string;
  /** Index of the pinned baseline among the columns. */
  readonly baseline: number;
  readonly seed: number;
  readonly replications: number;
  readonly scenarios: readonly ComparisonColumn[];
  readonly traffic: TrafficComparison;
  readonly figures: readonly ComparisonRow[];
  readonly notes: readonly string[];
}

/** Compares scenarios whose runs share the seed, replication by replication. Throws InvariantError for too few or many, no runs, or unequal numbers of runs. */
export function compareScenarios(
  all: readonly ComparedScenario[],
  baseline: number,
  seed: number,
): Comparison {
  const replications = all[baseline]?.runs.length ?? 0;
  const isSound = all.length >= leastCompared && all.length <= mostCompared && replications > 0;
  if (!isSound || all.some(({ runs }) => runs.length !== replications)) {
    throw new InvariantError(
      `a comparison of ${all.length} scenarios with ${all.map(({ runs }) => runs.length).join(", ")} runs and baseline ${baseline}`,
    );
  }
  const traffic = compareTraffic(
    all.map(({ runs }) => runs.map((run) => run.traffic)),
    baseline,
  );
  return {
    engineVersion: all[baseline].runs[0].engineVersion,
    ...{ baseline, seed, replications },
    scenarios: all.map((each, index) => columnOf(each, index, all[baseline].scenario, baseline)),
    traffic,
    figures: rowsOf(all, baseline),
    notes: notesOf(all, baseline, traffic),
  };
}

/** "A" for 0. */
export function letterOf(index: number): string {
  return String.fromCharCode(65 + index);
}

function columnOf(
  { file, scenario, runs }: ComparedScenario,
  index: number,
  base: Scenario,
  baseline: number,
): ComparisonColumn {
  const judged = runs.filter(({ targets }) => targets.judged > 0);
  const met = judged.filter(({ targets }) => targets.met === targets.judged);
  return {
    letter: letterOf(index),
    file,
    name: scenario.name,
    isBaseline: index === baseline,
    hashes: runs.map((run) => run.hash),
    horizonS: runs[0].horizonS,
    warmupS: runs[0].warmupS,
    targetsMetShare: judged.length > 0 ? met.length / judged.length : null,
    inputs: diffInputs(base, scenario),
    notes: distinctTexts(runs.map((run) => run.notes)),
    warnings: distinctTexts(runs.map((run) => run.warnings)),
  };
}

/** The texts of all runs, each once. What a later run says in other figures only ("Pool x: 0.2 % of its iterations ...") is told once, as the earlier run has it. */
function distinctTexts(runs: readonly (readonly string[])[]): string[] {
  const kept: string[] = [];
  const known = new Map<string, number>();
  for (const texts of runs) {
    const seen = new Map<string, number>();
    for (const text of new Set(texts)) {
      const shape = text.replace(/\d+(\.\d+)?/g, "#");
      const nth = (seen.get(shape) ?? 0) + 1;
      seen.set(shape, nth);
      if (nth <= (known.get(shape) ?? 0)) continue;
      known.set(shape, nth);
      kept.push(text);
    }
  }
  return kept;
}

/** Figures of all scenarios: the baseline's first within each group, then those that only others have. */
function rowsOf(all: readonly ComparedScenario[], baseline: number): ComparisonRow[] {
  const known = new Map<string, ComparedFigure>();
  const order = [all[baseline], ...all];
  for (const { runs } of order) {
    for (const run of runs) {
      for (const each of run.figures) if (!known.has(each.id)) known.set(each.id, each);
    }
  }
  const tables = all.map(({ runs }) =>
    runs.map((run) => new Map(run.figures.map((each) => [each.id, each]))),
  );
  const rows = [...known.values()].map((each) => rowOf(each, tables, baseline));
  return figureGroups.flatMap((group) => rows.filter((row) => row.group === group));
}

type FigureTable = ReadonlyMap<string, ComparedFigure>;

function rowOf(
  { id, group, label, unit, absent }: ComparedFigure,
  tables: readonly (readonly FigureTable[])[],
  baseline: number,
): ComparisonRow {
  const samples = tables.map((runs) =>
    runs.map((run) => (run.has(id) ? run.get(id)!.value : absent)),
  );
  return {
    ...{ id, group, label, unit },
    values: samples.map(meanOf),
    differences: samples.map((own, index) =>
      index === baseline ? null : pairFigure(samples[baseline], own),
    ),
    unreliable: tables.map((runs) => unreliability(runs.flatMap((run) => run.get(id) ?? []))),
  };
}

/** The mean of what there is; the value itself where all are the same. */
function meanOf(samples: readonly (number | null)[]): number | null {
  const values = samples.filter((value) => value !== null);
  if (values.length === 0) return null;
  return values.every((value) => value === values[0]) ? values[0] : mean(values)!;
}

/** The reason for which the percentile of some run stands on too few samples, else null. */
function unreliability(figures: readonly ComparedFigure[]): string | null {
  let least = Infinity;
  let percentile = 0;
  for (const { samples = 0, percentile: p } of figures) {
    if (p === undefined || samples === 0 || enoughSamples(samples, p) || samples >= least) continue;
    least = samples;
    percentile = p;
  }
  if (least === Infinity) return null;
  const wanted = Math.ceil((10 - 1e-9) / (1 - percentile));
  return `fewer than 10 of ${least} samples lie beyond the percentile; it wants ${wanted}`;
}

function notesOf(
  all: readonly ComparedScenario[],
  baseline: number,
  traffic: TrafficComparison,
): string[] {
  const notes: string[] = [];
  const replications = all[baseline].runs.length;
  if (replications === 1) {
    notes.push(
      "One run of each scenario: differences have no intervals. Ask for more replications.",
    );
  } else {
    notes.push(
      "Intervals are of each figure alone, at 95 %; of many figures side by side about one in twenty misses.",
    );
    if (traffic.isRepeated) {
      notes.push(
        "Every replication has the same requests (a trace as it is): the intervals cover what is drawn anew (shares of rules, provider latencies), not how other days' traffic would differ.",
      );
    }
  }
  const horizons = new Set(all.map(({ runs }) => runs[0].horizonS));
  if (horizons.size > 1) {
    notes.push(
      "The scenarios are billed over different horizons; costs are compared by the month.",
    );
  }
  if (new Set(all.map(({ runs }) => runs[0].monthHours)).size > 1) {
    notes.push("The scenarios have months of different length; see monthHours.");
  }
  if (new Set(all.map(({ runs }) => runs[0].warmupS)).size > 1) {
    notes.push("Different warm-ups are left out, so latencies are of different requests.");
  }
  return notes;
}
