/** The result of a study: for every point the mean and interval of every figure over its replications. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { canonicalJson } from "../../schema/canonicalJson.ts";
import type { JsonValue } from "../../schema/jsonText.ts";
import { meanInterval } from "../../stats/confidence.ts";
import { enoughSamples } from "../../stats/quantiles.ts";
import { engineVersion } from "../engineVersion.ts";
import { figureUnit, percentileOf } from "./figureNames.ts";
import type { StudyPlan } from "./planStudy.ts";
import type { StudyRun } from "./studyRun.ts";

/** A figure over the replications of a point. */
export interface StudyFigure {
  /** Null where no run had a sample. */
  readonly mean: number | null;
  /** Ends of the 95 % t interval; null for fewer than two runs. */
  readonly low95: number | null;
  readonly high95: number | null;
  /** Runs that had the figure. */
  readonly n: number;
  /** For a percentile: false where a run has fewer than ten samples beyond it. */
  readonly hasEnoughSamples?: boolean;
  /** By replication. */
  readonly values: readonly (number | null)[];
}

/** One point of a result. */
export interface StudyResultPoint {
  readonly index: number;
  readonly inputs: Readonly<Record<string, JsonValue>>;
  readonly seed: number;
  /** By name, in the order of outputs; empty where the point could not be run. */
  readonly figures: Readonly<Record<string, StudyFigure>>;
  /** Why it could not be run. */
  readonly problem?: string;
  /** Fingerprints of the runs' outcomes, by replication. */
  readonly fingerprints: readonly string[];
}

/** What a study is, beside its points; equal for all shards of it. */
export interface StudyHead {
  readonly name: string;
  readonly scenario: string;
  readonly paths: readonly string[];
  readonly design: string;
  readonly points: number;
  readonly replications: number;
  readonly commonRandomNumbers: boolean;
  readonly outputs: readonly string[];
  readonly engineVersion: string;
  /** SHA-256 over the study, its scenario and its traces. */
  readonly studyHash: string;
  readonly warnings: readonly string[];
}

/** The whole result. It does not tell how it was run: shards and workers leave no trace. */
export interface StudyResult extends StudyHead {
  readonly format: "crossover-study-result";
  readonly version: 1;
  readonly units: Readonly<Record<string, string>>;
  /** Only where the study was stopped: runs that are there, and runs in all. */
  readonly partial?: { readonly runs: number; readonly of: number };
  readonly pointResults: readonly StudyResultPoint[];
  /** SHA-256 over all the rest. */
  readonly hash: string;
}

/** The head of a plan's result. `traceHashes` names the rows that it runs over, by source id. */
export function studyHead(
  { study, paths, points, warnings }: StudyPlan,
  outputs: readonly string[],
  traceHashes: Readonly<Record<string, string>>,
): StudyHead {
  const { name, scenario, design, replications, commonRandomNumbers } = study;
  const { axes } = study;
  const inputs = { scenario, axes, design, replications, commonRandomNumbers, traceHashes };
  return {
    name,
    scenario: scenario.name,
    paths,
    design: design.kind,
    points: points.length,
    replications,
    commonRandomNumbers,
    outputs,
    engineVersion,
    studyHash: hashOf({ ...inputs, outputs, engineVersion }),
    warnings,
  };
}

/** What is known of a point beside its runs. */
export interface PointHead {
  readonly index: number;
  readonly inputs: Readonly<Record<string, JsonValue>>;
  readonly seed: number;
}

/** The result out of the runs by number (replication * points + point); undefined for runs that are missing. */
export function buildStudyResult(
  head: StudyHead,
  points: readonly PointHead[],
  runs: readonly (StudyRun | undefined)[],
): StudyResult {
  const units = head.outputs.map((name) => [name, figureUnit(name)]);
  const known = runs.filter((run) => run !== undefined).length;
  const rest = {
    format: "crossover-study-result" as const,
    version: 1 as const,
    ...head,
    units: Object.fromEntries(units.filter(([, unit]) => unit !== undefined)),
    ...(known < runs.length ? { partial: { runs: known, of: runs.length } } : {}),
    pointResults: points.map((point) => buildPoint(head, point, runs)),
  };
  return { ...rest, hash: hashOf(rest) };
}

function buildPoint(
  { outputs, points, replications }: StudyHead,
  { index, inputs, seed }: PointHead,
  runs: readonly (StudyRun | undefined)[],
): StudyResultPoint {
  const own = Array.from({ length: replications }, (_, r) => runs[r * points + index]);
  const there = own.filter((run) => run !== undefined);
  const failed = there.find((run) => "problem" in run);
  if (failed !== undefined && "problem" in failed) {
    return { index, inputs, seed, figures: {}, problem: failed.problem, fingerprints: [] };
  }
  const ran = there.filter((run) => "figures" in run);
  const figures = outputs.map((name) => [name, summarise(name, ran)] as const);
  return {
    index,
    inputs,
    seed,
    figures: ran.length === 0 ? {} : Object.fromEntries(figures),
    fingerprints: ran.map((run) => run.fingerprint),
  };
}

function summarise(
  name: string,
  runs: readonly Extract<StudyRun, { figures: unknown }>[],
): StudyFigure {
  const values = runs.map((run) => run.figures[name] ?? null);
  const samples = values.filter((value) => value !== null);
  const interval = meanInterval(samples);
  const percentile = percentileOf(name);
  const isEnough = (run: Extract<StudyRun, { figures: unknown }>): boolean =>
    percentile === undefined ||
    enoughSamples(run.figures[percentile.samples] ?? 0, percentile.share);
  return {
    mean: interval?.mean ?? samples[0] ?? null,
    low95: interval?.low ?? null,
    high95: interval?.high ?? null,
    n: samples.length,
    ...(percentile === undefined ? {} : { hasEnoughSamples: runs.every(isEnough) }),
    values,
  };
}

/** 64 hex digits of a value's canonical JSON. */
export function hashOf(value: unknown): string {
  return bytesToHex(sha256(utf8ToBytes(canonicalJson(value))));
}
