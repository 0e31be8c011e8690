/** From the text of a scenario file to a checked scenario. */
import { InputError } from "../units/errors.ts";
import { canonicalJson } from "./canonicalJson.ts";
import { type Finding, ProblemsError } from "./findings.ts";
import { type JsonValue, readJson } from "./jsonText.ts";
import { type Scenario, scenarioSchema, scenarioVersion } from "./scenario.ts";
import { describeIssues } from "./schemaProblems.ts";
import { listUnknownFields } from "./unknownFields.ts";

/** The largest scenario file, in characters (64 Mi); raw traffic belongs in a trace file beside it. */
export const maxScenarioCharacters = 64 * 1024 * 1024;

/** A scenario and what reading it brought up. */
export interface ParsedScenario {
  /** With every default filled in. */
  readonly scenario: Scenario;
  /** Paths of fields that this version does not know; they are kept in `scenario` as they are. */
  readonly unknownFields: readonly string[];
  readonly warnings: readonly Finding[];
}

function refuseSize(text: string, fileName: string): void {
  if (text.trim() === "") {
    throw new InputError(`${fileName} is empty; wanted a Crossover scenario (JSON).`);
  }
  if (text.length > maxScenarioCharacters) {
    const mebi = (text.length / 1048576).toFixed(0);
    throw new InputError(
      `${fileName} has ${mebi} Mi characters; a scenario file may have 64 Mi. Keep the trace's rows in a file of their own and name it in traffic.sources[].file.`,
    );
  }
}

/** The document as an object of this format and of a version that can be read. */
function checkFormat(document: JsonValue, fileName: string): { [key: string]: JsonValue } {
  const wanted = `wanted a Crossover scenario: an object with "format": "crossover-scenario" and "version": ${scenarioVersion}`;
  if (typeof document !== "object" || document === null || Array.isArray(document)) {
    const found = Array.isArray(document) ? "a list" : JSON.stringify(document).slice(0, 60);
    throw new InputError(`${fileName}: found ${found}, ${wanted}.`);
  }
  const { format, version } = document;
  if (format !== "crossover-scenario") {
    const found = format === undefined ? "no format" : JSON.stringify(format).slice(0, 60);
    throw new InputError(`${fileName}: found ${found}, ${wanted}.`, { field: "format" });
  }
  if (typeof version !== "number" || !Number.isInteger(version) || version < 1) {
    const found = version === undefined ? "no version" : JSON.stringify(version).slice(0, 60);
    throw new InputError(
      `${fileName}: version: found ${found}, wanted ${scenarioVersion}, the version that this Crossover writes.`,
      { field: "version" },
    );
  }
  if (version > scenarioVersion) {
    throw new InputError(
      `${fileName} is version ${version}; this Crossover reads up to ${scenarioVersion}. Open it with a newer Crossover.`,
      { field: "version" },
    );
  }
  return document;
}

/**
 * Reads a scenario file's text. Throws InputError where the text is empty, too long, not JSON, not a scenario or of
 * a newer version; ProblemsError with every problem where fields do not fit. Whether the fields fit each other is
 * checkScenarioFields' question.
 */
export function parseScenario(text: string, fileName: string): ParsedScenario {
  refuseSize(text, fileName);
  const document = checkFormat(readJson(text, fileName), fileName);
  const result = scenarioSchema.safeParse(document);
  if (!result.success) {
    throw new ProblemsError(fileName, describeIssues(result.error.issues, document));
  }
  const unknownFields = listUnknownFields(scenarioSchema, document);
  const warnings = unknownFields.map((path) => ({
    field: path.split(" ")[0]!,
    message: `unknown field ${path}; it is kept and has no effect`,
  }));
  return { scenario: result.data, unknownFields, warnings };
}

/** The canonical text of a scenario: every default written out, so that the file means the same when defaults change. */
export function serialiseScenario(scenario: Scenario): string {
  return canonicalJson(scenario);
}
