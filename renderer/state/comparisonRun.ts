/** The comparison of chosen scenarios: run anew when the choice changes, the run before it dropped; the old answer stays in sight meanwhile. */
import { createStore, type StoreApi } from "zustand/vanilla";
import type { ContractError } from "../../shared/contract/errors.ts";
import type { Comparison } from "../../shared/planning/comparison/comparison.ts";
import { CallFailed, type Client } from "../api/client.ts";
import { newJob } from "./jobNames.ts";

/** What is compared. */
export interface ComparisonChoice {
  /** Ids of two to eight scenarios of the library, the baseline first. */
  readonly ids: readonly string[];
  readonly replications: number;
}

export interface ComparisonState {
  readonly comparison: Comparison | undefined;
  /** What the comparison is of. */
  readonly answered: ComparisonChoice | undefined;
  readonly isRunning: boolean;
  /** 0..1 of the run under way. */
  readonly share: number;
  readonly etaS: number | undefined;
  readonly error: ContractError | undefined;
}

/** One comparison view's run. */
export class ComparisonRun {
  readonly store: StoreApi<ComparisonState>;
  private readonly client: Client;
  private job: string | undefined;

  constructor(client: Client) {
    this.client = client;
    this.store = createStore<ComparisonState>(() => ({
      ...{ comparison: undefined, answered: undefined, isRunning: false },
      ...{ share: 0, etaS: undefined, error: undefined },
    }));
  }

  /** Hears progress until the returned function is called, which also drops the run. */
  listen(): () => void {
    const stop = this.client.on((event) => {
      if (event.kind !== "progress" || event.job !== this.job) return;
      this.store.setState({ share: event.share, etaS: event.etaS });
    });
    return () => {
      stop();
      this.cancel();
    };
  }

  async run(choice: ComparisonChoice): Promise<void> {
    this.cancel();
    const job = newJob("compare");
    this.job = job;
    this.store.setState({ isRunning: true, share: 0, etaS: undefined, error: undefined });
    try {
      const reply = await this.client.call("study.start", {
        ...{ job, scenarios: choice.ids.map((id) => ({ id })) },
        study: { kind: "compare", baseline: 0, replications: choice.replications },
      });
      if (this.job !== job) return;
      const comparison = reply.result as object as Comparison;
      this.end({ comparison, answered: choice });
    } catch (error) {
      if (this.job === job) this.fail(error);
    }
  }

  /** Ends the run under way. */
  cancel(): void {
    if (this.job === undefined) return;
    void this.client.call("job.cancel", { job: this.job });
    this.end({});
  }

  private fail(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    const known: ContractError =
      error instanceof CallFailed ? error.error : { code: "internal", message };
    this.end(known.code === "cancelled" ? {} : { error: known });
  }

  private end(patch: Partial<ComparisonState>): void {
    this.job = undefined;
    this.store.setState({ isRunning: false, share: 0, etaS: undefined, ...patch });
  }
}
