/** From what a service throws to the error that crosses the boundary. */
import { type ContractError, ServiceError } from "../../shared/contract/errors.ts";
import { JobCancelled } from "../../shared/planning/jobs/job.ts";
import { ProblemsError } from "../../shared/schema/findings.ts";
import { InputError } from "../../shared/units/errors.ts";

/** The error without undefined parts, so that every host shows the same bytes. */
function compact(error: ContractError): ContractError {
  const parts = Object.entries(error).filter(([, value]) => value !== undefined);
  return Object.fromEntries(parts) as ContractError;
}

/** Stack traces stay inside; `log` gets what is not the person's doing. */
export function contractErrorOf(error: unknown, log: (error: unknown) => void): ContractError {
  if (error instanceof ServiceError) {
    const { code, message, field, hint } = error;
    return compact({ code, message, field, hint });
  }
  if (error instanceof JobCancelled) return { code: "cancelled", message: error.message };
  if (error instanceof InputError) {
    const { message, field, hint } = error;
    const problems = error instanceof ProblemsError ? [...error.problems] : undefined;
    return compact({ code: "badInput", message, field, hint, problems });
  }
  log(error);
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { code: "internal", message: `An error in Crossover itself: ${message}` };
}
