/** The client in a browser: over the loopback host. */
import type { Reply } from "../../shared/contract/errors.ts";
import type { CoreEvent } from "../../shared/contract/events.ts";
import type { ChosenFile } from "../../shared/contract/hostMethods.ts";
import type { MethodName, MethodParams } from "../../shared/contract/methods.ts";
import { decodeWire, encodeWire } from "../../shared/contract/wire.ts";
import { CallFailed, type Client, unwrap } from "./client.ts";

const jsonHeaders = { "Content-Type": "application/json", "X-Crossover": "1" };

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

async function post(path: string, body: string): Promise<Reply<unknown>> {
  const response = await fetch(path, { method: "POST", headers: jsonHeaders, body }).catch(() => {
    throw lostHost();
  });
  return decodeWire(await response.text()) as Reply<unknown>;
}

/** Sends one file of the page to the loopback host; a token for it. */
async function upload(file: File): Promise<ChosenFile> {
  const response = await fetch(`/files/${encodeURIComponent(file.name)}`, {
    method: "POST",
    headers: { "Content-Type": "application/octet-stream", "X-Crossover": "1" },
    body: file,
  });
  const reply = decodeWire(await response.text()) as Reply<ChosenFile>;
  if (!reply.ok) throw new CallFailed(reply.error);
  return reply.value;
}

/** The client over HTTP and server-sent events. */
export async function createHttpClient(): Promise<Client> {
  await enter();
  const listeners = new Set<(event: CoreEvent) => void>();
  const source = new EventSource("/events");
  source.onmessage = (message: MessageEvent<string>) => {
    const event = decodeWire(message.data) as CoreEvent;
    for (const listener of listeners) listener(event);
  };
  return {
    hasDialogs: false,
    call: async <Name extends MethodName>(name: Name, params: MethodParams<Name>) =>
      unwrap<Name>(await post(`/api/${name}`, encodeWire(params))),
    offerFiles: (files) => Promise.all(files.map(upload)),
    on(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
