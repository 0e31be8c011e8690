/** Puts a calibration's host terms into the pools of a scenario that it was measured for. */

import { findCoefficientSet } from "../../catalog/catalog.ts";
import { engineOf } from "../../catalog/memoryRules.ts";
import { canonicalJson } from "../../schema/canonicalJson.ts";
import type { CoefficientSet } from "../../schema/catalog.ts";
import type { Pool } from "../../schema/fleet.ts";
import type { Scenario } from "../../schema/scenario.ts";
import { InputError } from "../../units/errors.ts";
import type { Calibration } from "./calibrationFile.ts";

/** The scenario with the terms in place, and what became of each pool. */
export interface AppliedCalibration {
  readonly scenario: Scenario;
  /** Ids of the pools that were changed. */
  readonly pools: readonly string[];
  /** The others, each with how it differs. */
  readonly others: readonly string[];
  readonly warnings: readonly string[];
}

/** Sets executionTime.host of every pool of the same model, backend, precisions, GPU, MIG profile, tensor parallel and coefficient set; `executionTime.provenance` says where the terms come from. `catalog` stands in for coefficient sets that the scenario does not carry. Throws InputError where no pool matches. */
export function applyCalibration(
  scenario: Scenario,
  calibration: Calibration,
  catalog: readonly CoefficientSet[],
): AppliedCalibration {
  const matched: string[] = [];
  const others: string[] = [];
  const pools = scenario.pools.map((pool) => {
    const difference = differenceOf(setsFor(scenario, pool, catalog), pool, calibration);
    if (difference !== undefined) {
      others.push(`${pool.id}: ${difference}`);
      return pool;
    }
    matched.push(pool.id);
    return calibrated(pool, calibration);
  });
  if (matched.length === 0) {
    const found = others.length === 0 ? "it has no pools" : others.join("; ");
    throw new InputError(
      `No pool of the scenario is what "${calibration.name}" was measured on: ${found}. Nothing was changed.`,
      { field: "pools" },
    );
  }
  const warnings = warningsOf(scenario, calibration, catalog);
  return { scenario: { ...scenario, pools }, pools: matched, others, warnings };
}

function setsFor(
  { coefficients }: Scenario,
  pool: Pool,
  catalog: readonly CoefficientSet[],
): readonly CoefficientSet[] {
  const backend = engineOf(pool.backend, pool.partition?.profile);
  return coefficients.some((set) => set.backend === backend) ? coefficients : catalog;
}

function calibrated(pool: Pool, { name, host, error, points, provenance }: Calibration): Pool {
  const { executionTime } = pool;
  if (executionTime.kind !== "fitted") return pool;
  const percent = (value: number | null) => (value === null ? "?" : value.toFixed(1));
  const note = `calibration "${name}": TPOT ${percent(error.before.tpotPct)} % off before and ${percent(error.after.tpotPct)} % after, median of ${points.length} point${points.length === 1 ? "" : "s"}`;
  const sourced = provenance.map((each) => ({ ...each, note }));
  return { ...pool, executionTime: { ...executionTime, host: { ...host }, provenance: sourced } };
}

/** The first way in which a pool is not what was measured; undefined when it is. */
function differenceOf(
  sets: readonly CoefficientSet[],
  pool: Pool,
  calibration: Calibration,
): string | undefined {
  const profile = (name: string | undefined) => name ?? "the whole GPU";
  const pairs: readonly (readonly [string, string | number, string | number])[] = [
    ["model", pool.model, calibration.model],
    ["backend", engineOf(pool.backend, pool.partition?.profile), calibration.backend],
    ["precision", pool.precision, calibration.precision],
    ["KV precision", pool.kvPrecision, calibration.kvPrecision],
    ["GPU", pool.gpu, calibration.gpu],
    ["MIG profile", profile(pool.partition?.profile), profile(calibration.migProfile)],
    ["tensor parallel", pool.tensorParallel, calibration.tensorParallel],
  ];
  for (const [what, found, wanted] of pairs) {
    if (found !== wanted) return `${what} ${found}, not ${wanted}`;
  }
  const set = coefficientSetOf(sets, pool);
  if (set === undefined) return "a linear execution time";
  if (set !== calibration.coefficientSet) {
    return `coefficient set ${set}, not ${calibration.coefficientSet}`;
  }
  return undefined;
}

/** The set that a pool uses: its own, else by backend and precision. */
function coefficientSetOf(sets: readonly CoefficientSet[], pool: Pool): string | undefined {
  const { executionTime, precision, kvPrecision } = pool;
  if (executionTime.kind !== "fitted") return undefined;
  const backend = engineOf(pool.backend, pool.partition?.profile);
  return executionTime.set ?? findCoefficientSet(sets, backend, precision, kvPrecision).set.id;
}

/** The terms belong to the kernel that they were fitted with; a scenario may carry an older copy of it. */
function warningsOf(
  scenario: Scenario,
  { coefficientSet, name }: Calibration,
  catalog: readonly CoefficientSet[],
): string[] {
  const own = scenario.coefficients.find(({ id }) => id === coefficientSet);
  const today = catalog.find(({ id }) => id === coefficientSet);
  if (own === undefined || today === undefined) return [];
  if (canonicalJson(own.kernel) === canonicalJson(today.kernel)) return [];
  return [
    `The scenario carries another version of the coefficients ${coefficientSet} than this catalog; "${name}" may not suit it. Remove its copy and run crossover fill.`,
  ];
}
