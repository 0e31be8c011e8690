/** A study in parts: shard i of n does every n-th run; together they are the study, byte for byte. */
import { canonicalJson } from "../../schema/canonicalJson.ts";
import { ProblemsError } from "../../schema/findings.ts";
import { type JsonValue, readJson } from "../../schema/jsonText.ts";
import { describeIssues } from "../../schema/schemaProblems.ts";
import { z } from "../../schema/zod.ts";
import { InputError } from "../../units/errors.ts";
import type { StudyPlan } from "./planStudy.ts";
import {
  buildStudyResult,
  hashOf,
  type PointHead,
  type StudyHead,
  type StudyResult,
} from "./studyResult.ts";
import type { StudyRun } from "./studyRun.ts";

/** Which part: 1 <= index <= count. */
export interface ShardPart {
  readonly index: number;
  readonly count: number;
}

/** Most parts of a study. */
export const maxShards = 10_000;

/** "2/5". Throws InputError for anything else. */
export function parseShard(text: string): ShardPart {
  const match = /^(\d{1,5})\/(\d{1,5})$/.exec(text);
  const [index, count] = match === null ? [0, 0] : [Number(match[1]), Number(match[2])];
  if (index >= 1 && index <= count && count <= maxShards) return { index, count };
  throw new InputError(
    `--shard is "${text}"; wanted i/n with i from 1 to n and n up to ${maxShards}, as in 2/5.`,
    { field: "shard" },
  );
}

/** Numbers of the runs of a part, ascending. */
export function shardRuns({ index, count }: ShardPart, runs: number): number[] {
  const numbers: number[] = [];
  for (let run = index - 1; run < runs; run += count) numbers.push(run);
  return numbers;
}

const json = z.json();
const figures = z.record(z.string(), z.number().nullable());
const shardSchema = z.object({
  format: z.literal("crossover-study-shard"),
  version: z.literal(1),
  shard: z.object({
    index: z.number().int().min(1),
    count: z.number().int().min(1).max(maxShards),
  }),
  head: z.object({
    name: z.string(),
    scenario: z.string(),
    paths: z.array(z.string()),
    design: z.string(),
    points: z.number().int().min(1),
    replications: z.number().int().min(1),
    commonRandomNumbers: z.boolean(),
    outputs: z.array(z.string()),
    engineVersion: z.string(),
    studyHash: z.string(),
    warnings: z.array(z.string()),
  }),
  points: z.array(
    z.object({ index: z.number().int(), inputs: z.record(z.string(), json), seed: z.number() }),
  ),
  fingerprint: z.string().describe("names the program that ran it"),
  runs: z.array(
    z.object({
      run: z.number().int().min(0),
      result: z.union([
        z.object({ figures, fingerprint: z.string() }),
        z.object({ problem: z.string() }),
      ]),
    }),
  ),
  hash: z.string(),
});

/** A shard file. */
export interface StudyShard {
  readonly format: "crossover-study-shard";
  readonly version: 1;
  readonly shard: ShardPart;
  readonly head: StudyHead;
  readonly points: readonly PointHead[];
  readonly fingerprint: string;
  readonly runs: readonly { readonly run: number; readonly result: StudyRun }[];
  /** SHA-256 over all the rest. */
  readonly hash: string;
}

/** The text of a shard file; only the figures that the study asks for are kept, with the samples behind percentiles. */
export function writeShard(
  plan: StudyPlan,
  head: StudyHead,
  shard: ShardPart,
  results: ReadonlyMap<number, StudyRun>,
  fingerprint: string,
): string {
  const wanted = new Set([...head.outputs, ...head.outputs.flatMap(samplesName)]);
  const rest = {
    format: "crossover-study-shard",
    version: 1,
    shard,
    head,
    points: plan.points.map(({ index, inputs, seed }) => ({ index, inputs, seed })),
    fingerprint,
    runs: [...results]
      .sort(([a], [b]) => a - b)
      .map(([run, result]) => ({ run, result: onlyWanted(result, wanted) })),
  };
  return canonicalJson({ ...rest, hash: hashOf(rest) });
}

function samplesName(name: string): string[] {
  const [first, part] = name.split(".");
  return /^p\d\d$/.test(part ?? "") ? [`${first}.samples`] : [];
}

function onlyWanted(run: StudyRun, wanted: ReadonlySet<string>): StudyRun {
  if ("problem" in run) return run;
  const kept = Object.entries(run.figures).filter(([name]) => wanted.has(name));
  return { ...run, figures: Object.fromEntries(kept) };
}

/** Reads a shard file. Throws InputError for what is none, is damaged or was changed. */
export function readShard(text: string, fileName: string): StudyShard {
  const document = readJson(text, fileName);
  const isObject = typeof document === "object" && document !== null && !Array.isArray(document);
  if (!isObject || document.format !== "crossover-study-shard") {
    throw new InputError(
      `${fileName} is no shard of a study. Wanted a file that crossover study --shard i/n --out FILE wrote.`,
      { field: fileName },
    );
  }
  const parsed = shardSchema.safeParse(document);
  if (!parsed.success) {
    throw new ProblemsError(fileName, describeIssues(parsed.error.issues, document));
  }
  const { hash, ...rest } = parsed.data;
  if (hashOf(rest) !== hash) {
    throw new InputError(
      `${fileName} is not as it was written: its hash does not fit. Copy it again, or run the shard again.`,
      { field: fileName },
    );
  }
  return parsed.data as StudyShard;
}

/** A shard with the name of its file. */
export interface NamedShard {
  readonly file: string;
  readonly shard: StudyShard;
}

/** The result of the whole study. Throws InputError that names the files of other studies or programs, shards that are missing and shards that are there twice. */
export function mergeShards(all: readonly NamedShard[]): StudyResult {
  if (all.length === 0) throw new InputError("merge wants the shard files of a study.");
  const [first] = all;
  refuseOthers(all);
  refuseDoubled(all);
  refuseMissing(all);
  const { head, points } = first.shard;
  const runs = new Array<StudyRun | undefined>(head.points * head.replications);
  for (const { file, shard } of all) {
    const expected = shardRuns(shard.shard, runs.length);
    const isWhole =
      shard.runs.length === expected.length &&
      shard.runs.every(({ run }, place) => run === expected[place]);
    if (!isWhole) {
      throw new InputError(
        `${file} has ${shard.runs.length} runs, and not those of shard ${partText(shard.shard)}; run it again.`,
        { field: file },
      );
    }
    for (const { run, result } of shard.runs) runs[run] = result;
  }
  return buildStudyResult(head, points, runs);
}

function partText({ index, count }: ShardPart): string {
  return `${index}/${count}`;
}

function refuseOthers(all: readonly NamedShard[]): void {
  const [first] = all;
  const differs = (what: string, of: (shard: StudyShard) => JsonValue): void => {
    const other = all.find(({ shard }) => of(shard) !== of(first.shard));
    if (other === undefined) return;
    throw new InputError(
      `${first.file} and ${other.file} do not belong together: ${what}. Merge shards of one study, run by one program.`,
      { field: other.file },
    );
  };
  differs("they are of different studies", ({ head }) => head.studyHash);
  differs("they are parts of different divisions", ({ shard }) => shard.count);
  differs("they were run by different versions of the program", (shard) => shard.fingerprint);
}

function refuseDoubled(all: readonly NamedShard[]): void {
  const seen = new Map<number, string>();
  for (const { file, shard } of all) {
    const earlier = seen.get(shard.shard.index);
    if (earlier !== undefined) {
      throw new InputError(
        `Shard ${partText(shard.shard)} is there twice: ${earlier} and ${file}. Leave one out.`,
        { field: file },
      );
    }
    seen.set(shard.shard.index, file);
  }
}

function refuseMissing(all: readonly NamedShard[]): void {
  const { count } = all[0].shard.shard;
  const there = new Set(all.map(({ shard }) => shard.shard.index));
  const missing: string[] = [];
  for (let index = 1; index <= count; index++) {
    if (!there.has(index)) missing.push(partText({ index, count }));
  }
  if (missing.length === 0) return;
  const shown = missing.slice(0, 20).join(", ");
  const more = missing.length > 20 ? ` and ${missing.length - 20} more` : "";
  throw new InputError(
    `${missing.length === 1 ? "Shard" : "Shards"} ${shown}${more} of ${count} ${missing.length === 1 ? "is" : "are"} missing. Run what is missing with crossover study --shard i/${count} --out FILE.`,
    { field: "shards" },
  );
}
