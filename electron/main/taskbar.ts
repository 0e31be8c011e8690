/** How far the work under way is, for the dock or the taskbar. */
import type { CoreEvent } from "../../shared/contract/events.ts";

/** Work shorter than this shows nothing: an edit's run would only flicker. */
const shownAfterMs = 1000;

interface Work {
  readonly startMs: number;
  readonly share: number;
}

/** The mean share of all work that has gone on for a second. */
export class TaskbarProgress {
  private readonly now: () => number;
  private readonly work = new Map<string, Work>();

  constructor(now: () => number) {
    this.now = now;
  }

  /** The bar after an event: 0..1, -1 for none; undefined for an event that changes nothing. */
  hear(event: CoreEvent): number | undefined {
    if (event.kind === "done") this.work.delete(event.job);
    else if (event.kind === "progress") {
      const startMs = this.work.get(event.job)?.startMs ?? this.now();
      this.work.set(event.job, { startMs, share: event.share });
    } else return undefined;
    return this.bar();
  }

  private bar(): number {
    const nowMs = this.now();
    const shown = [...this.work.values()].filter(({ startMs }) => nowMs - startMs >= shownAfterMs);
    const sum = shown.reduce((total, { share }) => total + share, 0);
    return shown.length === 0 ? -1 : sum / shown.length;
  }
}
