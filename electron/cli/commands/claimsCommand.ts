/** `crossover claims`: every published figure, reproduced or refuted by computing it. */
import { ClaimRun } from "../../../shared/planning/claims/checkClaims.ts";
import type { ClaimLedger } from "../../../shared/planning/claims/ledger.ts";
import type { ClaimInputs } from "../../../shared/planning/claims/quantities.ts";
import { fillNote, formatLedger } from "../../../shared/reports/claimsText.ts";
import type { TraceColumns } from "../../../shared/schema/traceColumns.ts";
import { InputError } from "../../../shared/units/errors.ts";
import { loadTrace } from "../../files/loadTrace.ts";
import { loadCatalog } from "../../services/catalogFiles.ts";
import { claimTraces, loadClaims } from "../../services/claimFiles.ts";
import { type Command, type CommandIo, type ParsedArgs, UsageError } from "../command.ts";
import { exitCodes } from "../exitCodes.ts";
import { textOption } from "./caseFile.ts";

/** The command: exit code 0 whatever the verdicts are. */
export const claimsCommand: Command = {
  name: "claims",
  summary: "published figures, reproduced or refuted by computing and simulating them",
  usage: "claims [--only ID,ID,...] [--details] [--catalog FOLDER] [--json]",
  options: {
    only: { type: "string", help: "ids of claims, e.g. mixed-periods,night-one-h100; default all" },
    details: {
      type: "boolean",
      help: "also formulas with inputs and sources, rules of verdict, and every case",
    },
    catalog: {
      type: "string",
      help: "a folder with the six files of data/catalog: other prices, GPUs or models",
    },
  },
  run: runClaims,
};

async function runClaims(io: CommandIo, args: ParsedArgs): Promise<number> {
  if (args.positionals.length > 0) {
    throw new UsageError(`claims takes options only, and found "${args.positionals[0]}"`);
  }
  const run = new ClaimRun(await loadInputs(textOption(args, "catalog")), readOnly(args));
  const ledger = await runWatched(io, run);
  if (ledger === undefined) return exitCodes.interrupted;
  io.stdout(
    args.values.json === true
      ? `${JSON.stringify(ledgerJson(ledger), undefined, 2)}\n`
      : formatLedger(ledger, args.values.details === true),
  );
  return exitCodes.ok;
}

function readOnly(args: ParsedArgs): string[] | undefined {
  const text = textOption(args, "only");
  if (text === undefined) return undefined;
  const ids = text.split(",").map((id) => id.trim());
  if (ids.every((id) => id !== "")) return ids;
  throw new UsageError(`--only is "${text}"`, "it is ids of claims with commas between them");
}

async function loadInputs(folder: string | undefined): Promise<ClaimInputs> {
  const file = loadClaims();
  const traces = new Map<string, TraceColumns>();
  for (const [id, { path, format }] of claimTraces(file)) {
    const { columns, result } = await loadTrace(path, { format });
    if (result.rejected.count > 0) {
      throw new InputError(
        `${result.rejected.count} rows of the trace ${path} cannot be used, and the claims count all of them. Restore the file.`,
        { field: `traces.${id}.file` },
      );
    }
    traces.set(id, columns);
  }
  return { file, catalog: loadCatalog(folder), traces };
}

/** Runs the experiments one by one, with their times on stderr; undefined when stopped by Ctrl+C. */
async function runWatched(io: CommandIo, run: ClaimRun): Promise<ClaimLedger | undefined> {
  let isStopped = false;
  const stop = () => {
    isStopped = true;
  };
  process.once("SIGINT", stop);
  try {
    for (const { id } of run.experiments) {
      const startMs = io.now();
      const { cases } = run.runNext()!;
      const seconds = ((io.now() - startMs) / 1000).toFixed(1);
      io.stderr(`crossover: experiment ${id}: ${cases.length} cases, ${seconds} s\n`);
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (!isStopped) continue;
      io.stderr("crossover: stopped; nothing was written\n");
      return undefined;
    }
    return run.finish();
  } finally {
    process.removeListener("SIGINT", stop);
  }
}

/** The ledger with the values of quantities in its notes. */
function ledgerJson(ledger: ClaimLedger): object {
  const claims = ledger.claims.map((claim) => ({
    ...claim,
    note: claim.note === undefined ? undefined : fillNote(claim.note, claim.noteValues),
  }));
  return { ...ledger, claims };
}
