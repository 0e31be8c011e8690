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

  /**
   * Resolves true when a page has answered, and `graceMs` later than the first answer, for other pages of a browser to answer too; false
   * when none did within the limit. Both in milliseconds.
   */
  ask(limitMs: number, graceMs = 0): Promise<boolean> {
    const flush = ++this.last;
    return new Promise((resolve) => {
      let hasAnswer = false;
      const end = (): void => {
        clearTimeout(timer);
        this.asked.delete(flush);
        resolve(hasAnswer);
      };
      const timer = setTimeout(end, limitMs);
      this.asked.set(flush, () => {
        if (hasAnswer) return;
        hasAnswer = true;
        if (graceMs === 0) end();
        else setTimeout(end, graceMs);
      });
      this.publish({ kind: "flush", flush });
    });
  }

  /** A page has written its work. */
  answer(flush: number): void {
    this.asked.get(flush)?.();
  }
}
