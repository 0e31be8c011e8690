/** One call from its name and parameters to its reply: checked, run, mapped. Hosts come here and nowhere else. */

import { mib } from "../../shared/contract/common.ts";
import { type Reply, ServiceError } from "../../shared/contract/errors.ts";
import {
  type CheckedParams,
  isMethodName,
  type MethodName,
  type MethodResult,
  methods,
} from "../../shared/contract/methods.ts";
import { describeIssues } from "../../shared/schema/schemaProblems.ts";
import { joinPath } from "../../shared/schema/unknownFields.ts";
import { contractErrorOf } from "./errorMapping.ts";
import { inspectParams } from "./inspectParams.ts";

/** Who calls: the host vouches for it. */
export interface Caller {
  readonly host: "electron" | "loopback" | "cli";
  /** One page or one process; file tokens belong to it. */
  readonly id: string;
  /** Files that the person gave to the page with this very call, as the host itself found out; a page cannot say this. */
  readonly givenPaths?: readonly string[];
}

/** What runs a method. */
export type Handlers = {
  readonly [Name in MethodName]: (
    params: CheckedParams<Name>,
    caller: Caller,
  ) => Promise<MethodResult<Name>> | MethodResult<Name>;
};

/** The handlers of the methods under some prefixes. */
export type HandlerPart<Prefix extends string> = {
  readonly [Name in keyof Handlers as Name extends `${Prefix}.${string}`
    ? Name
    : never]: Handlers[Name];
};

/** Bytes that the text of a method's parameters may have: with room for quotes that JSON writes as two. Hosts read no more than this. */
export function maxTextBytes(name: string): number {
  return 1024 + 2 * (isMethodName(name) ? methods[name].maxParamsBytes : mib);
}

/** The answer where a text is longer than maxTextBytes. */
export function tooLargeError(name: string): ServiceError {
  const limit = isMethodName(name) ? methods[name].maxParamsBytes : mib;
  return new ServiceError(
    "tooLarge",
    `The parameters of ${shownName(name)} are larger than ${limit} bytes. Wanted less: large files are chosen, not passed.`,
  );
}

function shownName(name: unknown): string {
  return (typeof name === "string" ? name : typeof name).slice(0, 100);
}

function checkedParams<Name extends MethodName>(name: Name, params: unknown): CheckedParams<Name> {
  const spec = methods[name];
  const found = inspectParams(params, spec.maxParamsBytes);
  if (found === "tooLarge") throw tooLargeError(name);
  if (found !== undefined) {
    throw new ServiceError(
      "badParams",
      `${name}: ${found.field || "the parameters"}: ${found.problem}.`,
      {
        ...(found.field !== "" && { field: found.field }),
      },
    );
  }
  const checked = spec.params.safeParse(params);
  if (checked.success) return checked.data as CheckedParams<Name>;
  throw new ServiceError("badParams", ...problemOf(name, checked.error.issues, params));
}

type Issues = Parameters<typeof describeIssues>[0];

/** The first problem as a message and the field concerned. */
function problemOf(name: string, issues: Issues, params: unknown): [string, { field?: string }] {
  const unknown = issues.find((issue) => issue.code === "unrecognized_keys");
  if (unknown?.code === "unrecognized_keys") {
    const field = unknown.path.concat(unknown.keys[0]!).reduce(joinPath, "");
    return [`${name}: there is no parameter ${field.slice(0, 200)}.`, { field }];
  }
  const { field, message } = describeIssues(issues, params)[0]!;
  const isWhole = issues[0]!.path.length === 0;
  return [`${name}: ${isWhole ? "the parameters" : field}: ${message}.`, isWhole ? {} : { field }];
}

/** Runs one call. Never throws. `log` gets errors that are Crossover's own. */
export async function dispatch(
  handlers: Handlers,
  name: unknown,
  params: unknown,
  caller: Caller,
  log: (error: unknown) => void,
): Promise<Reply<unknown>> {
  try {
    if (!isMethodName(name)) {
      throw new ServiceError("unknownMethod", `There is no method "${shownName(name)}".`);
    }
    const run = handlers[name] as (params: unknown, caller: Caller) => unknown;
    return { ok: true, value: await run(checkedParams(name, params), caller) };
  } catch (error) {
    return { ok: false, error: contractErrorOf(error, log) };
  }
}
