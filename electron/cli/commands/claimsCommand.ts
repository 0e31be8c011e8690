/** `crossover claims`: every published figure, reproduced or refuted by computing it. */
import { ClaimRun } from "../../../shared/planning/claims/checkClaims.ts";
import type { ClaimLedger } from "../../../shared/planning/claims/ledger.ts";
import { formatLedger } from "../../../shared/reports/claimsText.ts";
import { loadClaimInputs, shownLedger } from "../../core/claimInputs.ts";
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
  const run = new ClaimRun(await loadClaimInputs(textOption(args, "catalog")), readOnly(args));
  const ledger = await runWatched(io, run);
  if (ledger === undefined) return exitCodes.interrupted;
  io.stdout(
    args.values.json === true
      ? `${JSON.stringify(shownLedger(ledger), undefined, 2)}\n`
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
