/** `crossover call METHOD`: a method of the contract, as the app's own window calls it, on the same library. */
import { statSync } from "node:fs";
import { basename, resolve } from "node:path";
import packageJson from "../../../package.json" with { type: "json" };
import type { ErrorCode, Reply } from "../../../shared/contract/errors.ts";
import type { CoreEvent } from "../../../shared/contract/events.ts";
import { isMethodName, methods } from "../../../shared/contract/methods.ts";
import { decodeWire, encodeWire } from "../../../shared/contract/wire.ts";
import { InputError } from "../../../shared/units/errors.ts";
import { type Core, createCore } from "../../core/createCore.ts";
import { defaultDataFolder } from "../../core/dataFolder.ts";
import { offerTargets } from "../../core/offeredFiles.ts";
import { readTextFile } from "../../files/boundedRead.ts";
import { type Command, type CommandIo, type ParsedArgs, UsageError } from "../command.ts";
import { exitCodes } from "../exitCodes.ts";
import { suggestion } from "../parseCommandLine.ts";

const maxParamsFileBytes = 128 * 1024 * 1024;

/** The command. */
export const callCommand: Command = {
  name: "call",
  summary: "call a method of the app on its library, and print the reply",
  usage: "call METHOD [--params JSON|@FILE] [--file FILE] [--target FILE] [--library FOLDER]",
  options: {
    params: { type: "string", help: "the method's parameters as JSON, or @FILE that holds them" },
    file: {
      type: "string",
      multiple: true,
      help: "a file that you choose: the parameter file, or what files.choose answers (may be given several times)",
    },
    target: {
      type: "string",
      help: "where to write: the parameter target, or what files.chooseTarget answers (for files.chooseTargets a folder)",
    },
    library: { type: "string", help: "folder of the work, default the app's own" },
    list: { type: "boolean", help: "list the methods" },
  },
  async run(io: CommandIo, args: ParsedArgs): Promise<number> {
    const { positionals, values } = args;
    if (values.list === true) {
      io.stdout(`${Object.keys(methods).join("\n")}\n`);
      return exitCodes.ok;
    }
    if (positionals.length !== 1) {
      throw new UsageError(
        `call wants one method, found ${positionals.length}`,
        suggestion("", [], "crossover call --list lists them"),
      );
    }
    const reply = await callOnce(io, positionals[0], args);
    io.stdout(`${encodeWire(reply)}\n`);
    return exitCodeOf(reply);
  },
};

function exitCodeOf(reply: Reply<unknown>): number {
  if (reply.ok) return exitCodes.ok;
  const codes: Partial<Record<ErrorCode, number>> = {
    internal: exitCodes.internalError,
    unknownMethod: exitCodes.usage,
    cancelled: exitCodes.interrupted,
  };
  return codes[reply.error.code] ?? exitCodes.badInput;
}

/** The parameters as given; undefined for text that is not JSON, which no method takes. */
async function readParams(given: unknown): Promise<unknown> {
  if (given === undefined) return {};
  const text = String(given).startsWith("@")
    ? await readTextFile(String(given).slice(1), maxParamsFileBytes)
    : String(given);
  try {
    return decodeWire(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InputError(`--params is not JSON: ${why}`, { field: "params" });
  }
}

/** Adds the tokens of the files that the options name. */
function withFiles(core: Core, method: string, params: unknown, { values }: ParsedArgs): unknown {
  const [file] = (values.file as string[] | undefined) ?? [];
  const isChoice = method.startsWith("files.");
  if (isChoice || typeof params !== "object" || params === null || Array.isArray(params)) {
    return params;
  }
  return {
    ...params,
    ...(file !== undefined && { file: offerFile(core, file).token }),
    ...(values.target !== undefined && { target: offerTarget(core, String(values.target)).token }),
  };
}

function offerFile(core: Core, path: string) {
  const bytes = statSync(path, { throwIfNoEntry: false })?.size;
  if (bytes === undefined) {
    throw new InputError(`${path}: there is no such file. Check its path.`, { field: "file" });
  }
  return core.files.offer({ path: resolve(path), name: basename(path), bytes, use: "read" });
}

function offerTarget(core: Core, path: string) {
  const name = basename(path);
  const { token } = core.files.offer({ path: resolve(path), name, bytes: 0, use: "write" });
  return { token, name };
}

/** A core whose dialogs are answered by the options. */
function openCore(io: CommandIo, { values }: ParsedArgs): Core {
  const folder = values.library === undefined ? defaultDataFolder() : resolve(`${values.library}`);
  const files = (values.file as string[] | undefined) ?? [];
  const core: Core = createCore({
    ...{ host: "cli", version: packageJson.version, isPackaged: false, dataFolder: folder },
    ...(files.length > 0 && {
      chooseFiles: async () => files.map((path) => offerFile(core, path)),
    }),
    ...(values.target !== undefined && {
      chooseTarget: async () => offerTarget(core, String(values.target)),
      chooseTargets: async (_purpose: string, names: readonly string[]) =>
        offerTargets(core.files, resolve(String(values.target)), names),
    }),
    log: (error) => io.stderr(`${error instanceof Error ? error.stack : error}\n`),
  });
  return core;
}

async function callOnce(io: CommandIo, method: string, args: ParsedArgs): Promise<Reply<unknown>> {
  const given = await readParams(args.values.params);
  const core = openCore(io, args);
  const quiet = core.subscribe((event) => showProgress(io, event));
  try {
    const params = withFiles(core, method, given, args);
    const release = io.onInterrupt?.(() => void core.call("job.cancel", jobOf(params), caller));
    const reply = await core.call(method, params, caller);
    release?.();
    if (!isMethodName(method)) io.stderr(`crossover: ${nearest(method)}\n`);
    return reply;
  } finally {
    quiet();
    await core.close();
  }
}

const caller = { host: "cli" as const, id: "command" };

function jobOf(params: unknown): { job: unknown } {
  return { job: (params as { job?: unknown }).job };
}

function nearest(method: string): string {
  return suggestion(method, Object.keys(methods), "crossover call --list lists the methods");
}

function showProgress(io: CommandIo, event: CoreEvent): void {
  if (event.kind !== "progress" || !io.isTerminal) return;
  const text = event.share < 1 ? `${Math.round(event.share * 100)} % ${event.text ?? ""}` : "";
  io.stderr(`\r${text}\x1b[K`);
}
