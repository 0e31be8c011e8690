/** Where pages may go: nowhere. */
import type { App, WebContents } from "electron";
import { isOwnUrl } from "./sender.ts";

function lock(contents: WebContents): void {
  const stop = (event: { preventDefault(): void }, url: string): void => {
    if (!isOwnUrl(url)) event.preventDefault();
  };
  contents.on("will-navigate", (event, url) => stop(event, url));
  contents.on("will-redirect", (event, url) => stop(event, url));
  contents.on("will-frame-navigate", (event) => {
    if (!isOwnUrl(event.url)) event.preventDefault();
  });
  contents.on("will-attach-webview", (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: "deny" }));
}

/** Locks every page of the app, whoever makes it. */
export function lockNavigation(app: App): void {
  app.on("web-contents-created", (_event, contents) => lock(contents));
}
