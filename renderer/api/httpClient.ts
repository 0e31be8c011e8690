/** The client in a browser: over the loopback host. */
import type { Reply } from "../../shared/contract/errors.ts";
import type { CoreEvent } from "../../shared/contract/events.ts";
import type { ChosenFile } from "../../shared/contract/hostMethods.ts";
import type { MethodName, MethodParams } from "../../shared/contract/methods.ts";
import { decodeWire, encodeWire } from "../../shared/contract/wire.ts";
import { CallFailed, type Client, unwrap } from "./client.ts";
import { type HostMessage, hearHost } from "./hostEvents.ts";

const jsonHeaders = { "Content-Type": "application/json", "X-Crossover": "1" };
const callHeaders = { ...jsonHeaders, "X-Crossover-Later": "1" };
/** As much as browsers send of a page that is going. */
const lastingLength = 60_000;
/** How often a long call's reply is asked for, where nobody tells that it has come. */
const askAgainMs = 1000;

/** Exchanges the token in the address for a cookie, and takes it out of the address. */
async function enter(): Promise<void> {
  const token = location.hash.slice(1);
  if (token === "") return;
  history.replaceState(null, "", location.pathname);
  const body = encodeWire({ token });
  await fetch("/enter", { method: "POST", headers: jsonHeaders, body });
}

function lostHost(): CallFailed {
  return new CallFailed({
    code: "refused",
    message:
      "Crossover does not answer: its program has ended. Start it again and open the address that it prints.",
  });
}

async function ask(path: string, init?: RequestInit): Promise<Response> {
  return fetch(path, init).catch(() => {
    throw lostHost();
  });
}

/** Unsaved work is written also while the page goes. */
function isLasting(path: string, body: string): boolean {
  return path === "/api/scenario.saveDraft" && body.length < lastingLength;
}

/** Outlives the page. Browsers take only so much of that at a time; beyond it, as any other. */
function askLasting(path: string, init: RequestInit): Promise<Response> {
  return fetch(path, { ...init, keepalive: true }).catch(() => ask(path, init));
}

async function replyOf(response: Response): Promise<Reply<unknown>> {
  return decodeWire(await response.text()) as Reply<unknown>;
}

/** Calls that take long are answered under a name, so that they hold no connection meanwhile. */
class Calls {
  private readonly waiting = new Map<string, () => void>();

  /** The reply of that name has come. */
  hear(name: string): void {
    this.waiting.get(name)?.();
  }

  async post(path: string, body: string): Promise<Reply<unknown>> {
    const init = { method: "POST", headers: callHeaders, body };
    const response = await (isLasting(path, body) ? askLasting(path, init) : ask(path, init));
    if (response.status !== 202) return replyOf(response);
    const { later } = (await response.json()) as { later: string };
    try {
      return await this.fetchLater(later);
    } finally {
      this.waiting.delete(later);
    }
  }

  private async fetchLater(name: string): Promise<Reply<unknown>> {
    for (;;) {
      const told = new Promise<void>((resolve) => this.waiting.set(name, resolve));
      const response = await ask(`/replies/${name}`, { headers: { "X-Crossover": "1" } });
      if (response.status !== 202) return replyOf(response);
      await Promise.race([told, new Promise((resolve) => setTimeout(resolve, askAgainMs))]);
    }
  }
}

/** What a look at a file needs of it, and some more. */
const headBytes = 4 * 1024 * 1024;

async function send(path: string, body: Blob, more: Record<string, string> = {}) {
  const headers = { "Content-Type": "application/octet-stream", "X-Crossover": "1", ...more };
  const response = await ask(path, { method: "POST", headers, body });
  const reply = decodeWire(await response.text()) as Reply<ChosenFile>;
  if (!reply.ok) throw new CallFailed(reply.error);
  return reply.value;
}

/** Sends one file of the page to the loopback host; a token for it. Of a large file it is there once its beginning is: the rest follows. */
async function upload(file: File): Promise<ChosenFile> {
  const path = `/files/${encodeURIComponent(file.name)}`;
  if (file.size <= 2 * headBytes) return send(path, file);
  const size = { "X-Crossover-Bytes": String(file.size) };
  const chosen = await send(path, file.slice(0, headBytes), size);
  // What goes wrong here is told where the file is used.
  void send(`/rests/${chosen.token}`, file.slice(headBytes)).catch(() => undefined);
  return chosen;
}

const lists = ["scenarios", "traces", "runs", "settings"] as const;

/** What a message of the host means to the page. Events that were missed are none to it, but what they may have told is read anew. */
function eventsOf({ kind, text }: HostMessage): CoreEvent[] {
  if (kind === "event") return [decodeWire(text) as CoreEvent];
  if (kind === "lost") return [{ kind: "notice", tone: "bad", text: lostHost().message }];
  if (kind === "replied") return [];
  const changed = lists.map((of) => ({ kind: "libraryChanged", of }) as const);
  return [{ kind: "storageChanged" }, ...changed];
}

/** The client over HTTP and server-sent events. */
export async function createHttpClient(): Promise<Client> {
  await enter();
  const listeners = new Set<(event: CoreEvent) => void>();
  const calls = new Calls();
  hearHost((message) => {
    if (message.kind === "replied") calls.hear(message.text);
    for (const event of eventsOf(message)) for (const listener of listeners) listener(event);
  });
  return {
    hasDialogs: false,
    call: async <Name extends MethodName>(name: Name, params: MethodParams<Name>) =>
      unwrap<Name>(await calls.post(`/api/${name}`, encodeWire(params))),
    offerFiles: (files) => Promise.all(files.map(upload)),
    on(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
