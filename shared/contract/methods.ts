/**
 * The process boundary. Reading guide: every method is listed here with the schema of its parameters and its result, in
 * groups of one file each. Hosts (Electron, loopback, command line) carry calls to core and replies back and add only
 * transport and a check of the caller; core checks parameters against these schemas, runs the method, and maps errors
 * (errors.ts). Pushes are in events.ts; the wire form of typed arrays in wire.ts. Unknown fields are refused.
 */
import type { z } from "../schema/zod.ts";
import { appMethods } from "./appMethods.ts";
import { catalogMethods } from "./catalogMethods.ts";
import { hostMethods } from "./hostMethods.ts";
import { insightMethods } from "./insightMethods.ts";
import { priceMethods } from "./priceMethods.ts";
import { reportMethods } from "./reportMethods.ts";
import { runMethods } from "./runMethods.ts";
import { scenarioMethods } from "./scenarioMethods.ts";
import { studyMethods } from "./studyMethods.ts";
import { traceMethods } from "./traceMethods.ts";

/** Every method by name. */
export const methods = {
  ...appMethods,
  ...scenarioMethods,
  ...traceMethods,
  ...runMethods,
  ...catalogMethods,
  ...priceMethods,
  ...studyMethods,
  ...insightMethods,
  ...reportMethods,
  ...hostMethods,
};

export type MethodName = keyof typeof methods;
/** What a caller gives. */
export type MethodParams<Name extends MethodName> = z.input<(typeof methods)[Name]["params"]>;
/** What a handler gets: checked, defaults filled in. */
export type CheckedParams<Name extends MethodName> = z.output<(typeof methods)[Name]["params"]>;
export type MethodResult<Name extends MethodName> = z.output<(typeof methods)[Name]["result"]>;

/** Whether a name is that of a method. */
export function isMethodName(name: unknown): name is MethodName {
  return typeof name === "string" && Object.hasOwn(methods, name);
}
