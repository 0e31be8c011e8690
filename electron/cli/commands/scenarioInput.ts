/** What the commands over scenarios share: reading a scenario with its traces, whole numbers of options, progress and Ctrl+C. */
import { basename, dirname, isAbsolute, join, normalize, sep } from "node:path";
import { describeReject } from "../../../shared/importers/rejects.ts";
import { requireSound } from "../../../shared/planning/checkScenario.ts";
import type { RunInput, RunProgress } from "../../../shared/planning/scenarioRun.ts";
import type { Scenario } from "../../../shared/schema/scenario.ts";
import { maxScenarioCharacters, parseScenario } from "../../../shared/schema/scenarioFile.ts";
import { InputError } from "../../../shared/units/errors.ts";
import { readTextFile } from "../../files/boundedRead.ts";
import { loadTrace } from "../../files/loadTrace.ts";
import { isInside } from "../../files/realPath.ts";
import {
  type FetchTrace,
  fetchTraces,
  RunCancelled,
  type RunWatcher,
  type TraceOverride,
} from "../../services/runs.ts";
import { type CommandIo, type CommandOption, type ParsedArgs, UsageError } from "../command.ts";
import { parseMapping } from "./importCommand.ts";

/** Options of a command that runs one scenario with its traces. */
export const scenarioOptions: Record<string, CommandOption> = {
  trace: {
    type: "string",
    multiple: true,
    help: "FILE, or SOURCE=FILE: replay it in place of the scenario's own trace, which is looked for in the scenario's folder",
  },
  format: { type: "string", help: "format of the --trace file; default: detected" },
  map: { type: "string", help: "columns of the --trace file, as for import" },
  seed: { type: "string", help: "a whole number in place of the scenario's seed" },
  "accept-rejects": {
    type: "boolean",
    help: "run without the trace rows that cannot be used (exit code 4)",
  },
};

/** A scenario ready to run. */
export interface ScenarioInput extends RunInput {
  /** Rows of its traces that cannot be used; above 0 only with --accept-rejects. */
  readonly rejectedRows: number;
}

/** How a scenario is to be read. */
export interface ScenarioReading {
  readonly overrides?: readonly TraceOverride[];
  readonly acceptRejects?: boolean;
  /** Called with the path of each trace before it is read. */
  readonly onRead?: (path: string) => void;
  /** How a trace is loaded; default: from its file. */
  readonly fetch?: FetchTrace;
}

/** Reads a scenario, checks it and loads the traces that it names from its folder. Throws InputError. */
export async function readScenario(
  path: string,
  reading: ScenarioReading = {},
): Promise<ScenarioInput> {
  const fileName = basename(path);
  const text = await readTextFile(path, maxScenarioCharacters);
  const { scenario, unknownFields } = parseScenario(text, fileName);
  return loadScenario(scenario, unknownFields, path, reading);
}

/** A scenario that has been read, with its checks and traces; files that it names lie beside `path`. Throws InputError. */
export async function loadScenario(
  scenario: Scenario,
  unknownFields: readonly string[],
  path: string,
  { overrides = [], acceptRejects = false, onRead, fetch = fetchTrace }: ScenarioReading = {},
): Promise<ScenarioInput> {
  const findings = requireSound(scenario, basename(path));
  const fileOf = (name: string, sourceId: string): string => {
    const file = traceFile(dirname(path), name, sourceId);
    onRead?.(file);
    return file;
  };
  const fetched = await fetchTraces(scenario, overrides, fileOf, fetch, acceptRejects);
  const unknown = unknownFields.map((field) => `unknown field ${field}: kept, without effect`);
  const found = findings.warnings.map(({ field, message }) => `${field}: ${message}`);
  return {
    scenario,
    traces: fetched.traces,
    warnings: [...unknown, ...found, ...fetched.warnings],
    rejectedRows: fetched.rejectedRows,
  };
}

/** A whole number given for an option, undefined when it is not given. Throws UsageError. */
export function wholeNumber(
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

/** The traces given with --trace, read as --format and --map say. Throws UsageError. */
export function overridesOf(values: ParsedArgs["values"]): TraceOverride[] {
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

/** Loads a trace from its file. */
export const fetchTrace: FetchTrace = async (path, request) => {
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
export async function watchRuns<T>(
  io: CommandIo,
  work: (watcher: RunWatcher) => Promise<T>,
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
