/** Fits how engines before a version differed (planning/benchmark/earlierEngines.ts) to their published offline maxima, and predicts each maximum by a fit without it. */
import { type Catalog, findCoefficientSet } from "../../shared/catalog/catalog.ts";
import { readCalibrationRow } from "../../shared/planning/benchmark/calibrationRow.ts";
import {
  CaseReader,
  type CaseRow,
  type CaseTable,
} from "../../shared/planning/benchmark/caseTable.ts";
import {
  earlierEngine,
  readEngineVersion,
} from "../../shared/planning/benchmark/earlierEngines.ts";
import { runBenchmark } from "../../shared/planning/benchmark/runBenchmark.ts";
import type { EarlierEngine } from "../../shared/schema/catalog.ts";
import { InvariantError } from "../../shared/units/errors.ts";

/** A maximum of an earlier engine. */
interface OfflinePoint {
  readonly row: CaseRow;
  readonly setId: string;
  readonly version: string;
  readonly tokensPerS: number;
}

/** The entry that was fitted for a set. `leftOut`: predicted tokens/s by line, each by a fit without that line. */
export interface EarlierFit {
  readonly setId: string;
  readonly points: number;
  readonly entry: EarlierEngine;
  readonly leftOut: ReadonlyMap<number, number>;
}

/** Steps of the search, largest first, in both unknowns. */
const searchSteps = [0.2, 0.1, 0.05, 0.02, 0.01];
const mostMoves = 40;
/** Bytes of buffers that are tried: one figure for all sets. */
const bufferChoices = [4e9, 4.5e9, 5e9, 5.5e9, 6e9];

type Split = Pick<EarlierEngine, "contextFactor" | "contextSplit">;

/** Fits every set that has an entry for earlier engines and maxima of them. */
export function fitEarlierEngines(table: CaseTable, catalog: Catalog): EarlierFit[] {
  const search = new Search(table, catalog);
  const all = search.points;
  const bufferBytes = search.bestBuffers(all);
  return [...new Set(all.map(({ setId }) => setId))].map((setId) => {
    const own = all.filter((point) => point.setId === setId);
    const leftOut = own.map((point): [number, number] => {
      const others = all.filter((each) => each !== point);
      const buffers = search.bestBuffers(others);
      const fitted = search.fit(
        others.filter((each) => each.setId === setId),
        buffers,
      );
      return [point.row.line, search.predict(point, fitted.split, buffers)];
    });
    const { split } = search.fit(own, bufferBytes);
    return {
      setId,
      points: own.length,
      entry: { before: own[0].version, ...split, bufferBytes },
      leftOut: new Map(leftOut),
    };
  });
}

/** Runs of the engine, each kept: the same trial comes back in many fits. */
class Search {
  readonly points: readonly OfflinePoint[];
  private readonly reader: CaseReader;
  private readonly catalog: Catalog;
  private readonly runs = new Map<string, number>();
  private readonly fits = new Map<string, { split: Split; loss: number }>();

  constructor(table: CaseTable, catalog: Catalog) {
    this.reader = new CaseReader(table.columns);
    this.catalog = catalog;
    this.points = table.rows.flatMap((row) => this.readPoint(row));
  }

  private readPoint(row: CaseRow): OfflinePoint[] {
    const tokensPerS = this.reader.number(row, "tokens_s");
    if (this.reader.text(row, "kind") !== "offline_max" || tokensPerS === undefined) return [];
    const { input } = readCalibrationRow(row, this.reader, this.catalog).case;
    const { backend, precision, kvPrecision } = input.target;
    const sets = this.catalog.coefficients;
    const { set } = findCoefficientSet(sets, backend, precision, kvPrecision);
    const earlier = earlierEngine(set, readEngineVersion(this.reader.text(row, "engine")));
    return earlier ? [{ row, setId: set.id, version: earlier.before, tokensPerS }] : [];
  }

  /** The choice of buffers with the least error over the points, the two numbers of each set fitted. */
  bestBuffers(points: readonly OfflinePoint[]): number {
    const sets = [...new Set(points.map(({ setId }) => setId))];
    const lossOf = (buffers: number): number =>
      sets.reduce((sum, id) => {
        return (
          sum +
          this.fit(
            points.filter(({ setId }) => setId === id),
            buffers,
          ).loss
        );
      }, 0);
    return bufferChoices.reduce((best, each) => (lossOf(each) < lossOf(best) ? each : best));
  }

  /** The two numbers with the least sum of |log(predicted / measured)|: steps along each, halved. */
  fit(points: readonly OfflinePoint[], bufferBytes: number): { split: Split; loss: number } {
    const key = `${bufferBytes} ${points.map(({ row }) => row.line).join(" ")}`;
    const known = this.fits.get(key);
    if (known) return known;
    let best = { split: { contextFactor: 1, contextSplit: 0 }, loss: Infinity };
    best.loss = this.loss(points, best.split, bufferBytes);
    for (const step of searchSteps) {
      for (let move = 0; move < mostMoves; move++) {
        const next = this.bestNeighbour(points, best, step, bufferBytes);
        if (next === best) break;
        best = next;
      }
    }
    this.fits.set(key, best);
    return best;
  }

  private bestNeighbour(
    points: readonly OfflinePoint[],
    from: { split: Split; loss: number },
    step: number,
    bufferBytes: number,
  ) {
    const { contextFactor, contextSplit } = from.split;
    const tried = [
      { contextFactor: contextFactor + step, contextSplit },
      { contextFactor: contextFactor - step, contextSplit },
      { contextFactor, contextSplit: contextSplit + step },
      { contextFactor, contextSplit: contextSplit - step },
    ]
      .map((split) => ({
        contextFactor: Math.max(0.5, rounded(split.contextFactor)),
        contextSplit: Math.max(0, rounded(split.contextSplit)),
      }))
      .map((split) => ({ split, loss: this.loss(points, split, bufferBytes) }));
    return tried.reduce((best, each) => (each.loss < best.loss - 1e-9 ? each : best), from);
  }

  private loss(points: readonly OfflinePoint[], split: Split, bufferBytes: number): number {
    return points.reduce((sum, point) => {
      const predicted = this.predict(point, split, bufferBytes);
      return sum + Math.abs(Math.log(predicted / point.tokensPerS));
    }, 0);
  }

  /** Output tokens per second of a point. */
  predict(point: OfflinePoint, split: Split, bufferBytes: number): number {
    const input = this.inputOf(point, { before: point.version, ...split, bufferBytes });
    const factor = input.target.host?.contextFactor;
    const key = `${point.row.line} ${factor} ${bufferBytes}`;
    const known = this.runs.get(key);
    if (known !== undefined) return known;
    const outcome = runBenchmark(input, this.catalog.coefficients);
    if (!outcome.fits) throw new InvariantError(`a maximum does not fit: ${outcome.reason}`);
    const found = outcome.figures.outputTokensPerS;
    this.runs.set(key, found);
    return found;
  }

  private inputOf({ row, setId }: OfflinePoint, entry: EarlierEngine) {
    const coefficients = this.catalog.coefficients.map((set) =>
      set.id === setId ? { ...set, earlierEngines: [entry] } : set,
    );
    const read = readCalibrationRow(row, this.reader, { ...this.catalog, coefficients });
    const { input } = read.case;
    const factor = input.target.host?.contextFactor ?? 1;
    const host = { contextFactor: Math.round(factor * 50) / 50 };
    return { ...input, target: { ...input.target, host } };
  }
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
