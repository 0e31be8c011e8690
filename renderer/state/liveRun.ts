/** The answer to a document: simulated again at each edit, the run before it dropped; the old answer stays in sight, marked, until the new one is there. */
import { createStore, type StoreApi } from "zustand/vanilla";
import type { ScenarioDocument } from "../../shared/contract/common.ts";
import type { ContractError } from "../../shared/contract/errors.ts";
import type { RunReport } from "../../shared/planning/runReport.ts";
import { CallFailed, type Client } from "../api/client.ts";

export interface LiveState {
  /** The newest answer; undefined before the first. */
  readonly report: RunReport | undefined;
  /** The document that the answer is for. */
  readonly answered: ScenarioDocument | undefined;
  /** Whether a run is under way; the answer is then the one before. */
  readonly isRunning: boolean;
  /** 0..1 of the run under way. */
  readonly share: number;
  readonly etaS: number | undefined;
  /** Why the newest document has no answer; undefined where it has, or may have soon. */
  readonly error: ContractError | undefined;
  readonly wasCancelled: boolean;
}

let lastJob = 0;

/** The live answer of one document. */
export class LiveRun {
  readonly store: StoreApi<LiveState>;
  private readonly client: Client;
  private readonly scenarioId: string;
  private job: string | undefined;

  constructor(client: Client, scenarioId: string) {
    this.client = client;
    this.scenarioId = scenarioId;
    this.store = createStore<LiveState>(() => ({
      report: undefined,
      answered: undefined,
      isRunning: false,
      share: 0,
      etaS: undefined,
      error: undefined,
      wasCancelled: false,
    }));
  }

  /** Simulates a document; a run of an earlier one is dropped. `isKept` puts the run into the library. */
  async run(document: ScenarioDocument, isKept: boolean): Promise<void> {
    this.drop();
    const job = `live-${++lastJob}`;
    this.job = job;
    this.store.setState({ isRunning: true, share: 0, etaS: undefined, wasCancelled: false });
    try {
      const scenarioId = this.scenarioId;
      const reply = await this.client.call("run.start", { job, document, scenarioId, isKept });
      if (this.job !== job) return;
      const report = reply.report as object as RunReport;
      this.end({ report, answered: document, error: undefined });
    } catch (error) {
      if (this.job === job) this.fail(error);
    }
  }

  /** Ends the run under way on the person's wish. */
  cancel(): void {
    if (this.job === undefined) return;
    this.drop();
    this.end({ wasCancelled: true });
  }

  /** What core tells of the run under way. */
  hear(job: string, share: number, etaS: number | undefined): void {
    if (job === this.job) this.store.setState({ share, etaS });
  }

  private drop(): void {
    if (this.job !== undefined) void this.client.call("job.cancel", { job: this.job });
    this.job = undefined;
  }

  private fail(error: unknown): void {
    const known = error instanceof CallFailed ? error.error : undefined;
    const message = error instanceof Error ? error.message : String(error);
    if (known?.code === "cancelled") this.end({ wasCancelled: true });
    else this.end({ error: known ?? { code: "internal", message } });
  }

  private end(patch: Partial<LiveState>): void {
    this.job = undefined;
    this.store.setState({ isRunning: false, share: 0, etaS: undefined, ...patch });
  }
}
