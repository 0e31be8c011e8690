/** `crossover backups`: the backups of the library, making one, and going back to one. */
import { resolve } from "node:path";
import packageJson from "../../../package.json" with { type: "json" };
import { type Reply, ServiceError } from "../../../shared/contract/errors.ts";
import type { BackupEntry } from "../../../shared/contract/libraryRows.ts";
import type { MethodName, MethodParams, MethodResult } from "../../../shared/contract/methods.ts";
import { formatCount } from "../../../shared/reports/formatters.ts";
import { InputError } from "../../../shared/units/errors.ts";
import { type Core, createCore } from "../../core/createCore.ts";
import { defaultDataFolder } from "../../core/dataFolder.ts";
import { type Command, type CommandIo, type ParsedArgs, UsageError } from "../command.ts";
import { exitCodes } from "../exitCodes.ts";

/** The command. */
export const backupsCommand: Command = {
  name: "backups",
  summary: "backups of the app's library: list them, make one, go back to one",
  usage: "backups [--make] [--restore ID] [--library FOLDER] [--json]",
  options: {
    make: { type: "boolean", help: "make a backup now" },
    restore: {
      type: "string",
      help: "go on with this backup; the library as it stood becomes a backup itself, or is put aside whole",
    },
    library: { type: "string", help: "folder of the work, default the app's own" },
  },
  async run(io: CommandIo, { positionals, values }: ParsedArgs): Promise<number> {
    if (positionals.length > 0 || (values.make === true && values.restore !== undefined)) {
      throw new UsageError("backups takes --make or --restore ID", backupsCommand.usage);
    }
    const core = openCore(io, values.library);
    try {
      if (values.make === true) await call(core, "storage.act", { action: "backUp" });
      if (values.restore !== undefined) {
        await call(core, "storage.restore", { backup: String(values.restore) });
      }
      const { backups } = await call(core, "storage.backups", {});
      const isJson = values.json === true;
      io.stdout(isJson ? `${JSON.stringify({ backups }, undefined, 2)}\n` : listText(backups));
      return exitCodes.ok;
    } finally {
      await core.close();
    }
  },
};

function openCore(io: CommandIo, library: unknown): Core {
  const dataFolder = library === undefined ? defaultDataFolder() : resolve(String(library));
  return createCore({
    ...{ host: "cli", version: packageJson.version, isPackaged: false, dataFolder },
    log: (error) => io.stderr(`${error instanceof Error ? error.stack : error}\n`),
  });
}

/** The value of a reply. Throws InputError with its words where it is an error, and ServiceError for one of Crossover's own. */
async function call<Name extends MethodName>(
  core: Core,
  name: Name,
  params: MethodParams<Name>,
): Promise<MethodResult<Name>> {
  const caller = { host: "cli" as const, id: "command" };
  const reply = (await core.call(name, params, caller)) as Reply<MethodResult<Name>>;
  if (reply.ok) return reply.value;
  const { code, message, field, hint } = reply.error;
  if (code === "internal") throw new ServiceError(code, message);
  const isId = field === "backup" || code === "badParams";
  throw new InputError(message, {
    field: isId ? "restore" : field,
    hint: isId ? "crossover backups lists their ids" : hint,
  });
}

function contentsText({ contents, problem }: BackupEntry): string {
  if (contents === null) return `cannot be used: ${problem}`;
  const { scenarios, traces, runs, studies, newest } = contents;
  const counts = [
    `${formatCount(scenarios)} scenarios`,
    `${formatCount(traces)} traces`,
    `${formatCount(runs)} runs`,
    `${formatCount(studies)} studies`,
  ];
  return `${counts.join(", ")}${newest.length > 0 ? `; changed last: ${newest.join(", ")}` : ""}`;
}

function listText(backups: readonly BackupEntry[]): string {
  if (backups.length === 0) return "There is no backup yet; --make makes one.\n";
  const lines = backups.flatMap((backup) => [
    `${backup.id.padEnd(24)} ${new Date(backup.madeMs).toISOString().slice(0, 19)}Z  ${(backup.bytes / 1e6).toFixed(1)} MB`,
    `  ${contentsText(backup)}`,
  ]);
  return `${lines.join("\n")}\n`;
}
