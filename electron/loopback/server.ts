/** The browser host: the same page and the same core, served on 127.0.0.1 to the browser of whoever started it. */
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { decodeWire, encodeWire } from "../../shared/contract/wire.ts";
import type { Core } from "../core/createCore.ts";
import { type Caller, maxTextBytes, tooLargeError } from "../core/dispatch.ts";
import { createPageFiles, securityHeaders } from "../core/pageFiles.ts";
import { cookieName, isRunToken, refuse } from "./guard.ts";
import { LaterReplies } from "./laterReplies.ts";

/** A host that is listening. */
export interface LoopbackHost {
  /** With the run's token in the fragment, which no server ever sees and no log holds. */
  readonly address: string;
  readonly port: number;
  /** Stops listening and ends open connections. */
  close(): Promise<void>;
}

/** How long a client may take, milliseconds. */
export interface LoopbackLimits {
  /** To send its headers. */
  readonly headersMs: number;
  /** To send a whole request, an upload included. */
  readonly requestMs: number;
}

interface Context {
  readonly core: Core;
  readonly token: string;
  readonly port: () => number;
  readonly page: ReturnType<typeof createPageFiles>;
  readonly caller: Caller;
  readonly later: LaterReplies;
}

/** Bytes that a page may be behind with events before its stream is ended; it opens a new one by itself. */
const maxUnsentBytes = 4 * 1024 * 1024;
const maxConnections = 64;

function answer(response: ServerResponse, status: number, type: string, body: string): void {
  const headers = { ...securityHeaders, "Content-Type": type };
  response.writeHead(status, { ...headers, "Content-Length": Buffer.byteLength(body) }).end(body);
}

function answerJson(response: ServerResponse, status: number, value: unknown): void {
  answer(response, status, "application/json; charset=utf-8", encodeWire(value));
}

const decoder = new TextDecoder("utf-8", { fatal: true });

/** The body as text; undefined for one past the limit, of which the rest is read and dropped: who still sends does not hear an answer. */
function readBody(request: IncomingMessage, limit: number): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length <= limit) chunks.push(chunk);
      else chunks.length = 0;
    });
    request.once("end", () => {
      if (length > limit) return resolve(undefined);
      try {
        resolve(decoder.decode(Buffer.concat(chunks)));
      } catch {
        resolve("not UTF-8");
      }
    });
    request.once("error", reject);
    request.once("close", () => reject(new Error("the connection ended")));
  });
}

/** Exchanges the token of the address for a cookie that scripts cannot read. */
async function enter(context: Context, request: IncomingMessage, response: ServerResponse) {
  const body = parsed((await readBody(request, 1024)) ?? "");
  if (!isRunToken((body as { token?: unknown } | undefined)?.token, context.token)) {
    return answerJson(response, 401, refusedReply("open the address that the start printed"));
  }
  const cookie = `${cookieName(context.port())}=${context.token}`;
  response.writeHead(204, {
    ...securityHeaders,
    "Set-Cookie": `${cookie}; HttpOnly; SameSite=Strict; Path=/`,
  });
  response.end();
}

/** Undefined for what is not JSON: no method takes that. */
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

/** A client that says so is told where the reply of a long call will be; any other waits for it. */
async function call(
  { core, caller, later }: Context,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const text = await readBody(request, maxTextBytes(name));
  if (text === undefined) {
    return answerJson(response, 413, { ok: false, error: core.errorOf(tooLargeError(name)) });
  }
  const params = text === "" ? {} : parsed(text);
  const reply = core.call(name, params, caller);
  if (request.headers["x-crossover-later"] !== "1") return answerJson(response, 200, await reply);
  const prompt = await later.prompt(reply);
  if ("later" in prompt) answerJson(response, 202, prompt);
  else answerJson(response, 200, prompt.reply);
}

/** Gives the reply of a long call, once; 202 while it goes on. */
function sendReply({ later }: Context, name: string, response: ServerResponse): void {
  const found = later.take(name);
  if (found === "pending") answerJson(response, 202, { later: name });
  else if (found !== undefined) answerJson(response, 200, found.reply);
  else {
    answerJson(response, 404, refusedReply("there is no such reply, or it was fetched before"));
  }
}

/** Takes a file that the page's file input sends; with its whole size in a header, its beginning only. */
async function receiveFile(
  { core }: Context,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
) {
  try {
    // An error in the middle must not end the connection: the page would never hear of it.
    const chunks = request.iterator({ destroyOnReturn: false });
    const all = Number(request.headers["x-crossover-bytes"] ?? Number.NaN);
    const value = await (Number.isNaN(all)
      ? core.transfers.receive(chunks, name)
      : core.transfers.receiveHead(chunks, name, all));
    answerJson(response, 200, { ok: true, value });
  } catch (error) {
    // A page that went away in the middle hears nothing more.
    if (request.destroyed && !request.complete) response.destroy();
    else answerJson(response, 200, { ok: false, error: core.errorOf(error) });
  }
}

/** Takes the rest of a file whose beginning came before. */
async function receiveRest(
  { core }: Context,
  token: string,
  request: IncomingMessage,
  response: ServerResponse,
) {
  try {
    await core.transfers.receiveRest(request.iterator({ destroyOnReturn: false }), token);
    answerJson(response, 200, { ok: true, value: {} });
  } catch (error) {
    if (request.destroyed && !request.complete) response.destroy();
    else answerJson(response, 200, { ok: false, error: core.errorOf(error) });
  }
}

/** Gives the page what was written to a target, as a download. */
function sendFile({ core }: Context, token: string, response: ServerResponse): void {
  const found = core.transfers.take(token);
  if (found === undefined) {
    answerJson(response, 404, refusedReply("there is no such file, or it was fetched before"));
    return;
  }
  const name = encodeURIComponent(found.name).replace(/['()*]/g, (letter) => {
    return `%${letter.charCodeAt(0).toString(16).toUpperCase()}`;
  });
  response.writeHead(200, {
    ...securityHeaders,
    "Content-Type": "application/octet-stream",
    "Content-Length": found.bytes.length,
    "Content-Disposition": `attachment; filename*=UTF-8''${name}`,
  });
  response.end(found.bytes);
}

/** Core's events as messages, and as "replied" the names of long calls' replies that have come. */
function streamEvents({ core, later }: Context, response: ServerResponse): void {
  response.writeHead(200, { ...securityHeaders, "Content-Type": "text/event-stream" });
  response.write(": open\n\n");
  const tell = (text: string): void => {
    if (response.writableLength > maxUnsentBytes) response.destroy();
    else response.write(text);
  };
  const stops = [
    core.subscribe((event) => tell(`data: ${encodeWire(event)}\n\n`)),
    later.subscribe((name) => tell(`event: replied\ndata: ${name}\n\n`)),
  ];
  // Of the answer: the request itself is over at once.
  response.once("close", () => {
    for (const stop of stops) stop();
  });
}

/** The path of a request's target, and what follows /api/ or /files/ in it; undefined for a target that is none. */
function pathOf(target: string): { path: string; rest: string } | undefined {
  try {
    // Only what begins with one slash: a whole URL or //host would name another host than the header.
    if (!/^\/(?!\/)/.test(target)) return undefined;
    const path = new URL(target, "http://127.0.0.1").pathname;
    return { path, rest: decodeURIComponent(path.replace(/^\/[^/]*\//, "")) };
  } catch {
    return undefined;
  }
}

async function route(
  context: Context,
  { path, rest }: { path: string; rest: string },
  request: IncomingMessage,
  response: ServerResponse,
) {
  const { method } = request;
  if (path === "/enter" && method === "POST") return enter(context, request, response);
  if (path === "/events" && method === "GET") return streamEvents(context, response);
  if (path.startsWith("/replies/") && method === "GET") return sendReply(context, rest, response);
  if (path.startsWith("/rests/") && method === "POST") {
    return receiveRest(context, rest, request, response);
  }
  if (path.startsWith("/files/")) {
    if (method === "POST") return receiveFile(context, rest, request, response);
    return sendFile(context, rest, response);
  }
  if (path.startsWith("/api/")) {
    if (method === "POST") return call(context, rest, request, response);
    return answerJson(response, 405, refusedReply("POST only"));
  }
  const { status, headers, body } = context.page(method ?? "", path);
  response.writeHead(status, { ...headers, "Content-Length": body.length }).end(body);
}

async function handle(context: Context, request: IncomingMessage, response: ServerResponse) {
  const { method = "", headers } = request;
  const target = pathOf(request.url ?? "");
  const asked = { method, path: target?.path ?? "/api/", headers };
  const refusal = refuse(asked, context.port(), context.token);
  if (refusal !== undefined) {
    answerJson(response, refusal.status, refusedReply(refusal.reason));
  } else if (target === undefined) {
    answerJson(response, 400, refusedReply("the address is none of this page's"));
  } else {
    await route(context, target, request, response);
  }
  // What was not read is dropped, so that the client can send it and then hear the answer.
  if (!request.readableEnded) request.resume();
}

/** Open connections, so that closing need not wait for a page that listens. */
function trackSockets(server: Server): Set<Socket> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  return sockets;
}

function limitServer(server: Server, { headersMs, requestMs }: LoopbackLimits): void {
  server.maxConnections = maxConnections;
  server.requestTimeout = requestMs;
  server.headersTimeout = headersMs;
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
}

const usualLimits: LoopbackLimits = { headersMs: 10_000, requestMs: 600_000 };

/** Listens on a random port (or `port`) of 127.0.0.1, and there only. */
export async function startLoopback(
  core: Core,
  pageFolder: string,
  log: (error: unknown) => void,
  port = 0,
  limits = usualLimits,
): Promise<LoopbackHost> {
  const token = randomBytes(32).toString("base64url");
  const options = {
    maxHeaderSize: 16_384,
    connectionsCheckingInterval: Math.min(limits.headersMs, 5000),
  };
  const server = createServer(options, (request, response) => {
    handle(context, request, response).catch((error: unknown) => {
      if (!request.complete) return response.destroy();
      log(error);
      if (response.headersSent) response.destroy();
      else answer(response, 500, "text/plain; charset=utf-8", "An error in Crossover itself.");
    });
  });
  const context: Context = {
    ...{ core, token, page: createPageFiles(pageFolder), later: new LaterReplies() },
    port: () => (server.address() as AddressInfo).port,
    caller: { host: "loopback", id: "page" },
  };
  limitServer(server, limits);
  const sockets = trackSockets(server);
  await listen(server, port);
  const own = context.port();
  return {
    address: `http://127.0.0.1:${own}/#${token}`,
    port: own,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
