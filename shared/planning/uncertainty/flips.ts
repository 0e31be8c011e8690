/** Where a difference of costs changes its sign along one input. */

/** A difference at a value of the input: below 0 the first option is cheaper. Infinite where one cannot be had; undefined where neither can. */
export interface DifferenceAt {
  readonly value: number;
  readonly difference: number | undefined;
}

/** A place where the verdict flips. */
export interface Flip {
  /** Where the difference is 0, or the middle of the interval in which its sign changes. */
  readonly value: number;
  /** Ends of what is known: the sign differs between them. */
  readonly low: number;
  readonly high: number;
}

/** How close a flip is looked for. */
export interface FlipPrecision {
  /** Only whole numbers count: between neighbours the search ends. */
  readonly isInteger: boolean;
  /** Width of the interval at which the search ends. */
  readonly width: number;
}

interface Bracket {
  readonly low: DifferenceAt;
  readonly high: DifferenceAt;
  readonly round: number;
}

const maxRounds = 60;

function signOf({ difference }: DifferenceAt): number {
  return difference === undefined ? Number.NaN : Math.sign(difference);
}

/** Finds the sign changes between neighbouring values, many inputs at once: nextValues() are to be evaluated and given to take(). */
export class FlipSearch {
  private brackets: Bracket[] = [];
  private readonly precision: FlipPrecision;
  private readonly found: Flip[] = [];

  /** `points` rise in value. */
  constructor(points: readonly DifferenceAt[], precision: FlipPrecision) {
    this.precision = precision;
    for (const point of points) {
      if (point.difference === 0) this.found.push({ ...ends(point, point), value: point.value });
    }
    for (let i = 1; i < points.length; i++) this.open(points[i - 1], points[i], 0);
  }

  /** Values that are to be evaluated; none when the search is over. */
  nextValues(): number[] {
    return this.brackets.map((each) => this.between(each));
  }

  /** Takes what nextValues() came to, in their order. */
  take(evaluated: readonly DifferenceAt[]): void {
    const before = this.brackets;
    this.brackets = [];
    before.forEach((bracket, i) => {
      const middle = evaluated[i];
      if (middle.difference === 0) {
        this.found.push({ ...ends(middle, middle), value: middle.value });
        return;
      }
      this.open(bracket.low, middle, bracket.round + 1);
      this.open(middle, bracket.high, bracket.round + 1);
    });
  }

  /** Flips, the nearest to `base` first. */
  flips(base: number | undefined): Flip[] {
    const by = (flip: Flip): number =>
      base === undefined ? flip.value : Math.abs(flip.value - base);
    return [...this.found].sort((a, b) => by(a) - by(b));
  }

  private open(low: DifferenceAt, high: DifferenceAt, round: number): void {
    if (!(signOf(low) * signOf(high) < 0)) return;
    const bracket = { low, high, round };
    const { isInteger, width } = this.precision;
    const isOver =
      (isInteger ? high.value - low.value <= 1 : high.value - low.value <= width) ||
      round >= maxRounds ||
      isStuck(bracket);
    if (isOver) this.found.push({ ...ends(low, high), value: this.settled(bracket) });
    else this.brackets.push(bracket);
  }

  /** Halves; every other round the straight line between the ends is followed, which a price hits at once. */
  private between(bracket: Bracket): number {
    const { low, high, round } = bracket;
    const middle = (low.value + high.value) / 2;
    const line = round % 2 === 0 ? crossingOf(bracket) : middle;
    if (!this.precision.isInteger) return line > low.value && line < high.value ? line : middle;
    return Math.min(high.value - 1, Math.max(low.value + 1, Math.round(line)));
  }

  private settled(bracket: Bracket): number {
    const { low, high } = bracket;
    return this.precision.isInteger
      ? high.value
      : Math.min(high.value, Math.max(low.value, crossingOf(bracket)));
  }
}

function ends(low: DifferenceAt, high: DifferenceAt): Pick<Flip, "low" | "high"> {
  return { low: low.value, high: high.value };
}

/** No number lies between the ends. */
function isStuck({ low, high }: Bracket): boolean {
  const middle = (low.value + high.value) / 2;
  return middle <= low.value || middle >= high.value;
}

/** Where the straight line between the ends is 0; the middle where an end is infinite. */
function crossingOf({ low, high }: Bracket): number {
  const [a, b] = [low.difference ?? Number.NaN, high.difference ?? Number.NaN];
  const share = a / (a - b);
  if (!Number.isFinite(a) || !Number.isFinite(b)) return (low.value + high.value) / 2;
  return low.value + share * (high.value - low.value);
}
