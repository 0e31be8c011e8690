import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { allowedHosts, checkedExternalUrl } from "./externalUrl.ts";
import { lockSession } from "./permissions.ts";
import { isOwnSender, isOwnUrl } from "./sender.ts";

vi.mock("electron", () => ({ shell: {} }));

describe("our own page", () => {
  it.each([
    ["app://crossover/", true],
    ["app://crossover/index.html#x", true],
    ["app://crossover.evil.example/", false],
    ["app://evil/crossover", false],
    ["https://x.example/?next=app://crossover/", false],
    ["http://app://crossover/", false],
    ["about:blank", false],
    ["file:///app://crossover/", false],
    ["", false],
  ])("%s: %s", (url, isOwn) => {
    expect(isOwnUrl(url)).toBe(isOwn);
  });

  it("speaks from the main frame of a window of ours, and from nowhere else", () => {
    const frame = { url: "app://crossover/" };
    const sender = { id: 1, mainFrame: frame };
    const isOurs = (id: number) => id === 1;
    expect(isOwnSender({ senderFrame: frame, sender }, isOurs)).toBe(true);
    expect(isOwnSender({ senderFrame: null, sender }, isOurs)).toBe(false);
    expect(isOwnSender({ senderFrame: { ...frame }, sender }, isOurs)).toBe(false);
    expect(isOwnSender({ senderFrame: frame, sender: { ...sender, id: 2 } }, isOurs)).toBe(false);
    const blank = { url: "about:blank" };
    const other = { id: 1, mainFrame: blank };
    expect(isOwnSender({ senderFrame: blank, sender: other }, isOurs)).toBe(false);
  });
});

describe("an address for the system's browser", () => {
  it("may be any page that the catalog or the claim ledger cites, and those of two manuals", () => {
    const data = join(import.meta.dirname, "../../../data");
    const catalog = readdirSync(join(data, "catalog")).filter((name) => name.endsWith(".json"));
    const files = ["claims.json", ...catalog.map((name) => `catalog/${name}`)];
    const texts = files.map((name) => readFileSync(join(data, name), "utf8")).join("\n");
    const cited = [...texts.matchAll(/https?:\/\/([a-z0-9.-]+)/gi)].map(([, host]) => host!);
    expect([...allowedHosts].sort()).toEqual(
      [...new Set([...cited, "docs.vllm.ai", "github.com"])].sort(),
    );
  });

  it.each(["https://docs.nvidia.com/nim/", "https://github.com/vllm-project/vllm"])(
    "may be %s",
    (url) => {
      expect(checkedExternalUrl(url)).toBe(url);
    },
  );

  it.each([
    "http://docs.nvidia.com/",
    "https://docs.nvidia.com.evil.example/",
    "https://docs.nvidia.com@evil.example/",
    "https://user@docs.nvidia.com/",
    "https://docs.nvidia.com:8443/",
    " https://docs.nvidia.com/",
    "file:///etc/passwd",
    "smb://host/share",
    "javascript:alert(1)",
    "ms-msdt:/id",
    "\\\\host\\share",
    "",
    undefined,
    { toString: () => "https://docs.nvidia.com/" },
  ])("may not be %s", (url) => {
    expect(checkedExternalUrl(url)).toBeUndefined();
  });
});

/** What a session was locked with. */
function lockedSession(hasDevTools: boolean) {
  const session = {
    setPermissionRequestHandler: vi.fn(),
    setPermissionCheckHandler: vi.fn(),
    setDevicePermissionHandler: vi.fn(),
    webRequest: { onBeforeRequest: vi.fn() },
  };
  lockSession(session as never, hasDevTools);
  /** What the handler that was set answers, by its callback or at once. */
  const answerOf = (setter: ReturnType<typeof vi.fn>, ...args: readonly unknown[]): unknown => {
    const answer = vi.fn();
    const [handler] = setter.mock.calls[0] as [(...given: unknown[]) => unknown];
    const given = args.map((each) => (each === "answer" ? answer : each));
    const returned = handler(...given);
    return answer.mock.calls[0]?.[0] ?? returned;
  };
  return {
    isCancelled: (url: string) =>
      answerOf(session.webRequest.onBeforeRequest, { url }, "answer") as { cancel: boolean },
    isGranted: (permission: string, url: string, isMainFrame = true) =>
      answerOf(
        session.setPermissionRequestHandler,
        { getURL: () => url },
        ...[permission, "answer", { isMainFrame }],
      ),
    isChecked: (permission: string, origin: string) =>
      answerOf(session.setPermissionCheckHandler, null, permission, origin),
    takesDevices: () => answerOf(session.setDevicePermissionHandler, {}),
  };
}

describe("the locked session", () => {
  const own = "app://crossover/";

  it("cancels every request but those of the page's own schemes, and of Chromium's tools while the app is no package", () => {
    const packaged = lockedSession(false);
    const local = [own, "data:image/png,x", "blob:app://crossover/1"];
    const away = ["https://example.com/", "http://127.0.0.1/", "ws://x/", "file:///etc/passwd"];
    const tools = ["devtools://devtools/x.js", "chrome-extension://abc/x.js"];
    expect(local.map(packaged.isCancelled)).toEqual(Array(3).fill({ cancel: false }));
    expect([...away, ...tools].map(packaged.isCancelled)).toEqual(Array(6).fill({ cancel: true }));
    const unpackaged = lockedSession(true);
    expect(tools.map(unpackaged.isCancelled)).toEqual(Array(2).fill({ cancel: false }));
    expect(away.map(unpackaged.isCancelled)).toEqual(Array(4).fill({ cancel: true }));
  });

  it("grants clean text into the clipboard to the page itself, and nothing else to nobody else", () => {
    const { isGranted, isChecked, takesDevices } = lockedSession(false);
    const clean = "clipboard-sanitized-write";
    expect([isGranted(clean, own), isChecked(clean, own)]).toEqual([true, true]);
    expect(isGranted(clean, own, false)).toBe(false);
    expect(isGranted(clean, "https://example.com/")).toBe(false);
    expect(isChecked(clean, "https://example.com/")).toBe(false);
    for (const each of [
      "clipboard-read",
      "notifications",
      "geolocation",
      "media",
      "openExternal",
    ]) {
      expect([isGranted(each, own), isChecked(each, own)]).toEqual([false, false]);
    }
    expect(takesDevices()).toBe(false);
  });
});
