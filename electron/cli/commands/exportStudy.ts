/** `crossover study --export kubernetes`: the study as an Indexed Job with all that its pods read. */
import { mkdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { requireFigures } from "../../../shared/planning/studies/figureNames.ts";
import {
  countRuns,
  defaultRunLimit,
  planStudy,
} from "../../../shared/planning/studies/planStudy.ts";
import { maxShards } from "../../../shared/planning/studies/shards.ts";
import {
  type ClusterFile,
  type ClusterStudy,
  clusterDockerfile,
  clusterObjects,
  clusterReadme,
  configMapBytes,
} from "../../../shared/reports/kubernetesStudy.ts";
import { yamlText } from "../../../shared/reports/yamlText.ts";
import { canonicalJson } from "../../../shared/schema/canonicalJson.ts";
import type { Scenario } from "../../../shared/schema/scenario.ts";
import { InputError } from "../../../shared/units/errors.ts";
import { atomicWriteFile } from "../../files/atomicWrite.ts";
import { type CommandIo, type CommandOption, type ParsedArgs, UsageError } from "../command.ts";
import { exitCodes } from "../exitCodes.ts";
import { textOption } from "./caseFile.ts";
import { overridesOf, wholeNumber } from "./scenarioInput.ts";
import type { StudyFile } from "./studyInput.ts";

/** Options of an export. */
export const exportOptions: Record<string, CommandOption> = {
  export: {
    type: "string",
    help: "kubernetes: write an Indexed Job that does the study on a cluster; --out FILE.yaml, --out FOLDER with Dockerfile and README, else stdout",
  },
  shards: { type: "string", help: "with --export: shards, default one for each 1,000 runs" },
  image: { type: "string", help: "with --export: the image of the pods, default crossover:latest" },
};

const runsPerShard = 1000;
/** More than any study may have before it is divided. */
const mostRuns = defaultRunLimit * maxShards;

/** Writes the export; the study is checked as for a run. */
export function exportStudy(io: CommandIo, args: ParsedArgs, file: StudyFile): number {
  const target = textOption(args, "export");
  if (target !== "kubernetes") {
    throw new UsageError(`--export is "${target}"`, "it is kubernetes");
  }
  const traces = collectTraces(args, file);
  const { scenario } = file.study;
  if (file.study.outputs !== undefined) requireFigures(scenario, file.study.outputs);
  const plan = planStudy(file.study, mostRuns);
  const runs = countRuns(plan);
  const asked = wholeNumber(args.values.shards, "--shards", 1, maxShards);
  const shards = Math.min(runs, asked ?? Math.ceil(runs / runsPerShard));
  const work: ClusterStudy = {
    name: clusterName(file.study.name),
    image: textOption(args, "image") ?? "crossover:latest",
    shards,
    runs,
    study: canonicalJson({ ...file.study, scenario: withFiles(scenario, traces) }),
    traces: traces.map(({ file: each }) => each),
    acceptRejects: args.values["accept-rejects"] === true,
    maxRuns: Math.max(defaultRunLimit, Math.ceil(runs / shards)),
  };
  writeExport(io, args, work, traces);
  return exitCodes.ok;
}

/** A DNS label out of a name. */
function clusterName(name: string): string {
  const label = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 40)
    .replace(/^-+|-+$/g, "");
  return `study-${label === "" ? "crossover" : label}`;
}

interface CollectedTrace {
  readonly source: string;
  readonly file: ClusterFile;
  readonly content: Buffer;
}

/** The trace files as the pods get them: gzipped, under the name of their source. */
function collectTraces(args: ParsedArgs, { study, folder }: StudyFile): CollectedTrace[] {
  if (overridesOf(args.values).length > 0) {
    throw new UsageError("--trace does not go with --export: name the trace in the scenario");
  }
  const { sources } = study.scenario.traffic;
  return sources.flatMap((source) => {
    if (source.kind !== "trace" || source.file === undefined || source.rows !== undefined)
      return [];
    const bytes = readFileSync(join(folder, source.file));
    const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const content = isGzip ? bytes : gzipSync(bytes, { level: 9 });
    const base64 = content.toString("base64");
    const name = `${source.id}-${basename(source.file).replace(/\.gz$/, "")}.gz`;
    const isSmall = base64.length <= configMapBytes;
    const file = { name, bytes: content.length, ...(isSmall ? { base64 } : {}) };
    return [{ source: source.id, file, content }];
  });
}

/** The scenario with the names that its traces have there; their bytes are others, so the hash of the old ones goes. */
function withFiles(scenario: Scenario, traces: readonly CollectedTrace[]): Scenario {
  const sources = scenario.traffic.sources.map((source) => {
    const trace = traces.find((each) => each.source === source.id);
    if (trace === undefined || source.kind !== "trace") return source;
    return { ...source, file: trace.file.name, sha256: undefined };
  });
  return { ...scenario, traffic: { ...scenario.traffic, sources } };
}

function writeExport(
  io: CommandIo,
  args: ParsedArgs,
  work: ClusterStudy,
  traces: readonly CollectedTrace[],
): void {
  const yaml = yamlText(clusterObjects(work));
  const out = textOption(args, "out");
  const files = out === undefined || /\.ya?ml$/.test(out) ? [] : folderFiles(work, yaml, traces);
  if (out !== undefined && files.length === 0) atomicWriteFile(out, yaml);
  if (files.length > 0) writeFolder(String(out), files);
  if (args.values.json) {
    const { name, image, shards, runs } = work;
    const written =
      files.length > 0 ? files.map(([each]) => join(String(out), each)) : [out ?? null];
    const shown = {
      name,
      image,
      shards,
      runs,
      files: written,
      yaml: out === undefined ? yaml : null,
    };
    io.stdout(`${JSON.stringify(shown, undefined, 2)}\n`);
  } else if (out === undefined) io.stdout(yaml);
  else io.stdout(`${work.runs} runs in ${work.shards} shards: ${resolve(out)}\n`);
}

type NamedFile = readonly [name: string, content: string | Uint8Array];

function folderFiles(
  work: ClusterStudy,
  yaml: string,
  traces: readonly CollectedTrace[],
): NamedFile[] {
  return [
    ["job.yaml", yaml],
    ["study.json", work.study],
    ["Dockerfile", clusterDockerfile],
    ["README.md", clusterReadme(work)],
    ...traces.map(({ file, content }): NamedFile => [file.name, content]),
  ];
}

function writeFolder(folder: string, files: readonly NamedFile[]): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InputError(`The folder ${folder} cannot be made: ${why}. Name another with --out.`, {
      field: "out",
    });
  }
  for (const [name, content] of files) atomicWriteFile(join(folder, name), content);
}
