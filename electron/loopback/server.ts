/** The browser host: the same page and the same core, served on 127.0.0.1 to the browser of whoever started it. */
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { decodeWire, encodeWire } from "../../shared/contract/wire.ts";
import type { Core } from "../core/createCore.ts";
import { type Caller, maxCallBytes } from "../core/dispatch.ts";
import { createPageFiles, securityHeaders } from "../core/pageFiles.ts";
import { cookieName, isRunToken, refuse } from "./guard.ts";

/** A host that is listening. */
export interface LoopbackHost {
  /** With the run's token in the fragment, which no server ever sees and no log holds. */
  readonly address: string;
  readonly port: number;
  /** Stops listening and ends open connections. */
  close(): Promise<void>;
}

interface Context {
  readonly core: Core;
  readonly token: string;
  readonly page: ReturnType<typeof createPageFiles>;
  readonly caller: Caller;
}

function answer(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { ...securityHeaders, "Content-Type": type }).end(body);
}

function answerJson(response: ServerResponse, status: number, value: unknown): void {
  answer(response, status, "application/json; charset=utf-8", encodeWire(value));
}

/** The body as text; undefined past the limit. */
async function readBody(request: IncomingMessage, limit: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += (chunk as Buffer).length;
    if (length > limit) return undefined;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Exchanges the token of the address for a cookie that scripts cannot read. */
async function enter(context: Context, request: IncomingMessage, response: ServerResponse) {
  const body = parsed((await readBody(request, 1024)) ?? "");
  if (!isRunToken((body as { token?: unknown } | undefined)?.token, context.token)) {
    return answerJson(response, 401, refusedReply("open the address that the start printed"));
  }
  response.writeHead(204, {
    ...securityHeaders,
    "Set-Cookie": `${cookieName}=${context.token}; HttpOnly; SameSite=Strict; Path=/`,
  });
  response.end();
}

function parsed(text: string): unknown {
  try {
    return decodeWire(text);
  } catch {
    return undefined;
  }
}

function refusedReply(reason: string) {
  return { ok: false, error: { code: "refused", message: `The call was refused: ${reason}.` } };
}

async function call(
  context: Context,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const text = await readBody(request, maxCallBytes + 1024);
  if (text === undefined) {
    const message = `The parameters of ${name} are larger than any method takes.`;
    response.setHeader("Connection", "close");
    return answerJson(response, 413, { ok: false, error: { code: "tooLarge", message } });
  }
  const params = text === "" ? {} : parsed(text);
  answerJson(response, 200, await context.core.call(name, params, context.caller));
}

/** Takes a file that the page's file input sends. */
async function receiveFile(
  { core }: Context,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
) {
  try {
    const value = await core.transfers.receive(request, name);
    answerJson(response, 200, { ok: true, value });
  } catch (error) {
    request.resume();
    const message = error instanceof Error ? error.message : String(error);
    answerJson(response, 200, { ok: false, error: { code: "badInput", message } });
  }
}

/** Gives the page what was written to a target, as a download. */
function sendFile({ core }: Context, token: string, response: ServerResponse): void {
  const found = core.transfers.take(token);
  if (found === undefined) {
    answerJson(response, 404, refusedReply("there is no such file, or it was fetched before"));
    return;
  }
  const name = encodeURIComponent(found.name);
  response.writeHead(200, {
    ...securityHeaders,
    "Content-Type": "application/octet-stream",
    "Content-Disposition": `attachment; filename*=UTF-8''${name}`,
  });
  response.end(found.bytes);
}

function streamEvents({ core }: Context, request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { ...securityHeaders, "Content-Type": "text/event-stream" });
  response.write(": open\n\n");
  const stop = core.subscribe((event) => void response.write(`data: ${encodeWire(event)}\n\n`));
  request.once("close", stop);
}

async function handle(
  context: Context,
  port: number,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const method = request.method ?? "GET";
  const { pathname: path } = new URL(request.url ?? "/", "http://127.0.0.1");
  const refusal = refuse({ method, path, headers: request.headers }, port, context.token);
  if (refusal !== undefined) {
    request.resume();
    return answerJson(response, refusal.status, refusedReply(refusal.reason));
  }
  if (path === "/enter" && method === "POST") return enter(context, request, response);
  if (path === "/events" && method === "GET") return streamEvents(context, request, response);
  if (path.startsWith("/files/")) {
    const rest = decodeURIComponent(path.slice("/files/".length));
    if (method === "POST") return receiveFile(context, rest, request, response);
    return sendFile(context, rest, response);
  }
  if (path.startsWith("/api/")) {
    if (method === "POST") return call(context, path.slice("/api/".length), request, response);
    return answerJson(response, 405, refusedReply("POST only"));
  }
  const { status, headers, body } = context.page(method, path);
  response.writeHead(status, headers).end(body);
}

/** Listens on a random port (or `port`) of 127.0.0.1, and there only. */
export async function startLoopback(
  core: Core,
  pageFolder: string,
  log: (error: unknown) => void,
  port = 0,
): Promise<LoopbackHost> {
  const token = randomBytes(32).toString("base64url");
  const page = createPageFiles(pageFolder);
  const context = { core, token, page, caller: { host: "loopback" as const, id: "page" } };
  const server: Server = createServer({ maxHeaderSize: 16_384 }, (request, response) => {
    const own = (server.address() as AddressInfo).port;
    handle(context, own, request, response).catch((error: unknown) => {
      log(error);
      if (response.headersSent) response.destroy();
      else answer(response, 500, "text/plain; charset=utf-8", "An error in Crossover itself.");
    });
  });
  server.maxConnections = 64;
  server.requestTimeout = 300_000;
  server.headersTimeout = 10_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const own = (server.address() as AddressInfo).port;
  return {
    address: `http://127.0.0.1:${own}/#${token}`,
    port: own,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections?.();
      }),
  };
}
