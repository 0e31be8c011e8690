/** News for the page that must not be lost: kept while no page is ready to hear them. */
import type { CoreEvent } from "../../shared/contract/events.ts";

/** One page at a time. */
export class PageMail {
  private readonly send: (event: CoreEvent) => void;
  private waiting: CoreEvent[] = [];
  private isReady = false;

  constructor(send: (event: CoreEvent) => void) {
    this.send = send;
  }

  get hasPage(): boolean {
    return this.isReady;
  }

  deliver(event: CoreEvent): void {
    if (this.isReady) this.send(event);
    else this.waiting.push(event);
  }

  /** A page listens: it gets what was kept. */
  pageIsReady(): void {
    this.isReady = true;
    for (const event of this.waiting.splice(0)) this.send(event);
  }

  /** The page has gone, or is being loaded again. */
  pageIsGone(): void {
    this.isReady = false;
  }
}
