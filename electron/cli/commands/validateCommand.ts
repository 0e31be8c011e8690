/** `crossover validate SCENARIO`: everything that is wrong with a scenario file, at once. */
import { basename } from "node:path";
import { checkScenario } from "../../../shared/planning/checkScenario.ts";
import { type Finding, ProblemsError } from "../../../shared/schema/findings.ts";
import {
  maxScenarioCharacters,
  type ParsedScenario,
  parseScenario,
  serialiseScenario,
} from "../../../shared/schema/scenarioFile.ts";
import { atomicWriteFile } from "../../files/atomicWrite.ts";
import { readTextFile } from "../../files/boundedRead.ts";
import { type Command, type CommandIo, type ParsedArgs, UsageError } from "../command.ts";
import { exitCodes } from "../exitCodes.ts";

/** What validate found in one file. */
interface Validation {
  readonly problems: readonly Finding[];
  readonly warnings: readonly Finding[];
  readonly unknownFields: readonly string[];
  /** Undefined where the file does not fit the schema. */
  readonly parsed?: ParsedScenario;
}

function validate(text: string, fileName: string): Validation {
  let parsed: ParsedScenario;
  try {
    parsed = parseScenario(text, fileName);
  } catch (error) {
    if (!(error instanceof ProblemsError)) throw error;
    return { problems: error.problems, warnings: [], unknownFields: [] };
  }
  const { problems, warnings } = checkScenario(parsed.scenario);
  const { unknownFields } = parsed;
  return { problems, warnings, unknownFields, parsed };
}

function lines(title: string, findings: readonly Finding[]): string {
  if (findings.length === 0) return "";
  const shown = findings.map(({ field, message }) => `  ${field}: ${message}\n`);
  return `${findings.length} ${title}${findings.length === 1 ? "" : "s"}\n${shown.join("")}`;
}

function describe(parsed: ParsedScenario): string {
  const { name, traffic, pools, providers, rules } = parsed.scenario;
  const counts = [
    [traffic.sources.length, "sources"],
    [traffic.classes.length, "classes"],
    [pools.length, "pools"],
    [providers.length, "providers"],
    [rules.length, "rules"],
  ];
  return `"${name}": ${counts.map(([n, what]) => `${n} ${what}`).join(", ")}\n`;
}

function print(io: CommandIo, fileName: string, found: Validation): void {
  const { problems, warnings, unknownFields, parsed } = found;
  if (parsed !== undefined) io.stdout(describe(parsed));
  io.stdout(lines("problem", problems));
  io.stdout(lines("warning", warnings));
  if (unknownFields.length > 0) {
    io.stdout(`unknown fields, kept and without effect\n  ${unknownFields.join("\n  ")}\n`);
  }
  io.stdout(`${fileName} ${problems.length === 0 ? "can be run" : "cannot be run"}\n`);
}

async function runValidate(io: CommandIo, args: ParsedArgs): Promise<number> {
  const { positionals, values } = args;
  if (positionals.length !== 1) {
    throw new UsageError(`validate wants one scenario file, found ${positionals.length}`);
  }
  const path = positionals[0]!;
  const fileName = basename(path);
  const found = validate(await readTextFile(path, maxScenarioCharacters), fileName);
  const { parsed, ...shown } = found;
  const valid = found.problems.length === 0;
  if (valid && values["write-canonical"]) {
    atomicWriteFile(path, serialiseScenario(parsed!.scenario));
    io.stderr(`crossover: ${fileName} is now in canonical form\n`);
  }
  if (values.json) {
    io.stdout(`${JSON.stringify({ file: fileName, valid, ...shown }, undefined, 2)}\n`);
  } else {
    print(io, fileName, found);
  }
  return valid ? exitCodes.ok : exitCodes.badInput;
}

/** Lists problems, warnings and unknown fields of a scenario file; changes it only when asked to. */
export const validateCommand: Command = {
  name: "validate",
  summary: "say everything that is wrong with a scenario file",
  usage: "validate SCENARIO [--write-canonical] [--json]",
  options: {
    "write-canonical": {
      type: "boolean",
      help: "rewrite a valid file with sorted keys and every default written out",
    },
  },
  run: runValidate,
};
