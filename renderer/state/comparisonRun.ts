/**
 * The comparison of chosen scenarios: run anew when the choice changes, the run before it dropped; the old answer stays in
 * sight meanwhile. A scenario that cannot run does not keep the others from being compared: it is left out, with the reason.
 */
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

/** A chosen scenario that cannot be compared. */
export interface LeftOut {
  readonly id: string;
  /** Its name and what is wrong with it, as its own message says, on one line. */
  readonly reason: string;
}

export interface ComparisonState {
  readonly comparison: Comparison | undefined;
  /** What the comparison is of: those that were left out are not among it. */
  readonly answered: ComparisonChoice | undefined;
  /** Of the newest choice, as far as is known. */
  readonly leftOut: readonly LeftOut[];
  readonly isRunning: boolean;
  /** Whether the person ended the newest run before it was done. */
  readonly wasCancelled: boolean;
  /** 0..1 of the run under way. */
  readonly share: number;
  readonly etaS: number | undefined;
  readonly error: ContractError | undefined;
}

/** The one of the scenarios that an error is about: core names it by its place. */
function leftBy(error: unknown, ids: readonly string[]): LeftOut | undefined {
  if (!(error instanceof CallFailed) || error.error.code !== "badInput") return undefined;
  const place = /^scenarios\.(\d+)$/.exec(error.error.field ?? "");
  if (place === null) return undefined;
  const reason = error.error.message
    .replace(/^Scenario \d+, /, "")
    .replace(/(\d problems?)\s*\n/, "$1:")
    .replace(/\s+/g, " ");
  return { id: ids[Number(place[1])], reason };
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
      wasCancelled: false,
      ...{ share: 0, etaS: undefined, error: undefined, leftOut: [] },
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
    const start = { isRunning: true, share: 0, etaS: undefined, error: undefined };
    this.store.setState({ ...start, leftOut: [], wasCancelled: false });
    let { ids } = choice;
    while (this.job === job) {
      try {
        const comparison = await this.start(job, { ...choice, ids });
        if (this.job === job) this.end({ comparison, answered: { ...choice, ids } });
        return;
      } catch (error) {
        if (this.job !== job) return;
        const left = leftBy(error, ids);
        if (left === undefined) return this.fail(error);
        ids = ids.filter((id) => id !== left.id);
        this.store.setState(({ leftOut }) => ({ leftOut: [...leftOut, left] }));
        if (ids.length < 2) return this.end({ comparison: undefined, answered: undefined });
      }
    }
  }

  /** As cancel, at the person's word. */
  stop(): void {
    if (this.job === undefined) return;
    this.cancel();
    this.store.setState({ wasCancelled: true });
  }

  /** Ends the run under way. */
  cancel(): void {
    if (this.job === undefined) return;
    void this.client.call("job.cancel", { job: this.job });
    this.end({});
  }

  private async start(job: string, { ids, replications }: ComparisonChoice): Promise<Comparison> {
    const { result } = await this.client.call("study.start", {
      ...{ job, scenarios: ids.map((id) => ({ id })) },
      study: { kind: "compare", baseline: 0, replications },
    });
    return result as object as Comparison;
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
