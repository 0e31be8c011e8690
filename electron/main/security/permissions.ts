/** What pages may ask of the system and the network: clean text into the clipboard, and nothing else. */
import type { Session } from "electron";
import { isOwnUrl } from "./sender.ts";

const allowedPermission = "clipboard-sanitized-write";
const ownSchemes = ["app:", "data:", "blob:"];
/** Of Chromium's own tools, which a packaged app does not open. */
const toolSchemes = ["devtools:", "chrome-extension:"];

/** Denies permissions and devices, and cancels every request that leaves the app. `hasDevTools`: not in a packaged app. */
export function lockSession(session: Session, hasDevTools: boolean): void {
  const localSchemes = new Set([...ownSchemes, ...(hasDevTools ? toolSchemes : [])]);
  session.setPermissionRequestHandler((contents, permission, answer, details) => {
    const isOwn = details.isMainFrame && isOwnUrl(contents.getURL());
    answer(isOwn && permission === allowedPermission);
  });
  session.setPermissionCheckHandler(
    (_contents, permission, origin) => permission === allowedPermission && isOwnUrl(origin),
  );
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest((details, answer) => {
    answer({ cancel: !localSchemes.has(new URL(details.url).protocol) });
  });
}
