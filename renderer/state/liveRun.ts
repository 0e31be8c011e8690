/** The answer to a document: simulated again at each edit, the run before it dropped; the old answer stays in sight, marked, until the new one is there. */
import { createStore, type StoreApi } from "zustand/vanilla";
import type { ScenarioDocument } from "../../shared/contract/common.ts";
import type { ContractError } from "../../shared/contract/errors.ts";
import type { CoreEvent } from "../../shared/contract/events.ts";
import type { RunReach } from "../../shared/planning/runReach.ts";
import type { RunReport } from "../../shared/planning/runReport.ts";
import { CallFailed, type Client } from "../api/client.ts";
import { newJob } from "./jobNames.ts";

export interface LiveState {
  /** The newest answer; undefined before the first. */
  readonly report: RunReport | undefined;
  /** The document that the answer is for. */
  readonly answered: ScenarioDocument | undefined;
  /** The answer before the last edit; undefined before the first. */
  readonly before: RunReport | undefined;
  /** The answer that the person pinned to hold others against; until the window closes. */
  readonly pinned: RunReport | undefined;
  /** Share of the traffic's time that a first answer is of, while the whole is under way; undefined where the report is of all of it. */
  readonly firstShare: number | undefined;
  /** Whether a run is under way; the answer is then the one before. */
  readonly isRunning: boolean;
  /** 0..1 of the run under way. */
  readonly share: number;
  readonly etaS: number | undefined;
  /** How far the run under way has come in its own time, with its first figures; undefined before its first word. */
  readonly reach: RunReach | undefined;
  /** Why the newest document has no answer; undefined where it has, or may have soon. */
  readonly error: ContractError | undefined;
  readonly wasCancelled: boolean;
  /** How many runs of other draws stand behind the intervals; 1 for none. */
  readonly replications: number;
  /** Whether those runs are under way behind the answer. */
  readonly isSettling: boolean;
  /** When the run under way began, in milliseconds of performance.now(). */
  readonly startedMs: number;
}

/** What core tells of a piece of work under way. */
export type ProgressEvent = Extract<CoreEvent, { kind: "progress" }>;

/** Runs behind an answer's intervals, where nobody asked for another number. */
export const usualReplications = 5;
/** So long after an answer its further runs begin: an edit that follows at once pays nothing for them. */
const settleDelayMs = 500;

/** The live answer of one document. */
export class LiveRun {
  readonly store: StoreApi<LiveState>;
  private readonly client: Client;
  private readonly scenarioId: string;
  private job: string | undefined;
  private settleJob: string | undefined;
  private settleTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: Client, scenarioId: string) {
    this.client = client;
    this.scenarioId = scenarioId;
    this.store = createStore<LiveState>(() => ({
      report: undefined,
      answered: undefined,
      before: undefined,
      pinned: undefined,
      firstShare: undefined,
      isRunning: false,
      share: 0,
      etaS: undefined,
      reach: undefined,
      error: undefined,
      wasCancelled: false,
      replications: usualReplications,
      isSettling: false,
      startedMs: 0,
    }));
  }

  /** Simulates a document; a run of an earlier one is dropped. `isKept` puts the run into the library. */
  async run(document: ScenarioDocument, isKept: boolean): Promise<void> {
    this.drop();
    const job = newJob("live");
    this.job = job;
    const startedMs = performance.now();
    const begun = { isRunning: true, share: 0, etaS: undefined, reach: undefined };
    this.store.setState({ ...begun, wasCancelled: false, startedMs });
    try {
      const scenarioId = this.scenarioId;
      void this.askQuick(document, job);
      const reply = await this.client.call("run.start", { job, document, scenarioId, isKept });
      if (this.job !== job) return;
      const report = reply.report as object as RunReport;
      const { report: last, answered, before, firstShare } = this.store.getState();
      const isEdited = answered !== document && firstShare === undefined;
      const told = { before: isEdited ? last : before, firstShare: undefined };
      this.end({ ...told, report, answered: document, error: undefined });
      this.planSettling(document, isKept);
    } catch (error) {
      if (this.job === job) this.fail(error);
    }
  }

  /** A first answer of a long run, shown as settling until the whole is there. That there is none is no problem: the whole says what is wrong. */
  private async askQuick(document: ScenarioDocument, job: string): Promise<void> {
    const asked = { job: `quick-${job}`, document };
    const reply = await this.client.call("run.quick", asked).catch(() => undefined);
    if (this.job !== job || reply?.report == null) return;
    const report = reply.report as object as RunReport;
    const { report: last, firstShare, before } = this.store.getState();
    // The change of an edit is told against the last whole answer.
    const whole = firstShare === undefined ? last : before;
    this.store.setState({ report, before: whole, firstShare: reply.share });
  }

  /** Ends the run under way on the person's wish. */
  cancel(): void {
    if (this.job === undefined) return;
    this.drop();
    this.end({ wasCancelled: true });
  }

  /** Pins the answer as it stands, or takes the pin out. */
  pin(isPinned: boolean): void {
    this.store.setState(({ report }) => ({ pinned: isPinned ? report : undefined }));
  }

  /** Sets how many runs stand behind the intervals, and gets those of the newest answer. */
  setReplications(replications: number): void {
    this.dropSettling();
    this.store.setState({ replications });
    const { report } = this.store.getState();
    if (replications < 2 && report !== undefined) {
      this.store.setState({ report: { ...report, replications: undefined } });
    }
    const { answered, isRunning } = this.store.getState();
    if (answered !== undefined && !isRunning) this.planSettling(answered, false);
  }

  /** What core tells of the run under way. */
  hear({ job, share, etaS, reach }: ProgressEvent): void {
    if (job === this.job) this.store.setState({ share, etaS, reach });
  }

  private drop(): void {
    if (this.job !== undefined) {
      void this.client.call("job.cancel", { job: this.job });
      void this.client.call("job.cancel", { job: `quick-${this.job}` });
    }
    this.job = undefined;
    this.dropSettling();
  }

  private dropSettling(): void {
    clearTimeout(this.settleTimer);
    if (this.settleJob !== undefined) {
      void this.client.call("job.cancel", { job: this.settleJob });
      this.store.setState({ isSettling: false });
    }
    this.settleJob = undefined;
  }

  private planSettling(document: ScenarioDocument, isKept: boolean): void {
    if (this.store.getState().replications < 2) return;
    this.settleTimer = setTimeout(() => void this.settle(document, isKept), settleDelayMs);
  }

  /** Runs the same with other draws, for the intervals; the answer's own figures stay as they are. */
  private async settle(document: ScenarioDocument, isKept: boolean): Promise<void> {
    const job = newJob("settle");
    this.settleJob = job;
    this.store.setState({ isSettling: true });
    const { scenarioId } = this;
    const { replications } = this.store.getState();
    try {
      const asked = { job, document, scenarioId, replications, isKept };
      const reply = await this.client.call("run.start", asked);
      if (this.settleJob !== job) return;
      const report = reply.report as object as RunReport;
      this.store.setState({ report });
    } catch {
      // The answer stands without intervals: what is wrong with the scenario the answer itself has said.
    }
    if (this.settleJob !== job) return;
    this.settleJob = undefined;
    this.store.setState({ isSettling: false });
  }

  private fail(error: unknown): void {
    const known = error instanceof CallFailed ? error.error : undefined;
    const message = error instanceof Error ? error.message : String(error);
    if (known?.code === "cancelled") this.end({ wasCancelled: true });
    else this.end({ error: known ?? { code: "internal", message } });
  }

  private end(patch: Partial<LiveState>): void {
    this.job = undefined;
    const ended = { isRunning: false, share: 0, etaS: undefined, reach: undefined };
    this.store.setState({ ...ended, ...patch });
  }
}
