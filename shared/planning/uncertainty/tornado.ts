/** What moves the verdict: one input after the other from end to end, all others as the scenario has them. */
import type { JsonValue } from "../../schema/jsonText.ts";
import { type DifferenceAt, type Flip, FlipSearch } from "./flips.ts";
import type { PlannedInput } from "./planUncertainty.ts";

/** The difference at one value of an input. */
export interface TornadoPoint {
  readonly value: JsonValue;
  /** Cost of a minus cost of b, USD a month; null where not both keep the targets. */
  readonly differenceUsd: number | null;
  /** Which of the two is cheaper, or the only one that keeps the targets; null where neither does, or they cost the same. */
  readonly cheaper: "a" | "b" | null;
}

/** One input. */
export interface TornadoRow {
  readonly input: string;
  readonly unit: string | null;
  /** Null where the scenario sets nothing, or different values in several places. */
  readonly base: JsonValue;
  /** Rising in value; the first and the last are the ends. */
  readonly points: readonly TornadoPoint[];
  /** Greatest minus least difference over the points, USD a month; null where fewer than two have one. */
  readonly swingUsd: number | null;
  /** Whether the verdict is another one somewhere between the ends. */
  readonly flipsInRange: boolean;
  /** Values at which it flips, the nearest to the base first. */
  readonly flips: readonly Flip[];
  /** Values of an input without numbers at which the verdict is not that of the base. */
  readonly otherAt: readonly JsonValue[];
  /** How flips were found: by pricing the same runs anew, or by running again. */
  readonly method: "priced" | "simulated";
}

/** Points of an input between its ends, these included. */
const gridPoints = 7;
/** Of the range between the ends: how close a flip is found by running again, and by pricing anew. */
const simulatedWidth = 1e-3;
const pricedWidth = 1e-12;

/** The walk along one input: valuesOf() are to be evaluated first, then whatever next() asks for. */
export class TornadoInput {
  readonly input: PlannedInput;
  private readonly isPriced: boolean;
  private search: FlipSearch | undefined;
  private points: readonly DifferencePoint[] = [];

  /** `isPriced`: the input changes prices only, and no fleet is searched by cost. */
  constructor(input: PlannedInput, isPriced: boolean) {
    this.input = input;
    this.isPriced = isPriced;
  }

  /** Values of the first round: the base and points from end to end, or every value of a list. */
  firstValues(): JsonValue[] {
    const { ends, distribution, base, isInteger } = this.input;
    if (distribution.kind === "discrete") {
      const listed = distribution.values as JsonValue[];
      const numbers = listed.filter((value) => typeof value === "number");
      const values = numbers.length === listed.length ? [...numbers].sort((a, b) => a - b) : listed;
      return [...new Set(values)];
    }
    if (ends === undefined) return [];
    const { low, high } = ends;
    const values = Array.from({ length: gridPoints }, (_, i) => {
      const value = low + (i / (gridPoints - 1)) * (high - low);
      return isInteger ? Math.round(value) : value;
    });
    if (typeof base === "number" && base > low && base < high) values.push(base);
    return [...new Set(values)].sort((a, b) => a - b);
  }

  /** Takes the differences of the first round. */
  begin(points: readonly DifferencePoint[]): void {
    this.points = points;
    const { ends, isInteger, distribution } = this.input;
    const isNumeric = points.every(({ value }) => typeof value === "number");
    // Between the values of a list there is nothing: the verdict at each is all that there is to say.
    if (!isNumeric || ends === undefined || distribution.kind === "discrete") return;
    const width = (ends.high - ends.low) * (this.isPriced ? pricedWidth : simulatedWidth);
    this.search = new FlipSearch(points.map(numeric), { isInteger, width });
  }

  /** Values to be evaluated next; none when all flips are found. */
  next(): number[] {
    return this.search?.nextValues() ?? [];
  }

  take(points: readonly DifferencePoint[]): void {
    this.search?.take(points.map(numeric));
  }

  /** The row; `baseDifference` is the verdict at the base. */
  row(baseDifference: number | undefined): TornadoRow {
    const { name, unit, base } = this.input;
    const known = this.points
      .map(({ difference }) => difference)
      .filter((each): each is number => each !== undefined && Number.isFinite(each));
    const flips = this.search?.flips(typeof base === "number" ? base : undefined) ?? [];
    const isOther = ({ difference }: DifferencePoint): boolean =>
      Math.sign(difference ?? 0) !== Math.sign(baseDifference ?? 0);
    const others = this.search === undefined ? this.points.filter(isOther) : [];
    return {
      input: name,
      unit: unit ?? null,
      base: base ?? null,
      points: this.points.map(describe),
      swingUsd: known.length < 2 ? null : Math.max(...known) - Math.min(...known),
      flipsInRange: flips.length > 0 || others.length > 0,
      flips,
      otherAt: others.map(({ value }) => value),
      method: this.isPriced ? "priced" : "simulated",
    };
  }
}

/** A difference at a value that may be no number. */
export interface DifferencePoint {
  readonly value: JsonValue;
  readonly difference: number | undefined;
}

function numeric({ value, difference }: DifferencePoint): DifferenceAt {
  return { value: Number(value), difference };
}

function describe({ value, difference }: DifferencePoint): TornadoPoint {
  const isKnown = difference !== undefined && Number.isFinite(difference);
  const cheaper = difference === undefined || difference === 0 ? null : difference < 0 ? "a" : "b";
  return { value, differenceUsd: isKnown ? difference : null, cheaper };
}

/** Rows by swing, the greatest first; those where one option drops out come before all. */
export function sortTornado(rows: readonly TornadoRow[]): TornadoRow[] {
  const drops = (row: TornadoRow): boolean =>
    row.points.some(({ differenceUsd, cheaper }) => differenceUsd === null && cheaper !== null);
  return [...rows].sort(
    (a, b) => Number(drops(b)) - Number(drops(a)) || (b.swingUsd ?? 0) - (a.swingUsd ?? 0),
  );
}
