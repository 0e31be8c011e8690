/** The claim ledger: every published figure checked by the formulas and experiments of the claims file. */
import { findEntry } from "../../catalog/catalog.ts";
import type { Claim, ClaimsFile, Experiment } from "../../schema/claims.ts";
import { InputError } from "../../units/errors.ts";
import { nearestNames } from "../../units/nearestNames.ts";
import { engineVersion } from "../engineVersion.ts";
import { checkFigure } from "./checkFigure.ts";
import type { ExperimentResult } from "./experiments/experimentResult.ts";
import type { FleetMemory } from "./experiments/fleetRuns.ts";
import { runExperiment } from "./experiments/runExperiment.ts";
import type { CheckResult, ClaimLedger, LedgerEntry, LedgerExperiment, Verdict } from "./ledger.ts";
import { type ClaimInputs, QuantityBook, sourceOf } from "./quantities.ts";

/** A ledger in the making: experiments first, one at a time so that a host can show progress and stop, then the ledger. */
export class ClaimRun {
  private readonly inputs: ClaimInputs;
  private readonly book: QuantityBook;
  private readonly claims: readonly Claim[];
  private readonly results: ExperimentResult[] = [];
  private readonly memory: FleetMemory = new Map();
  /** Experiments that the claims need, in the file's order. */
  readonly experiments: readonly Experiment[];

  /** `only` names claims; all without it. Throws InputError for an unknown claim, with the nearest ids. */
  constructor(inputs: ClaimInputs, only?: readonly string[]) {
    const { file } = inputs;
    this.inputs = inputs;
    this.book = new QuantityBook(inputs);
    this.claims = chooseClaims(file, only);
    const needed = new Set(this.claims.flatMap(experimentsOf));
    for (const id of needed) findEntry(file.experiments, id, "experiment");
    this.experiments = file.experiments.filter((each) => needed.has(each.id));
  }

  /** Runs the next experiment; undefined when all were run. */
  runNext(): ExperimentResult | undefined {
    const next = this.experiments[this.results.length];
    if (next === undefined) return undefined;
    const result = runExperiment(next, this.inputs, this.book, this.memory);
    this.results.push(result);
    return result;
  }

  /** The ledger; runs what has not been run. */
  finish(): ClaimLedger {
    while (this.runNext() !== undefined);
    const { groups } = this.inputs.file;
    const claims = Object.keys(groups).flatMap((group) =>
      this.claims.filter((claim) => claim.group === group).map((claim) => this.entryOf(claim)),
    );
    const counts = { reproduced: 0, reproducedUnderAssumption: 0, refuted: 0, notComputed: 0 };
    for (const { verdict } of claims) counts[verdict]++;
    const experiments = this.results.map((each) => this.describe(each));
    return { engineVersion, counts, groups, claims, experiments };
  }

  private entryOf(claim: Claim): LedgerEntry {
    const { id, group, title, note } = claim;
    const checks =
      claim.kind === "statement"
        ? []
        : claim.checks.map((each) => checkFigure(each, this.results, this.book));
    const verdicts = checks.map((each) => each.verdict);
    const verdict = combine(claim, verdicts);
    return {
      ...{ id, group, title, claim: claim.claim },
      provenance: sourceOf(this.inputs.file, claim.source),
      verdict,
      assumption: verdict === "reproducedUnderAssumption" ? assumptionOf(checks) : null,
      rule: ruleOf(claim),
      checks,
      experiments: experimentsOf(claim),
      note,
      noteValues: namesIn(note ?? "").map((name) => this.book.named(name)),
    };
  }

  private describe({ experiment, cases }: ExperimentResult): LedgerExperiment {
    const { id, kind, about, shown, most } = experiment;
    const provenance = sourceOf(this.inputs.file, experiment.source);
    return { id, kind, about, provenance, shown, most, cases };
  }
}

/** The whole ledger at once. */
export function checkClaims(inputs: ClaimInputs, only?: readonly string[]): ClaimLedger {
  return new ClaimRun(inputs, only).finish();
}

/** Names in braces in a note. */
export function namesIn(note: string): string[] {
  return [...new Set([...note.matchAll(/\{([A-Za-z][A-Za-z0-9]*)\}/g)].map(([, name]) => name))];
}

function chooseClaims({ claims }: ClaimsFile, only: readonly string[] | undefined): Claim[] {
  if (only === undefined) return claims;
  const ids = claims.map((each) => each.id);
  for (const id of only) {
    if (ids.includes(id)) continue;
    const near = nearestNames(id, ids).join(", ") || ids.join(", ");
    throw new InputError(`There is no claim "${id}". Nearest: ${near}. Use one of these.`, {
      field: "only",
    });
  }
  return claims.filter((each) => only.includes(each.id));
}

function experimentsOf(claim: Claim): string[] {
  if (claim.kind === "statement") return [];
  return [...new Set(claim.checks.flatMap((each) => each.over))];
}

function assumptionOf(checks: readonly CheckResult[]): string {
  return checks
    .filter((each) => each.verdict !== "refuted")
    .map(({ what, assumption }) => `${what}: ${assumption ?? "as it is"}`)
    .join("; ");
}

function combine(claim: Claim, verdicts: readonly Verdict[]): Verdict {
  if (claim.kind === "statement") return "notComputed";
  if (verdicts.every((each) => each === "reproduced")) return "reproduced";
  const isRefuted =
    claim.needs === "every"
      ? verdicts.includes("refuted")
      : verdicts.every((each) => each === "refuted");
  return isRefuted ? "refuted" : "reproducedUnderAssumption";
}

function ruleOf(claim: Claim): string {
  if (claim.kind === "statement") return "a statement without a figure: nothing is computed";
  if (claim.checks.length === 1) return "the verdict of its one check";
  return claim.needs === "every"
    ? "refuted by one refuted check; reproduced where every check is; else under an assumption"
    : "refuted where every check is; reproduced where every check is; else under an assumption";
}
