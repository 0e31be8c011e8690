/** Items of Electron's list that only the main process can show: what pages are made with, who may call, what the scheme serves. */
import { type ElectronApplication, expect, type Page, test } from "playwright/test";
import { openDesktop } from "../fixtures/desktop.ts";

let app: ElectronApplication;
let page: Page;

test.beforeAll(async () => {
  ({ app, page } = await openDesktop("packaged", test.info().outputPath("data")));
});

test.afterAll(() => app.close());

/** Opens a window of the test's own on an address; what came of it. */
function open(url: string, isPost = false): Promise<{ status: number; problem: string }> {
  return app.evaluate(
    async ({ BrowserWindow }, [address, post]) => {
      const window = new BrowserWindow({ show: false, webPreferences: { sandbox: true } });
      let status = 0;
      window.webContents.on("did-navigate", (_event, _url, code) => {
        status = code;
      });
      const bytes = Buffer.from("x");
      const options = post ? { postData: [{ type: "rawData" as const, bytes }] } : {};
      const problem = await window.loadURL(address!, options).then(
        () => "",
        (error: Error) => error.message,
      );
      window.destroy();
      return { status, problem };
    },
    [url, isPost ? "post" : ""] as const,
  );
}

test("items 2, 3, 4, 6 and 8 to 11: the page was made with every door shut", async () => {
  const preferences = await app.evaluate(({ BrowserWindow }) => {
    const { webContents } = BrowserWindow.getAllWindows()[0]!;
    const found = webContents as Electron.WebContents & {
      getLastWebPreferences(): Electron.WebPreferences;
    };
    return found.getLastWebPreferences();
  });
  expect(preferences).toMatchObject({
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
    contextIsolation: true,
    sandbox: true,
    webviewTag: false,
  });
  // Electron leaves out what is off.
  expect(preferences.nodeIntegrationInWorker ?? false).toBe(false);
  expect(preferences.webSecurity ?? true).toBe(true);
  expect(preferences.allowRunningInsecureContent ?? false).toBe(false);
  expect(preferences.experimentalFeatures ?? false).toBe(false);
  expect(preferences.enableBlinkFeatures ?? "").toBe("");
});

/** What code gives in a window of the test's own that has our preload, even in its frames: in its page, or in a frame of it. */
function inForeignWindow(place: "page" | "frame", code: string): Promise<unknown> {
  return app.evaluate(
    async ({ app: program, BrowserWindow }, [where, text]) => {
      const window = new BrowserWindow({
        show: false,
        webPreferences: {
          sandbox: true,
          nodeIntegrationInSubFrames: true,
          preload: `${program.getAppPath()}/out/electron/preload.cjs`,
        },
      });
      await window.loadURL("app://crossover/");
      await window.webContents.executeJavaScript(
        "document.body.append(document.createElement('iframe')); 1",
      );
      await new Promise((resolve) => setTimeout(resolve, 500));
      const frames = window.webContents.mainFrame.framesInSubtree;
      const frame = where === "frame" ? frames[1]! : frames[0]!;
      const answer: unknown = await frame.executeJavaScript(text!);
      window.destroy();
      return answer;
    },
    [place, code] as const,
  );
}

test("item 17: a window that is not ours cannot call, though it has our preload and our page", async () => {
  expect(await inForeignWindow("page", 'crossover.call("app.info", {})')).toMatchObject({
    ok: false,
    error: { code: "refused" },
  });
});

test("item 17: a frame has nothing to call with, even where preloads are let into frames", async () => {
  expect(await inForeignWindow("frame", "typeof crossover")).toBe("undefined");
});

/** The handler of the one channel, as it stands in the main process, asked with the real frames of our own window: its page's, and one inside it. */
function askHandler(): Promise<{ ofPage: unknown; ofFrame: unknown; frames: number }> {
  return app.evaluate(async ({ BrowserWindow, ipcMain }) => {
    const { webContents } = BrowserWindow.getAllWindows()[0]!;
    await webContents.executeJavaScript(
      "document.body.append(document.createElement('iframe')); 1",
    );
    const handlers = Reflect.get(ipcMain, "_invokeHandlers") as Map<
      string,
      (event: object, ...args: unknown[]) => Promise<unknown>
    >;
    const handler = handlers.get("crossover:call")!;
    const event = (senderFrame: unknown) => ({ sender: webContents, senderFrame });
    const inside = webContents.mainFrame.frames;
    // Electron wraps a handler: its answer goes where the event says.
    const ask = (senderFrame: unknown) =>
      new Promise((resolve) => {
        const told = { ...event(senderFrame), _reply: resolve, _throw: resolve };
        void Promise.resolve(handler(told, "app.info", {})).then(
          (value) => value !== undefined && resolve(value),
        );
      });
    const answers = {
      ofPage: await ask(webContents.mainFrame),
      ofFrame: await ask(inside[0]),
      frames: inside.length,
    };
    await webContents.executeJavaScript("document.querySelector('iframe').remove(); 1");
    return answers;
  });
}

test("item 17: a call from a frame inside our own window is refused, one from its page is not", async () => {
  const { ofPage, ofFrame, frames } = await askHandler();
  expect(frames).toBe(1);
  expect(ofPage).toMatchObject({ ok: true });
  expect(ofFrame).toMatchObject({ ok: false, error: { code: "refused" } });
});

for (const [url, status] of [
  ["app://crossover/%2e%2e/package.json", 404],
  ["app://crossover/..%5cpackage.json", 404],
  ["app://crossover/%2e%2e%2f%2e%2e%2fetc/passwd", 404],
  ["app://crossover/assets/..%2f..%2felectron/main.cjs", 404],
  ["app://crossover/%ff", 404],
  ["app://crossover/renderer-evil/", 404],
  ["app://crossover/electron/main.cjs", 404],
  ["app://evil/", 404],
  ["app://crossover.evil/index.html", 404],
] as const) {
  test(`item 18: ${url} is answered ${status}`, async () => {
    expect(await open(url)).toEqual({ status, problem: "" });
  });
}

test("item 18: an address with a NUL in it is none: Chromium refuses it before the scheme sees it", async () => {
  const { status, problem } = await open("app://crossover/index.html%00.js");
  expect([status, problem]).toEqual([0, expect.stringContaining("ERR_INVALID_URL")]);
});

test("item 18: the scheme answers GET only, and files of the disk are not pages", async () => {
  expect((await open("app://crossover/index.html")).status).toBe(200);
  expect((await open("app://crossover/index.html", true)).status).toBe(405);
  const statuses = await page.evaluate(() =>
    Promise.all(
      ["POST", "PUT", "DELETE"].map((method) =>
        fetch("/index.html", { method }).then(({ status }) => status),
      ),
    ),
  );
  expect(statuses).toEqual([405, 405, 405]);
  expect((await open("file:///etc/passwd")).problem).toContain("ERR_BLOCKED_BY_CLIENT");
});
