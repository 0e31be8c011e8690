/** The claim ledger as data, exactly as `crossover claims --json` prints it. */
import type { Experiment, Published } from "../../schema/claims.ts";
import type { Provenance } from "../../schema/common.ts";
import type { ExperimentCase } from "./experiments/experimentResult.ts";
import type { NamedValue } from "./quantities.ts";

/** notComputed is for statements without a figure to compute. */
export type Verdict = "reproduced" | "reproducedUnderAssumption" | "refuted" | "notComputed";

/** A case of the experiments and what the formula gives for it. */
export interface CheckedCase {
  readonly label: string;
  readonly value: number;
  readonly meets: boolean;
}

/** A value under another assumption than the usual one. */
export interface TriedAssumption {
  readonly assumption: string;
  readonly value: number;
  readonly meets: boolean;
}

/** Published against found. */
export interface CheckResult {
  readonly what: string;
  readonly unit: string;
  readonly published: Published;
  readonly roundedTo: number;
  readonly verdict: Verdict;
  /** What makes the verdict, in words. */
  readonly rule: string;
  readonly formula: string;
  /** Quantities in the formula and behind it. */
  readonly inputs: readonly NamedValue[];
  /** Least and most over the cases, the same twice without cases; null where no case is possible. */
  readonly found: { readonly min: number; readonly max: number } | null;
  /** Of the value nearest to the published one (of the farthest where every case is wanted): value - published, 0 inside a range; as a share of the published end too, null where that is 0. */
  readonly difference: { readonly value: number; readonly share: number | null } | null;
  /** Under which published and found value meet; null where they meet as it is, or never. */
  readonly assumption: string | null;
  readonly tried: readonly TriedAssumption[];
  readonly cases: readonly CheckedCase[];
  /** Cases without a value. */
  readonly impossible: readonly { readonly label: string; readonly reason: string }[];
}

/** One claim with its verdict. */
export interface LedgerEntry {
  readonly id: string;
  readonly group: string;
  readonly title: string;
  readonly claim: string;
  readonly provenance: Provenance;
  readonly verdict: Verdict;
  /** Under which its figures meet, check by check; null unless the verdict is reproducedUnderAssumption. */
  readonly assumption: string | null;
  /** How the verdict follows from those of the checks. */
  readonly rule: string;
  readonly checks: readonly CheckResult[];
  /** Experiments whose cases were checked. */
  readonly experiments: readonly string[];
  /** With the values of noteValues where {name} stands. */
  readonly note?: string;
  readonly noteValues: readonly NamedValue[];
}

/** An experiment and its cases, apart from the scenario in it. */
export interface LedgerExperiment {
  readonly id: string;
  readonly kind: Experiment["kind"];
  readonly about: string;
  readonly provenance: Provenance;
  readonly shown: Experiment["shown"];
  readonly most?: number;
  readonly cases: readonly ExperimentCase[];
}

/** Counts of claims by verdict. */
export type VerdictCounts = Readonly<Record<Verdict, number>>;

/** The whole ledger. */
export interface ClaimLedger {
  readonly engineVersion: string;
  readonly counts: VerdictCounts;
  readonly groups: Readonly<Record<string, string>>;
  readonly claims: readonly LedgerEntry[];
  readonly experiments: readonly LedgerExperiment[];
}
