/** Who may talk to the loopback host: only the page that it served itself, to the browser that was given its address. */
import { timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** What the guard looks at. */
export interface GuardedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** Why a request is turned away; undefined when it may pass. */
export interface Refusal {
  readonly status: 401 | 403 | 405 | 415 | 421;
  readonly reason: string;
}

/** Name of the cookie that holds the run's token; a browser keeps cookies of all ports together, so the port is part of it. */
export function cookieName(port: number): string {
  return `crossover-${port}`;
}

function isEqual(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Whether one of the cookies is the run's: another server of this machine may have set one of the same name. */
function hasToken(header: string | undefined, name: string, token: string): boolean {
  return (header ?? "").split(";").some((part) => {
    const [given, value = ""] = part.trim().split("=");
    return given === name && isEqual(value, token);
  });
}

/** Paths that need no token: the page itself, which holds nothing private, and the exchange of the token for a cookie. */
function isOpen(path: string): boolean {
  return path !== "/events" && !/^\/(api|files|rests|replies)\//.test(path);
}

/** Checks in this order: Host (against DNS rebinding), Origin, Sec-Fetch-Site, method, token, the header that no form can send, content type. */
export function refuse(request: GuardedRequest, port: number, token: string): Refusal | undefined {
  const { headers, method, path } = request;
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (!hosts.includes(headers.host ?? "")) return { status: 421, reason: "another host" };
  const { origin } = headers;
  if (origin !== undefined && !hosts.some((host) => origin === `http://${host}`)) {
    return { status: 403, reason: "another origin" };
  }
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") {
    return { status: 403, reason: "another site" };
  }
  if (method !== "GET" && method !== "POST") return { status: 405, reason: "GET or POST only" };
  if (!isOpen(path) && !hasToken(headers.cookie, cookieName(port), token)) {
    return { status: 401, reason: "open the address that the start printed" };
  }
  return method === "POST" ? refusePost(request) : undefined;
}

function refusePost({ headers, path }: GuardedRequest): Refusal | undefined {
  if (headers["x-crossover"] !== "1") return { status: 403, reason: "not from the page" };
  if (headers.origin === undefined) return { status: 403, reason: "no origin" };
  const wanted = /^\/(files|rests)\//.test(path) ? "application/octet-stream" : "application/json";
  const found = (headers["content-type"] ?? "").split(";")[0]!.trim();
  return found === wanted ? undefined : { status: 415, reason: `content type ${wanted} only` };
}

/** Whether the token that a page sends in exchange for its cookie is the run's own. */
export function isRunToken(given: unknown, token: string): boolean {
  return typeof given === "string" && isEqual(given, token);
}
