/** The built page as a fixed list of files, with the headers that every answer carries: the same for the app:// scheme and for loopback. */
import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
  ".json": "application/json",
};

/** No network, no inline code, no plug-ins, no frames: what the page may do. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types default",
].join("; ");

/** Headers of every answer, page or data. */
export const securityHeaders: Readonly<Record<string, string>> = {
  "Content-Security-Policy": contentSecurityPolicy,
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cache-Control": "no-store",
};

/** One answer to a request for a page file. */
export interface PageAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

function listFiles(folder: string, prefix: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${prefix}/${entry.name}`;
    return entry.isDirectory() ? listFiles(join(folder, entry.name), path) : [path];
  });
}

function refusal(status: number, text: string): PageAnswer {
  return {
    status,
    headers: { ...securityHeaders, "Content-Type": "text/plain; charset=utf-8" },
    body: Buffer.from(text),
  };
}

/** The decoded path, or undefined where it cannot be one of ours. */
function decodedPath(pathname: string): string | undefined {
  try {
    const path = decodeURIComponent(pathname);
    return path.includes("\0") || path.includes("\\") ? undefined : path;
  } catch {
    return undefined;
  }
}

/** Serves the files that lay in `folder` when it was made; nothing else on the disk can be reached, whatever the path says. */
export function createPageFiles(folder: string): (method: string, pathname: string) => PageAnswer {
  const manifest = new Map(
    listFiles(folder, "").map((path) => [path, join(folder, ...path.split("/").slice(1))]),
  );
  return (method, pathname) => {
    if (method !== "GET") return refusal(405, "Only GET.");
    const wanted = pathname === "/" ? "/index.html" : decodedPath(pathname);
    const file = wanted === undefined ? undefined : manifest.get(wanted);
    if (file === undefined) return refusal(404, "Not found.");
    const type = types[extname(file)] ?? "application/octet-stream";
    const headers = { ...securityHeaders, "Content-Type": type };
    return { status: 200, headers, body: readFileSync(file) };
  };
}
