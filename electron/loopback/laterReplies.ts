/** Replies of calls that take long. Browsers open six connections to a host for all its pages together: a call that held one for minutes would keep others, its own cancel among them, from being sent. */
import { randomBytes } from "node:crypto";

/** Milliseconds. */
export interface LaterLimits {
  /** A call that is answered by then is answered at once. */
  readonly promptMs: number;
  /** So long a reply is kept for its page to fetch. */
  readonly keptMs: number;
}

const usualLimits: LaterLimits = { promptMs: 700, keptMs: 120_000 };

/** What a call is answered with: its reply, or the name under which that will be. */
export type Prompt = { readonly reply: unknown } | { readonly later: string };

/** Replies by name; undefined while the call goes on. */
export class LaterReplies {
  private readonly replies = new Map<string, { reply: unknown } | undefined>();
  private readonly listeners = new Set<(name: string) => void>();
  private readonly limits: LaterLimits;

  constructor(limits = usualLimits) {
    this.limits = limits;
  }

  /** The reply where it comes soon, else its name. `reply` never rejects. */
  async prompt(reply: Promise<unknown>): Promise<Prompt> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), this.limits.promptMs);
    });
    const soon = await Promise.race([reply.then((value) => ({ reply: value })), late]);
    clearTimeout(timer);
    return soon ?? { later: this.keep(reply) };
  }

  /** A reply, once: "pending" while the call goes on, undefined for a name that is unknown or was fetched. */
  take(name: string): { readonly reply: unknown } | "pending" | undefined {
    if (!this.replies.has(name)) return undefined;
    const found = this.replies.get(name);
    if (found === undefined) return "pending";
    this.replies.delete(name);
    return found;
  }

  /** Tells names of replies that have come, until the returned function is called. */
  subscribe(listener: (name: string) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  private keep(reply: Promise<unknown>): string {
    const name = randomBytes(18).toString("base64url");
    this.replies.set(name, undefined);
    void reply.then((value) => {
      this.replies.set(name, { reply: value });
      setTimeout(() => this.replies.delete(name), this.limits.keptMs).unref();
      for (const tell of this.listeners) tell(name);
    });
    return name;
  }
}
