/** Errors across a thread boundary, with their class. */
import { JobCancelled } from "../../shared/planning/jobs/job.ts";
import { ProblemsError } from "../../shared/schema/findings.ts";
import { InputError, InvariantError } from "../../shared/units/errors.ts";
import type { CarriedError } from "./messages.ts";

/** An error as data. */
export function carryError(error: unknown): CarriedError {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  const { name, message, stack } = error;
  if (error instanceof ProblemsError) {
    const { fileName, problems } = error;
    return { name: "ProblemsError", message, file: { name: fileName, problems: [...problems] } };
  }
  if (error instanceof InputError) {
    const { field, hint } = error;
    return { name: "InputError", message, field, hint };
  }
  return { name, message, stack };
}

/** The error that was carried: InputError, ProblemsError with its list, JobCancelled and InvariantError are themselves again, others keep name and stack. */
export function reviveError(carried: CarriedError): Error {
  const { name, message, field, hint, file, stack } = carried;
  if (file !== undefined) return new ProblemsError(file.name, file.problems);
  if (name === "InputError") return new InputError(message, { field, hint });
  if (name === "JobCancelled") return new JobCancelled();
  const error = name === "InvariantError" ? new InvariantError(message) : new Error(message);
  error.name = name;
  if (stack !== undefined) error.stack = stack;
  return error;
}
