/** One call from its name and parameters to its reply: checked, run, mapped. Hosts come here and nowhere else. */
import { type Reply, ServiceError } from "../../shared/contract/errors.ts";
import {
  type CheckedParams,
  isMethodName,
  type MethodName,
  type MethodResult,
  methods,
} from "../../shared/contract/methods.ts";
import { describeIssues } from "../../shared/schema/schemaProblems.ts";
import { contractErrorOf } from "./errorMapping.ts";

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

/** A rough count of a value's bytes as JSON, given up once past the limit; cheap beside the call itself. */
export function exceedsBytes(value: unknown, limit: number): boolean {
  let left = limit;
  const visit = (each: unknown): boolean => {
    if (typeof each === "string") left -= each.length + 2;
    else if (typeof each !== "object" || each === null) left -= 5;
    else if (ArrayBuffer.isView(each)) left -= each.byteLength;
    else if (Array.isArray(each)) for (const item of each) if (left < 0 || visit(item)) return true;
    if (typeof each === "object" && each !== null && !Array.isArray(each)) {
      if (ArrayBuffer.isView(each)) return left < 0;
      for (const [key, item] of Object.entries(each)) {
        left -= key.length + 3;
        if (left < 0 || visit(item)) return true;
      }
    }
    return left < 0;
  };
  return visit(value);
}

/** The largest number of bytes that any method takes: hosts read no more than this. */
export const maxCallBytes = Math.max(...Object.values(methods).map((each) => each.maxParamsBytes));

function checkedParams<Name extends MethodName>(name: Name, params: unknown): CheckedParams<Name> {
  const spec = methods[name];
  if (exceedsBytes(params, spec.maxParamsBytes)) {
    throw new ServiceError(
      "tooLarge",
      `The parameters of ${name} are larger than ${spec.maxParamsBytes} bytes. Wanted less: large files are chosen, not passed.`,
    );
  }
  const checked = spec.params.safeParse(params);
  if (checked.success) return checked.data as CheckedParams<Name>;
  const [first] = describeIssues(checked.error.issues, params);
  throw new ServiceError("badParams", `${name}: ${first!.field}: ${first!.message}.`, {
    field: first!.field,
  });
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
      throw new ServiceError("unknownMethod", `There is no method ${JSON.stringify(name)}.`);
    }
    const run = handlers[name] as (params: unknown, caller: Caller) => unknown;
    return { ok: true, value: await run(checkedParams(name, params), caller) };
  } catch (error) {
    return { ok: false, error: contractErrorOf(error, log) };
  }
}
