/** Work under way by the name that its caller gave it: progress out, cancel in. */
import { ServiceError } from "../../shared/contract/errors.ts";
import type { CoreEvent } from "../../shared/contract/events.ts";
import type { RunReach } from "../../shared/planning/runReach.ts";

/** What a piece of work is given. */
export interface JobHandle {
  /** Asked several times a second by the work. */
  isCancelled(): boolean;
  /** 0..1, a few words on what is being done, and how far a run has come; passed on at most every 50 ms. */
  progress(share: number, text?: string, reach?: RunReach): void;
}

const minGapMs = 50;

/** Keeps the work of all callers apart; publishes progress and ends. */
export class JobDesk {
  private readonly publish: (event: CoreEvent) => void;
  private readonly now: () => number;
  private readonly cancelled = new Map<string, boolean>();

  constructor(publish: (event: CoreEvent) => void, now: () => number = () => performance.now()) {
    this.publish = publish;
    this.now = now;
  }

  /** Runs work under a name. Throws ServiceError (conflict) while work of that name goes on, and whatever the work throws. */
  async run<Result>(job: string, work: (handle: JobHandle) => Promise<Result>): Promise<Result> {
    if (this.cancelled.has(job)) {
      throw new ServiceError("conflict", `Work named "${job}" is already under way.`, {
        field: "job",
      });
    }
    this.cancelled.set(job, false);
    const handle = this.handleOf(job);
    let outcome: "done" | "failed" | "cancelled" = "failed";
    try {
      const result = await work(handle);
      outcome = "done";
      return result;
    } catch (error) {
      if (this.cancelled.get(job)) outcome = "cancelled";
      throw error;
    } finally {
      this.cancelled.delete(job);
      handle.end();
      this.publish({ kind: "done", job, outcome });
    }
  }

  /** Asks work to end; false when there is none of that name. */
  cancel(job: string): boolean {
    if (!this.cancelled.has(job)) return false;
    this.cancelled.set(job, true);
    return true;
  }

  cancelAll(): void {
    for (const job of this.cancelled.keys()) this.cancelled.set(job, true);
  }

  /** After end() nothing more is told: threads may still have a word on the way. */
  private handleOf(job: string): JobHandle & { end(): void } {
    let hasEnded = false;
    const startMs = this.now();
    let lastMs = Number.NEGATIVE_INFINITY;
    return {
      isCancelled: () => hasEnded || this.cancelled.get(job) === true,
      end: () => {
        hasEnded = true;
      },
      progress: (share, text, reach) => {
        const nowMs = this.now();
        if (hasEnded) return;
        if (share < 1 && nowMs - lastMs < minGapMs) return;
        lastMs = nowMs;
        const elapsedS = (nowMs - startMs) / 1000;
        const etaS = share > 0.02 ? (elapsedS * (1 - share)) / share : undefined;
        const event = { kind: "progress" as const, job, share: Math.min(1, Math.max(0, share)) };
        this.publish({
          ...event,
          ...(text !== undefined && { text }),
          ...(etaS !== undefined && { etaS }),
          ...(reach !== undefined && { reach }),
        });
      },
    };
  }
}
