/** Checks between the fields of a projection plan. */
import type { Findings } from "../findings.ts";
import type { ProjectionPlan } from "../projectionPlan.ts";
import { checkUnique } from "./references.ts";

/** Reports what is wrong between a plan's fields; `prefix` is where it stands, "" for a file of its own. */
export function checkProjection(findings: Findings, plan: ProjectionPlan, prefix = ""): void {
  checkUnique(findings, plan.commitments, `${prefix}commitments`);
  if (plan.growth.kind === "table" && plan.firstMonthTokens !== undefined) {
    findings.warn(`${prefix}firstMonthTokens`, "has no effect beside a table of months.");
  }
  if (plan.growth.kind === "table" && plan.growth.monthTokens.length > plan.months) {
    findings.warn(
      `${prefix}growth.monthTokens`,
      `has ${plan.growth.monthTokens.length} months, and the plan ${plan.months}; the rest has no effect.`,
    );
  }
  for (const [name, path] of Object.entries(plan.prices)) {
    if (!isPath(path)) continue;
    path.steps.forEach(({ from }, i) => {
      if (typeof from === "number" || plan.start !== undefined) return;
      findings.problem(
        `${prefix}prices.${name}.steps[${i}].from`,
        `found the date ${from}, and the plan has no start. Give start, the calendar month of month 1, or the step's month as a number.`,
      );
    });
  }
}

interface Path {
  readonly steps: readonly { readonly from: number | string }[];
}

function isPath(value: unknown): value is Path {
  return typeof value === "object" && value !== null && "steps" in value;
}
