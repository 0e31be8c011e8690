/** Pieces that several methods share. */
import { z } from "../schema/zod.ts";

/** Id of a thing in the library. */
export const idParam = z.string().regex(/^[a-z0-9-]{1,64}$/);
/** The caller's own name for a piece of work; progress and cancel refer to it. */
export const jobParam = z.string().min(1).max(64);
/** A one-use token for a file that the person chose. */
export const fileTokenParam = z.string().min(1).max(64);
/** A scenario as a plain object; services check it against the scenario schema and report every problem. */
export const documentSchema = z.record(z.string(), z.unknown());
export type ScenarioDocument = z.infer<typeof documentSchema>;
/** Milliseconds since 1970. */
export const timeMs = z.number().int().min(0);
/** A problem or a warning at a field of a document. */
export const findingSchema = z.strictObject({ field: z.string(), message: z.string() });

export const kib = 1024;
export const mib = 1024 * kib;

/** One method: what it takes, what it gives, and how large its parameters may be in wire form. */
export interface MethodSpec<Params extends z.ZodType, Result extends z.ZodType> {
  readonly params: Params;
  readonly result: Result;
  /** Bytes of JSON. */
  readonly maxParamsBytes: number;
}

/** A method with small parameters, unless a limit is named. */
export function method<Params extends z.ZodType, Result extends z.ZodType>(
  params: Params,
  result: Result,
  maxParamsBytes = mib,
): MethodSpec<Params, Result> {
  return { params, result, maxParamsBytes };
}
