/** Non-negative least squares by active sets (Lawson and Hanson, Solving Least Squares Problems, chapter 23), on the normal equations. */

/** Minimises x'Gx / 2 - b'x over x >= 0. `gram` is G, n x n, row by row, positive definite on the columns that are used; `start` a feasible x to begin from. */
export function nonNegativeMinimum(
  gram: Float64Array,
  right: Float64Array,
  start: Float64Array = new Float64Array(right.length),
): Float64Array {
  const solver = new ActiveSet(gram, right, start);
  for (let round = 0; round < 3 * right.length; round++) {
    const entering = solver.steepest();
    if (entering === -1) break;
    solver.enter(entering);
  }
  return solver.x;
}

const tolerance = 1e-9;

class ActiveSet {
  readonly x: Float64Array;
  private readonly isFree: Uint8Array;
  private readonly gram: Float64Array;
  private readonly right: Float64Array;

  constructor(gram: Float64Array, right: Float64Array, start: Float64Array) {
    this.gram = gram;
    this.right = right;
    this.x = start.slice();
    this.isFree = Uint8Array.from(start, (each) => (each > 0 ? 1 : 0));
    this.settle();
  }

  /** The column at 0 whose growth lowers the sum fastest, -1 for none. */
  steepest(): number {
    const { gram, right, x, isFree } = this;
    const n = right.length;
    let best = -1;
    let bestFall = tolerance;
    for (let i = 0; i < n; i++) {
      if (isFree[i] === 1) continue;
      let fall = right[i];
      for (let j = 0; j < n; j++) fall -= gram[i * n + j] * x[j];
      fall /= Math.sqrt(gram[i * n + i]);
      if (fall <= bestFall) continue;
      best = i;
      bestFall = fall;
    }
    return best;
  }

  enter(column: number): void {
    this.isFree[column] = 1;
    this.settle();
  }

  /** Moves to the minimum over the free columns, dropping those that would turn negative. */
  private settle(): void {
    for (;;) {
      const free = [...this.isFree.keys()].filter((i) => this.isFree[i] === 1);
      if (free.length === 0 || this.moveTowards(free, this.solve(free))) return;
    }
  }

  /** Goes to `target` as far as no value turns negative; true where it arrives. */
  private moveTowards(free: readonly number[], target: Float64Array): boolean {
    let share = 1;
    let blocking = -1;
    free.forEach((column, i) => {
      if (target[i] > 0) return;
      const limit = this.x[column] / (this.x[column] - target[i]);
      if (blocking !== -1 && limit >= share) return;
      share = limit;
      blocking = column;
    });
    free.forEach((column, i) => {
      this.x[column] += share * (target[i] - this.x[column]);
    });
    if (blocking === -1) return true;
    for (const column of free) if (column === blocking || this.x[column] <= 0) this.drop(column);
    return false;
  }

  private drop(column: number): void {
    this.x[column] = 0;
    this.isFree[column] = 0;
  }

  /** Solves the normal equations of the free columns by Cholesky. */
  private solve(free: readonly number[]): Float64Array {
    const size = free.length;
    const lower = this.factor(free);
    const z = Float64Array.from(free, (column) => this.right[column]);
    for (let i = 0; i < size; i++) {
      for (let k = 0; k < i; k++) z[i] -= lower[i * size + k] * z[k];
      z[i] /= lower[i * size + i];
    }
    for (let i = size - 1; i >= 0; i--) {
      for (let k = i + 1; k < size; k++) z[i] -= lower[k * size + i] * z[k];
      z[i] /= lower[i * size + i];
    }
    return z;
  }

  private factor(free: readonly number[]): Float64Array {
    const n = this.right.length;
    const size = free.length;
    const lower = new Float64Array(size * size);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = this.gram[free[i] * n + free[j]];
        for (let k = 0; k < j; k++) sum -= lower[i * size + k] * lower[j * size + k];
        if (i === j) lower[i * size + i] = Math.sqrt(Math.max(sum, Number.MIN_VALUE));
        else lower[i * size + j] = sum / lower[j * size + j];
      }
    }
    return lower;
  }
}
