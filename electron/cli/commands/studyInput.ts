/** Reading what a study is made of: a study or scenario file, axes and settings of the command line. */
import { basename, dirname, isAbsolute, join } from "node:path";
import { parseAxis } from "../../../shared/planning/studies/axisText.ts";
import type { OpenStudy } from "../../../shared/planning/studies/planStudy.ts";
import { maxScenarioCharacters, parseScenario } from "../../../shared/schema/scenarioFile.ts";
import {
  type Design,
  formatOf,
  parseStudy,
  type Study,
  studySchema,
} from "../../../shared/schema/study.ts";
import { InputError } from "../../../shared/units/errors.ts";
import { readTextFile } from "../../files/boundedRead.ts";
import { isInside } from "../../files/realPath.ts";
import { type CommandOption, type ParsedArgs, UsageError } from "../command.ts";
import {
  loadScenario,
  overridesOf,
  readScenario,
  type ScenarioInput,
  wholeNumber,
} from "./scenarioInput.ts";

/** Options that make or change a study. */
export const studyOptions: Record<string, CommandOption> = {
  axis: {
    type: "string",
    multiple: true,
    help: "PATH=1,2,3 | PATH=from..to:step | PATH=from..to*n | PATH=from..to*n(log): an input and its values, elements of lists by id (pools.own.replicas); traffic.volume is a factor on all sources; inputs joined by ';' move together",
  },
  design: {
    type: "string",
    help: "grid (default): every combination; list: value k of every axis; lhs: --points of a Latin hypercube",
  },
  points: { type: "string", help: "points of a Latin hypercube, default 100" },
  replications: { type: "string", help: "runs a point with different draws, default 1" },
  "own-draws": {
    type: "boolean",
    help: "each point draws its own random numbers; default: all the same ones",
  },
  outputs: {
    type: "string",
    help: "figures by name, e.g. monthUsd,ttftMs.p95,pools.own.busyFraction; a wrong name lists them",
  },
};

/** A study with its traces. */
export interface StudyFile {
  readonly study: OpenStudy;
  /** The scenario's file, or the study's where it holds the scenario: traces lie beside it. */
  readonly folder: string;
  readonly input: ScenarioInput;
}

/** Reads a study or scenario file and applies the options. Throws InputError and UsageError. */
export async function readStudy(path: string, values: ParsedArgs["values"]): Promise<StudyFile> {
  const text = await readTextFile(path, maxScenarioCharacters);
  const fileName = basename(path);
  const isStudy = formatOf(text, fileName) === "crossover-study";
  const { study, warnings } = isStudy
    ? parseStudy(text, fileName)
    : { study: studyOf(text, fileName), warnings: [] };
  const reading = {
    overrides: overridesOf(values),
    acceptRejects: values["accept-rejects"] === true,
  };
  const scenarioPath =
    typeof study.scenario === "string" ? scenarioBeside(path, study.scenario) : path;
  const loaded =
    typeof study.scenario === "string"
      ? await readScenario(scenarioPath, reading)
      : await loadScenario(study.scenario, [], path, reading);
  const said = warnings.map(({ message }) => message);
  const input = { ...loaded, warnings: [...said, ...(loaded.warnings ?? [])] };
  const seed = wholeNumber(values.seed, "--seed", 0, Number.MAX_SAFE_INTEGER);
  const scenario = seed === undefined ? input.scenario : { ...input.scenario, seed };
  return {
    study: withOptions({ ...study, scenario }, values),
    folder: dirname(scenarioPath),
    input,
  };
}

/** The study of one point that a scenario by itself is. */
function studyOf(text: string, fileName: string): Study {
  const { scenario } = parseScenario(text, fileName);
  const study = { format: "crossover-study", version: 1, name: scenario.name, scenario: "itself" };
  return { ...studySchema.parse(study), scenario };
}

function scenarioBeside(studyPath: string, name: string): string {
  const folder = dirname(studyPath);
  const path = join(folder, name);
  if (!isAbsolute(name) && isInside(folder, path)) return path;
  throw new InputError(
    `The study names the scenario "${name}", outside its own folder. A study reads files beside it only; put the scenario there.`,
    { field: "scenario" },
  );
}

function withOptions(study: OpenStudy, values: ParsedArgs["values"]): OpenStudy {
  const axes = ((values.axis ?? []) as string[]).map(parseAxis);
  const replications = wholeNumber(values.replications, "--replications", 1, 10_000);
  const outputs = values.outputs === undefined ? undefined : String(values.outputs).split(",");
  return {
    ...study,
    axes: [...study.axes, ...axes],
    design: designOf(study.design, values),
    replications: replications ?? study.replications,
    commonRandomNumbers: values["own-draws"] === true ? false : study.commonRandomNumbers,
    outputs: outputs?.map((name) => name.trim()) ?? study.outputs,
  };
}

function designOf(design: Design, values: ParsedArgs["values"]): Design {
  const points = wholeNumber(values.points, "--points", 1, 100_000);
  const { design: kind } = values;
  const isLhs = kind === "lhs" || kind === "latinHypercube";
  if (isLhs || (kind === undefined && design.kind === "latinHypercube")) {
    const own = design.kind === "latinHypercube" ? design : undefined;
    return { ...own, kind: "latinHypercube", points: points ?? own?.points ?? 100 };
  }
  if (points !== undefined) throw new UsageError("--points goes with --design lhs");
  if (kind === undefined) return design;
  if (kind === "grid" || kind === "list") return { kind };
  throw new UsageError(`--design is "${String(kind)}"`, "it is grid, list or lhs");
}
