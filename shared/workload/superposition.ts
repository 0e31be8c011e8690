/** Which rows of a trace are replayed and when: repetition, copies and thinning that keep the trace's rate over time. */
import type { Transforms } from "../schema/traffic.ts";
import { HashedUniform } from "../sim/random.ts";
import { InputError } from "../units/errors.ts";
import { nsPerS } from "../units/units.ts";
import { checkRequestCount, checkSpan, saltOf } from "./limits.ts";
import type { SourceContext } from "./sourceRequests.ts";

/**
 * Extra copies are moved by up to this many mean gaps of the trace either way, at most maxShiftNs.
 * Wide enough that copies fill the gaps between rows like further users would, narrow enough that the rate over
 * any minute, and every burst longer than the shift, grows by the volume factor.
 */
const shiftInMeanGaps = 4;
const maxShiftNs = 30 * nsPerS;

/** Replayed rows, not yet in order: entry i is row `row[i]` of the trace in copy `copy[i]`. */
export interface ReplayPlan {
  readonly count: number;
  readonly arrivalNs: Float64Array;
  readonly row: Int32Array;
  /** 0 for the trace itself, higher for each further copy or repetition. */
  readonly copy: Int32Array;
  /** Names the row for the row hashes, whatever the volume is. */
  readonly key: Int32Array;
  /** End of the window replayed, nanoseconds. */
  readonly spanNs: number;
  /** Rows that would arrive at or after the horizon. */
  readonly cutCount: number;
}

/** The trace as the plan sees it. */
export interface ReplayRows {
  readonly sourceId: string;
  readonly arrivalNs: Float64Array;
  /** Rows to replay, ascending. */
  readonly kept: Int32Array;
}

/** Window of one repetition: the span and one mean gap more, so that the last row and the next first one do not coincide. */
function periodNs(lastNs: number, rows: number, sourceId: string): number {
  if (rows < 2 || lastNs === 0) {
    throw new InputError(
      `Trace '${sourceId}' is to be repeated but spans no time (${rows} rows); wanted rows at two times at least. Set repeat to 1.`,
      { field: "transforms.repeat" },
    );
  }
  return Math.round((lastNs * rows) / (rows - 1));
}

/** Moves a time into 0 .. end by reflection at the ends. */
function reflected(ns: number, end: number): number {
  const positive = Math.abs(ns);
  return positive <= end ? positive : Math.max(0, 2 * end - positive);
}

/** Room for the rows of a plan to begin with: what is expected and six standard deviations more. */
function expectedRoom(kept: number, repeat: number, volume: number): number {
  const expected = kept * repeat * volume;
  return Math.ceil(expected + 6 * Math.sqrt(expected)) + 16;
}

/** A column of `size` that begins with the values of another one. */
function grown<T extends Float64Array | Int32Array>(
  column: T,
  empty: (n: number) => T,
  size: number,
): T {
  const larger = empty(size);
  larger.set(column);
  return larger;
}

class Planner {
  private readonly rows: ReplayRows;
  private readonly transforms: Transforms;
  private readonly context: SourceContext;
  private readonly lastNs: number;
  private readonly shiftNs: number;
  private readonly plan: {
    arrivalNs: Float64Array;
    row: Int32Array;
    copy: Int32Array;
    key: Int32Array;
  };
  private count = 0;
  private cutCount = 0;

  constructor(rows: ReplayRows, transforms: Transforms, context: SourceContext, capacity: number) {
    const { arrivalNs } = rows;
    this.rows = rows;
    this.transforms = transforms;
    this.context = context;
    this.lastNs = Math.round(arrivalNs[arrivalNs.length - 1]! * transforms.timeScale);
    this.shiftNs = Math.min(maxShiftNs, (shiftInMeanGaps * this.lastNs) / arrivalNs.length);
    this.plan = {
      arrivalNs: new Float64Array(capacity),
      row: new Int32Array(capacity),
      copy: new Int32Array(capacity),
      key: new Int32Array(capacity),
    };
  }

  private draws(purpose: string): HashedUniform {
    const salt = saltOf(`${purpose}/${this.rows.sourceId}`, this.context.replication);
    return new HashedUniform(this.context.seed, salt);
  }

  /** One copy of the window that starts at startNs, with the share of rows that `keep` says. */
  private addCopy(repetition: number, startNs: number, copy: number, keep: number): void {
    const { arrivalNs, kept } = this.rows;
    const { timeScale, spreadWithinTickS, repeat } = this.transforms;
    const tickNs = spreadWithinTickS * nsPerS;
    const thinning = this.draws("thin");
    const shifts = this.draws(`copy${copy}`);
    const ticks = this.draws("tick");
    for (const row of kept) {
      const rowInTime = repetition * arrivalNs.length + row;
      if (keep < 1 && thinning.at(rowInTime) >= keep) continue;
      const key = row + arrivalNs.length * (repetition + repeat * copy);
      const spread = tickNs > 0 ? tickNs * ticks.at(key) : 0;
      let ns = (arrivalNs[row]! + spread) * timeScale;
      if (copy > 0) {
        const shift = (2 * shifts.at(rowInTime) - 1) * this.shiftNs;
        ns = reflected(ns + shift, Math.max(this.lastNs, ns));
      }
      this.push(startNs + Math.round(ns), row, copy, key, repetition);
    }
  }

  private push(ns: number, row: number, copy: number, key: number, repetition: number): void {
    if (ns >= this.context.horizonNs) {
      this.cutCount++;
      return;
    }
    if (this.count === this.plan.arrivalNs.length) this.grow();
    const { plan } = this;
    const i = this.count++;
    plan.arrivalNs[i] = ns;
    plan.row[i] = row;
    plan.copy[i] = copy + repetition * Math.ceil(this.transforms.volume);
    plan.key[i] = key;
  }

  private grow(): void {
    const { plan } = this;
    const size = 2 * this.count + 16;
    const whole = (n: number): Int32Array => new Int32Array(n);
    plan.arrivalNs = grown(plan.arrivalNs, (n) => new Float64Array(n), size);
    plan.row = grown(plan.row, whole, size);
    plan.copy = grown(plan.copy, whole, size);
    plan.key = grown(plan.key, whole, size);
  }

  run(period: number): ReplayPlan {
    const { repeat, volume } = this.transforms;
    const whole = Math.floor(volume);
    for (let repetition = 0; repetition < repeat; repetition++) {
      const startNs = repetition * period;
      for (let copy = 0; copy < whole; copy++) this.addCopy(repetition, startNs, copy, 1);
      if (volume > whole) this.addCopy(repetition, startNs, whole, volume - whole);
    }
    return this.finished((repeat - 1) * period + this.lastNs);
  }

  private finished(windowNs: number): ReplayPlan {
    const { count, cutCount, plan } = this;
    const arrivalNs = plan.arrivalNs.slice(0, count);
    const latest = arrivalNs.reduce((most, ns) => (ns > most ? ns : most), 0);
    const spanNs = Math.min(this.context.horizonNs, Math.max(windowNs, latest));
    return {
      count,
      arrivalNs,
      row: plan.row.slice(0, count),
      copy: plan.copy.slice(0, count),
      key: plan.key.slice(0, count),
      spanNs,
      cutCount,
    };
  }
}

/**
 * Plans a replay. Volume below 1 keeps each row with that chance (seeded by the row, so a smaller volume keeps a subset);
 * above 1 the trace is played floor(volume) times at once and a thinned time more, the first copy unmoved and each row of
 * the others moved by its own seeded shift within +-4 mean gaps (at most 30 s). Repetitions follow one another.
 * Throws InputError for over 104 days (up to the horizon, where one is set) or over 20,000,000 requests.
 */
export function planReplay(
  rows: ReplayRows,
  transforms: Transforms,
  context: SourceContext,
): ReplayPlan {
  const { repeat, volume, timeScale } = transforms;
  const n = rows.arrivalNs.length;
  const lastNs = rows.arrivalNs[n - 1]! * timeScale;
  const period = repeat > 1 ? periodNs(Math.round(lastNs), n, rows.sourceId) : 0;
  const spanNs = Math.min(context.horizonNs, lastNs + (repeat - 1) * period);
  checkSpan(`Trace '${rows.sourceId}'`, spanNs, "transforms");
  const kept = rows.kept.length * repeat;
  checkRequestCount(`Trace '${rows.sourceId}'`, kept * volume, "transforms.volume");
  const room = expectedRoom(rows.kept.length, repeat, volume);
  return new Planner(rows, transforms, context, room).run(period);
}
