/** What the commands that run many jobs share: options, worker threads, earlier results, progress, Ctrl+C. */
import type { JobWatcher } from "../../../shared/planning/jobs/job.ts";
import type { TraceColumns } from "../../../shared/schema/traceColumns.ts";
import { type ClosableRunner, createJobRunner } from "../../core/jobRunner.ts";
import { type AtomicWriter, openAtomicWriter } from "../../files/atomicWrite.ts";
import { realPathOf } from "../../files/realPath.ts";
import { type CommandIo, type CommandOption, type ParsedArgs, UsageError } from "../command.ts";
import { wholeNumber } from "./scenarioInput.ts";

/** Most threads that may be asked for. */
const maxWorkers = 1024;

/** Options of a command that runs jobs on worker threads. */
export const jobOptions: Record<string, CommandOption> = {
  workers: {
    type: "string",
    help: "worker threads, default as many as the machine runs at once; results do not depend on it",
  },
  cache: {
    type: "string",
    help: "folder of earlier results, default this user's cache folder",
  },
  "no-cache": { type: "boolean", help: "run all again and keep nothing" },
};

/** A runner and what its calls are watched with. */
export interface JobSession {
  readonly runner: ClosableRunner;
  /** For each call of the runner; `part` places a call among several: [from, to] of the whole, 0..1. */
  watcher(
    part?: readonly [number, number],
  ): Required<Pick<JobWatcher<never>, "isCancelled" | "onProgress">>;
}

/**
 * Does `work` with a runner over the traces, shows progress with the time left on stderr, and ends the work on Ctrl+C: the runner
 * then throws JobCancelled. Threads are stopped at the end. Throws UsageError for options that cannot be used.
 */
export async function withJobs<T>(
  io: CommandIo,
  values: ParsedArgs["values"],
  traces: ReadonlyMap<string, TraceColumns>,
  work: (session: JobSession) => Promise<T>,
): Promise<T> {
  const runner = createJobRunner({
    traces,
    workers: wholeNumber(values.workers, "--workers", 1, maxWorkers),
    cache: cacheOf(values),
    onWarning: (text) => io.stderr(`crossover: ${text}\n`),
  });
  const progress = new ProgressLine(io);
  let isCancelled = false;
  const release = io.onInterrupt?.(() => {
    isCancelled = true;
  });
  try {
    return await work({
      runner,
      watcher: ([from, to] = [0, 1]) => ({
        isCancelled: () => isCancelled,
        onProgress: (share) => progress.show(from + (to - from) * share),
      }),
    });
  } finally {
    release?.();
    progress.clear();
    await runner.close();
  }
}

function cacheOf(values: ParsedArgs["values"]): string | null | undefined {
  if (values["no-cache"] !== true) return values.cache as string | undefined;
  if (values.cache !== undefined) {
    throw new UsageError("--cache and --no-cache are both given; leave one out");
  }
  return null;
}

const terminalMs = 200;
const logMs = 10_000;

/** Share and time left: on a terminal one line that is drawn again, elsewhere a line every ten seconds. */
class ProgressLine {
  private readonly io: CommandIo;
  private readonly startMs: number;
  private shownMs: number;
  private firstShare: number | undefined;
  private isDrawn = false;

  constructor(io: CommandIo) {
    this.io = io;
    this.startMs = io.now();
    this.shownMs = this.startMs;
  }

  show(share: number): void {
    const nowMs = this.io.now();
    this.firstShare ??= share;
    if (nowMs - this.shownMs < (this.io.isTerminal ? terminalMs : logMs)) return;
    this.shownMs = nowMs;
    const text = `${(share * 100).toFixed(0)} % done, ${this.leftText(share, nowMs)}`;
    this.isDrawn = this.io.isTerminal;
    this.io.stderr(this.io.isTerminal ? `\r${text}\x1b[K` : `crossover: ${text}\n`);
  }

  clear(): void {
    if (this.isDrawn) this.io.stderr("\r\x1b[K");
  }

  /** What came from earlier results at the start tells nothing about the speed. */
  private leftText(share: number, nowMs: number): string {
    const gained = share - (this.firstShare ?? 0);
    if (gained <= 0) return "time left not known yet";
    const leftS = ((nowMs - this.startMs) / 1000) * ((1 - share) / gained);
    return `about ${leftS < 120 ? `${Math.ceil(leftS)} s` : `${Math.ceil(leftS / 60)} min`} left`;
  }
}

/** Files that a command writes when its work is done; each is opened before, so that a place that cannot be written is refused before anything runs. */
export class OutputFiles {
  private readonly writers = new Map<string, AtomicWriter>();

  /** Opens the files of those options that are given. Throws InputError; UsageError for one that names what is read. */
  constructor(args: ParsedArgs, options: readonly string[], reads: readonly string[]) {
    try {
      for (const option of options) this.open(args, option, reads);
    } catch (error) {
      this.drop();
      throw error;
    }
  }

  /** Writes the file of an option, if it is given. */
  write(option: string, text: () => string): void {
    const writer = this.writers.get(option);
    if (writer === undefined) return;
    writer.write(text());
    writer.commit();
  }

  /** Drops what was not written. */
  drop(): void {
    for (const writer of this.writers.values()) writer.abort();
  }

  private open(args: ParsedArgs, option: string, reads: readonly string[]): void {
    const path = args.values[option];
    if (typeof path !== "string") return;
    const read = reads.find((each) => realPathOf(each) === realPathOf(path));
    if (read !== undefined) {
      throw new UsageError(`--${option} names the file that is read, ${read}. Wanted another file`);
    }
    this.writers.set(option, openAtomicWriter(path));
  }
}
