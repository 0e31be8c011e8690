/** From the text of a plan file to a checked plan. */
import { InputError } from "../units/errors.ts";
import { checkProjection } from "./checks/projectionChecks.ts";
import { type Finding, Findings, ProblemsError } from "./findings.ts";
import { readJson } from "./jsonText.ts";
import { type ProjectionPlan, projectionPlanSchema } from "./projectionPlan.ts";
import { describeIssues } from "./schemaProblems.ts";
import { listUnknownFields } from "./unknownFields.ts";

/** The largest plan file, in characters. */
export const maxPlanCharacters = 1024 * 1024;

/** A plan and what reading it brought up. */
export interface ParsedPlan {
  /** With every default filled in. */
  readonly plan: ProjectionPlan;
  readonly warnings: readonly Finding[];
}

/** Reads a plan file. Throws InputError for text that is no JSON object, ProblemsError with every field that does not fit. */
export function parsePlan(text: string, fileName: string): ParsedPlan {
  const document = readJson(text, fileName);
  if (typeof document !== "object" || document === null || Array.isArray(document)) {
    throw new InputError(
      `${fileName}: found ${JSON.stringify(document).slice(0, 60)}, wanted a plan: an object with months, growth, prices, commitments, purchase.`,
    );
  }
  const parsed = projectionPlanSchema.safeParse(document);
  if (!parsed.success) {
    throw new ProblemsError(fileName, describeIssues(parsed.error.issues, document));
  }
  const findings = new Findings();
  checkProjection(findings, parsed.data);
  if (findings.problems.length > 0) throw new ProblemsError(fileName, findings.problems);
  const unknown = listUnknownFields(projectionPlanSchema, document).map((path) => ({
    field: path.split(" ")[0],
    message: `unknown field ${path}; it has no effect`,
  }));
  return { plan: parsed.data, warnings: [...unknown, ...findings.warnings] };
}
