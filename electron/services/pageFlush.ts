/** Asks pages to write their unsaved work before the program ends. */
import type { CoreEvent } from "../../shared/contract/events.ts";

/** One question at a time is enough: a program ends once. */
export class PageFlush {
  private readonly publish: (event: CoreEvent) => void;
  private readonly asked = new Map<number, () => void>();
  private last = 0;

  constructor(publish: (event: CoreEvent) => void) {
    this.publish = publish;
  }

  /** Resolves true when a page has answered, false when none did within the limit (milliseconds). */
  ask(limitMs: number): Promise<boolean> {
    const flush = ++this.last;
    return new Promise((resolve) => {
      const end = (isDone: boolean): void => {
        clearTimeout(timer);
        this.asked.delete(flush);
        resolve(isDone);
      };
      const timer = setTimeout(() => end(false), limitMs);
      this.asked.set(flush, () => end(true));
      this.publish({ kind: "flush", flush });
    });
  }

  /** A page has written its work. */
  answer(flush: number): void {
    this.asked.get(flush)?.();
  }
}
