/** `crossover run SCENARIO`: simulates a scenario and prints latency, utilization and cost. */
import type { EndedRun } from "../../../shared/planning/endedRun.ts";
import { formatRun } from "../../../shared/reports/runText.ts";
import { type AtomicWriter, openAtomicWriter } from "../../files/atomicWrite.ts";
import { realPathOf } from "../../files/realPath.ts";
import { requestCsvLines } from "../../services/requestRows.ts";
import { runReplications } from "../../services/runs.ts";
import { type Command, type CommandIo, type ParsedArgs, UsageError } from "../command.ts";
import { exitCodes } from "../exitCodes.ts";
import {
  overridesOf,
  readScenario,
  scenarioOptions,
  watchRuns,
  wholeNumber,
} from "./scenarioInput.ts";

/** The command. */
export const runCommand: Command = {
  name: "run",
  summary: "simulate a scenario: latency, utilization, cost",
  usage: "run SCENARIO [--trace FILE] [--seed N] [--replications N] [--requests FILE.csv] [--json]",
  options: {
    ...scenarioOptions,
    replications: {
      type: "string",
      help: "run N times with different draws; figures get 95 % intervals",
    },
    requests: {
      type: "string",
      help: "write one row per request of the first run as CSV: arrival, class, destination, state, latencies, tokens",
    },
  },
  run: runScenarioCommand,
};

async function runScenarioCommand(io: CommandIo, args: ParsedArgs): Promise<number> {
  const { positionals, values } = args;
  if (positionals.length !== 1) {
    throw new UsageError(`run wants one scenario file, found ${positionals.length}`);
  }
  const path = positionals[0];
  const overrides = overridesOf(values);
  const requestsPath = values.requests === undefined ? undefined : String(values.requests);
  const refuse = (read: string) => refuseOverwrite(read, requestsPath);
  for (const read of [path, ...overrides.map((each) => each.path)]) refuse(read);
  const seed = wholeNumber(values.seed, "--seed", 0, Number.MAX_SAFE_INTEGER);
  const replications = wholeNumber(values.replications, "--replications", 1, 10_000) ?? 1;
  const acceptRejects = values["accept-rejects"] === true;
  const input = await readScenario(path, { overrides, acceptRejects, onRead: refuse });
  const report = await withRequests(requestsPath, (writeFrom) =>
    watchRuns(io, (watcher) =>
      runReplications({ ...input, seed }, replications, watcher, writeFrom),
    ),
  );
  if (report === undefined) return exitCodes.interrupted;
  if (values.json) for (const warning of report.warnings) io.stderr(`crossover: ${warning}\n`);
  io.stdout(values.json ? `${JSON.stringify(report, undefined, 2)}\n` : formatRun(report));
  return input.rejectedRows > 0 ? exitCodes.rowsRejected : exitCodes.ok;
}

function refuseOverwrite(read: string, target: string | undefined): void {
  if (target === undefined || realPathOf(target) !== realPathOf(read)) return;
  throw new UsageError(`--requests names the file that is read, ${read}. Wanted another file`);
}

const rowsPerWrite = 100_000;

/** Does `work` with a writer of request rows, if a file for them is named; the file appears when the work is done, and not at all when it fails or is stopped. */
async function withRequests<T>(
  path: string | undefined,
  work: (writeFrom?: (run: EndedRun) => Promise<void>) => Promise<T>,
): Promise<T> {
  if (path === undefined) return work();
  const writer = openAtomicWriter(path);
  try {
    const result = await work((run) => writeRequests(writer, run));
    if (result !== undefined) writer.commit();
    return result;
  } finally {
    writer.abort();
  }
}

async function writeRequests(writer: AtomicWriter, run: EndedRun): Promise<void> {
  let rows = 0;
  for (const line of requestCsvLines(run)) {
    writer.write(line);
    // Lets Ctrl+C through.
    if (++rows % rowsPerWrite === 0) await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
