/** Replies of the contract, and the errors that they carry: the same on every host. */
import { z } from "../schema/zod.ts";

/** What can go wrong with a call, by code. A code keeps its meaning for good; messages may be reworded. */
export const errorCodes = [
  /** The method is not in the contract. */
  "unknownMethod",
  /** The parameters do not fit the method: a field too many, one missing, one of another kind. */
  "badParams",
  /** The parameters are larger than the method takes. */
  "tooLarge",
  /** The caller is not the application's own page. */
  "refused",
  /** What the parameters name is not there (any more). */
  "notFound",
  /** Somebody else changed it in between; nothing was written. */
  "conflict",
  /** A file, a value or a scenario cannot be used. */
  "badInput",
  /** The work was cancelled by its caller. */
  "cancelled",
  /** The library cannot be read or written now; the message says what was kept and where. */
  "storage",
  /** An error in Crossover itself. */
  "internal",
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/** An error that crosses the boundary. The message stands alone: what, found, wanted, what to do. */
export const contractErrorSchema = z.strictObject({
  code: z.enum(errorCodes),
  message: z.string(),
  /** Path of the field concerned, where there is one. */
  field: z.string().optional(),
  /** What to do about it, where the message does not say. */
  hint: z.string().optional(),
  /** All problems of a file with several. */
  problems: z.array(z.strictObject({ field: z.string(), message: z.string() })).optional(),
});
export type ContractError = z.infer<typeof contractErrorSchema>;

/** What every call is answered with. */
export type Reply<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: ContractError };

/** An expected "no" of a service, thrown inside core and mapped to a reply there. */
export class ServiceError extends Error {
  readonly code: ErrorCode;
  readonly field: string | undefined;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: { field?: string; hint?: string } = {}) {
    super(message);
    this.name = "ServiceError";
    this.code = code;
    this.field = options.field;
    this.hint = options.hint;
  }
}
