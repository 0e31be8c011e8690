/** Fits the host terms of each coefficient set to its measured closed-loop points, and predicts each point by terms fitted without it. */
import { type Catalog, findCoefficientSet } from "../../shared/catalog/catalog.ts";
import { readCalibrationRow } from "../../shared/planning/benchmark/calibrationRow.ts";
import { CaseReader, type CaseTable } from "../../shared/planning/benchmark/caseTable.ts";
import {
  crossValidate,
  fitHostTerms,
  type HostTerms,
  type MeasuredPoint,
  type PointPrediction,
  usualHostTerms,
} from "../../shared/planning/benchmark/fitHostTerms.ts";
import { HashedUniform } from "../../shared/sim/random.ts";

const folds = 5;
const leastPoints = 5;

/** A measured point, its line in the file, and the group that users see its errors in. */
interface GroupedPoint extends MeasuredPoint {
  readonly line: number;
  readonly group: string;
}

/** The points that one coefficient set is fitted to. */
interface SetPoints {
  readonly setId: string;
  readonly host: HostTerms;
  readonly points: readonly GroupedPoint[];
}

/** A fitted set of host terms. `leftOut` is by line: the point by terms that its fold had no part in. */
export interface HostFit {
  readonly setId: string;
  readonly points: number;
  readonly host: HostTerms;
  readonly leftOut: ReadonlyMap<number, PointPrediction>;
}

/** Fits every set that has points, always from the same start, so that a fit hangs on its points alone; oReqMs stays as it was where no TTFT is trusted. Points are those of kind concurrency and quality A or B in groups of at least five. */
export function fitHosts(table: CaseTable, catalog: Catalog): HostFit[] {
  return readSets(table, catalog).map(({ setId, host, points }) => {
    const predictions = crossValidate(points, catalog.coefficients, folds, host);
    return {
      setId,
      points: points.length,
      host: fitHostTerms(points, catalog.coefficients, host),
      leftOut: new Map(points.map(({ line }, i) => [line, predictions[i]])),
    };
  });
}

/** Points by coefficient set, in a seeded order, so that folds have no pattern. Groups of a set count alike, whatever their number of points. */
function readSets(table: CaseTable, catalog: Catalog): SetPoints[] {
  const reader = new CaseReader(table.columns);
  const order = new HashedUniform(1, "folds");
  const sets = new Map<string, SetPoints & { points: GroupedPoint[] }>();
  const rows = table.rows
    .map((row, index) => ({ row, place: order.at(index) }))
    .sort((a, b) => a.place - b.place);
  for (const { row } of rows) {
    const quality = reader.text(row, "quality").slice(0, 1);
    const tpotMs = reader.number(row, "tpot_ms");
    const isUsed = reader.text(row, "kind") === "concurrency" && "AB".includes(quality);
    if (!isUsed || quality === "" || tpotMs === undefined) continue;
    const read = readCalibrationRow(row, reader, catalog);
    const { backend, precision, kvPrecision } = read.case.input.target;
    const { set } = findCoefficientSet(catalog.coefficients, backend, precision, kvPrecision);
    const group = [read.group.backend, read.group.model, read.group.precision].join(" ");
    const host = { ...usualHostTerms, oReqMs: set.host.oReqMs };
    const own = sets.get(set.id) ?? { setId: set.id, host, points: [] };
    const ttftMs = quality === "A" ? reader.number(row, "ttft_ms") : undefined;
    own.points.push({ input: read.case.input, tpotMs, ttftMs, group, line: row.line });
    sets.set(set.id, own);
  }
  return [...sets.values()].map((set) => ({ ...set, points: weighted(set.points) }));
}

function weighted(points: readonly GroupedPoint[]): GroupedPoint[] {
  const count = (group: string): number => points.filter((each) => each.group === group).length;
  const large = points.filter((each) => count(each.group) >= leastPoints);
  const groups = new Set(large.map((each) => each.group)).size;
  return large.map((each) => ({
    ...each,
    weight: large.length / groups / count(each.group),
  }));
}
