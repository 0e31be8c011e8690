/** The app:// scheme: the built page and nothing else. */
import { protocol } from "electron";
import type { PageAnswer } from "../../core/pageFiles.ts";
import { pageOrigin } from "./sender.ts";

/** Before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: "app", privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

type PageFiles = (method: string, pathname: string) => PageAnswer;

function answerTo(page: PageFiles, method: string, url: string): PageAnswer {
  const { protocol: scheme, host, pathname } = new URL(url);
  if (`${scheme}//${host}` !== pageOrigin) return page(method, "/\0");
  return page(method, pathname);
}

/** Once the app is ready. Electron before 25 has no protocol.handle. */
export function servePage(page: PageFiles): void {
  if (typeof protocol.handle === "function") {
    protocol.handle("app", (request) => {
      const { status, headers, body } = answerTo(page, request.method, request.url);
      return new Response(Buffer.from(body), { status, headers });
    });
    return;
  }
  protocol.registerBufferProtocol("app", (request, callback) => {
    const { status, headers, body } = answerTo(page, request.method, request.url);
    const mimeType = headers["Content-Type"]?.split(";")[0];
    callback({ statusCode: status, headers: { ...headers }, mimeType, data: Buffer.from(body) });
  });
}
