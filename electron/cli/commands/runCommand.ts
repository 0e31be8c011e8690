/** `crossover run SCENARIO`: simulates a scenario and prints latency, utilization and cost. */
import { basename, dirname, isAbsolute, join, normalize, sep } from "node:path";
import { describeReject } from "../../../shared/importers/rejects.ts";
import { requireSound } from "../../../shared/planning/checkScenario.ts";
import type { EndedRun } from "../../../shared/planning/endedRun.ts";
import type { RunProgress } from "../../../shared/planning/scenarioRun.ts";
import { formatRun } from "../../../shared/reports/runText.ts";
import { maxScenarioCharacters, parseScenario } from "../../../shared/schema/scenarioFile.ts";
import { InputError } from "../../../shared/units/errors.ts";
import { type AtomicWriter, openAtomicWriter } from "../../files/atomicWrite.ts";
import { readTextFile } from "../../files/boundedRead.ts";
import { loadTrace } from "../../files/loadTrace.ts";
import { isInside, realPathOf } from "../../files/realPath.ts";
import { requestCsvLines } from "../../services/requestRows.ts";
import {
  type FetchTrace,
  fetchTraces,
  RunCancelled,
  runReplications,
  type TraceOverride,
} from "../../services/runs.ts";
import { type Command, type CommandIo, type ParsedArgs, UsageError } from "../command.ts";
import { exitCodes } from "../exitCodes.ts";
import { parseMapping } from "./importCommand.ts";

/** The command. */
export const runCommand: Command = {
  name: "run",
  summary: "simulate a scenario: latency, utilization, cost",
  usage: "run SCENARIO [--trace FILE] [--seed N] [--replications N] [--requests FILE.csv] [--json]",
  options: {
    trace: {
      type: "string",
      multiple: true,
      help: "FILE, or SOURCE=FILE: replay it in place of the scenario's own trace, which is looked for in the scenario's folder",
    },
    format: { type: "string", help: "format of the --trace file; default: detected" },
    map: { type: "string", help: "columns of the --trace file, as for import" },
    seed: { type: "string", help: "a whole number in place of the scenario's seed" },
    replications: {
      type: "string",
      help: "run N times with different draws; figures get 95 % intervals",
    },
    requests: {
      type: "string",
      help: "write one row per request of the first run as CSV: arrival, class, destination, state, latencies, tokens",
    },
    "accept-rejects": {
      type: "boolean",
      help: "run without the trace rows that cannot be used (exit code 4)",
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
  const fileName = basename(path);
  const seed = wholeNumber(values.seed, "--seed", 0, Number.MAX_SAFE_INTEGER);
  const replications = wholeNumber(values.replications, "--replications", 1, 10_000) ?? 1;
  const text = await readTextFile(path, maxScenarioCharacters);
  const { scenario, unknownFields } = parseScenario(text, fileName);
  const { warnings } = requireSound(scenario, fileName);
  const {
    traces,
    warnings: traceWarnings,
    rejectedRows,
  } = await fetchTraces(
    scenario,
    overrides,
    (name, sourceId) => {
      const file = traceFile(dirname(path), name, sourceId);
      refuse(file);
      return file;
    },
    fetchTrace,
    values["accept-rejects"] === true,
  );
  const unknown = unknownFields.map((field) => `unknown field ${field}: kept, without effect`);
  const found = warnings.map(({ field, message }) => `${field}: ${message}`);
  const input = { scenario, traces, seed, warnings: [...unknown, ...found, ...traceWarnings] };
  const report = await withRequests(requestsPath, (writeFrom) =>
    watch(io, (watcher) => runReplications(input, replications, watcher, writeFrom)),
  );
  if (report === undefined) return exitCodes.interrupted;
  if (values.json) for (const warning of report.warnings) io.stderr(`crossover: ${warning}\n`);
  io.stdout(values.json ? `${JSON.stringify(report, undefined, 2)}\n` : formatRun(report));
  return rejectedRows > 0 ? exitCodes.rowsRejected : exitCodes.ok;
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

function wholeNumber(
  value: ParsedArgs["values"][string],
  option: string,
  least: number,
  most: number,
): number | undefined {
  if (value === undefined) return undefined;
  const number = /^\d+$/.test(String(value)) ? Number(value) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new UsageError(`${option} wants a whole number from ${least} to ${most}, found "${value}"`);
}

function overridesOf(values: ParsedArgs["values"]): TraceOverride[] {
  const list = (values.trace ?? []) as string[];
  const format = values.format as string | undefined;
  const mapping = values.map === undefined ? undefined : parseMapping(String(values.map));
  if (list.length === 0 && (format !== undefined || mapping !== undefined)) {
    throw new UsageError("--format and --map say how to read --trace, which is missing");
  }
  return list.map((text) => {
    const named = /^([A-Za-z0-9][A-Za-z0-9._+-]*)=(.+)$/s.exec(text);
    const source = named?.[1];
    return { source, path: named?.[2] ?? text, format, mapping };
  });
}

/** The path of a trace beside its scenario. A scenario comes from others: it may name files in its own folder only. */
function traceFile(folder: string, name: string, sourceId: string): string {
  const inside = normalize(name);
  if (inside === ".") {
    throw new InputError(
      `Trace source "${sourceId}" names the file "${name}". Wanted the name of a trace file beside the scenario; correct it, or pass the trace with --trace.`,
      { field: `traffic.sources.${sourceId}.file` },
    );
  }
  const path = join(folder, inside);
  const isNamedInside = !isAbsolute(name) && inside !== ".." && !inside.startsWith(`..${sep}`);
  if (isNamedInside && isInside(folder, path)) return path;
  throw new InputError(
    `Trace source "${sourceId}" names the file "${name}", outside the scenario's folder. A scenario reads files beside it only; pass this one with --trace.`,
    { field: `traffic.sources.${sourceId}.file` },
  );
}

const fetchTrace: FetchTrace = async (path, request) => {
  const { mapping, ...rest } = request;
  const loaded = await loadTrace(path, { ...rest, mapping, maxRejectedRows: 1 });
  const { rejected, notes, warnings } = loaded.result;
  const first = rejected.rows[0];
  return {
    columns: loaded.columns,
    sha256: loaded.sha256,
    rejectedRows: rejected.count,
    firstReject: first && describeReject(first),
    notes,
    warnings,
  };
};

/** Shows progress on a terminal and stops on Ctrl+C; undefined when stopped. */
async function watch<T>(
  io: CommandIo,
  work: (watcher: {
    now(): number;
    onProgress(progress: RunProgress, run: number, runs: number): void;
    isCancelled(): boolean;
  }) => Promise<T>,
): Promise<T | undefined> {
  let isCancelled = false;
  let shownMs = 0;
  const startMs = io.now();
  const cancel = () => {
    isCancelled = true;
  };
  process.once("SIGINT", cancel);
  try {
    return await work({
      now: io.now,
      isCancelled: () => isCancelled,
      onProgress: (progress, run, runs) => {
        const nowMs = io.now();
        if (!io.isTerminal || nowMs - shownMs < 200) return;
        shownMs = nowMs;
        io.stderr(`\r${progressText(progress, run, runs, (nowMs - startMs) / 1000)}\x1b[K`);
      },
    });
  } catch (error) {
    if (!(error instanceof RunCancelled)) throw error;
    io.stderr("\ncrossover: stopped; nothing was written\n");
    return undefined;
  } finally {
    process.removeListener("SIGINT", cancel);
    if (shownMs > 0) io.stderr("\r\x1b[K");
  }
}

function progressText(progress: RunProgress, run: number, runs: number, wallS: number): string {
  const share = (run + progress.share) / runs;
  const rate = progress.eventCount / Math.max(wallS, 0.001);
  const etaS = share > 0 ? (wallS * (1 - share)) / share : 0;
  const which = runs > 1 ? `run ${run + 1} of ${runs}, ` : "";
  return `${which}${(share * 100).toFixed(0)} %, ${progress.simulatedS.toFixed(0)} s simulated, ${(rate / 1e6).toFixed(2)} M events/s, about ${etaS.toFixed(0)} s left`;
}
