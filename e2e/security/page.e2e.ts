/** Electron's list of 20, items that a page could break: tried from within the packaged app's page. The rest: shell.e2e.ts, package.e2e.ts, unit tests. */
import { type ElectronApplication, expect, type Page, test } from "playwright/test";
import { contentSecurityPolicy } from "../../electron/core/pageFiles.ts";
import { type Canary, startCanary } from "../fixtures/canary.ts";
import { openDesktop } from "../fixtures/desktop.ts";

let app: ElectronApplication;
let page: Page;
let canary: Canary;

async function windowCount(): Promise<number> {
  return app.evaluate(({ webContents }) => webContents.getAllWebContents().length);
}

/** Policies that were broken while something was done. */
async function violationsOf(work: () => Promise<unknown>): Promise<string[]> {
  await page.evaluate(() => {
    const found: string[] = [];
    Object.assign(window, { violations: found });
    document.addEventListener("securitypolicyviolation", (event) => {
      found.push(event.effectiveDirective);
    });
  });
  await work();
  await page.waitForTimeout(200);
  return page.evaluate(() => (window as Window & { violations?: string[] }).violations ?? []);
}

test.beforeAll(async () => {
  canary = await startCanary();
  const info = test.info();
  ({ app, page } = await openDesktop("packaged", info.outputPath("data")));
});

test.afterAll(async () => {
  await app.close();
  canary.close();
});

test.beforeEach(() => {
  canary.seen.length = 0;
});

test.afterEach(async () => {
  expect(page.url()).toBe("app://crossover/");
  expect(await windowCount()).toBe(1);
  expect(canary.seen).toEqual([]);
});

test("item 1: nothing is loaded from anywhere: fetch, pictures, sockets and beacons fail, and a server waiting for them sees none", async () => {
  const tried = await page.evaluate(async (url) => {
    const failed = async (work: () => Promise<unknown>) =>
      work()
        .then(() => false)
        .catch(() => true);
    const picture = (src: string) =>
      new Promise((resolve, reject) => {
        const image = new Image();
        image.onload = resolve;
        image.onerror = reject;
        image.src = src;
      });
    const socket = (address: string) =>
      new Promise((resolve, reject) => {
        const opened = new WebSocket(address);
        opened.onopen = resolve;
        opened.onerror = reject;
      });
    return {
      fetch: await failed(() => fetch(`${url}/fetch`)),
      noCors: await failed(() => fetch(`${url}/no-cors`, { mode: "no-cors" })),
      remote: await failed(() => fetch("https://example.com/")),
      picture: await failed(() => picture(`${url}/picture.png`)),
      socket: await failed(() => socket(`${url.replace("http", "ws")}/socket`)),
      stream: await failed(
        () =>
          new Promise((resolve, reject) => {
            const source = new EventSource(`${url}/stream`);
            source.onopen = resolve;
            source.onerror = () => {
              source.close();
              reject(new Error("refused"));
            };
          }),
      ),
      beacon: navigator.sendBeacon(`${url}/beacon`, "x") === false,
    };
  }, canary.url);
  expect(Object.values({ ...tried, beacon: true }).every(Boolean)).toBe(true);
  await page.waitForTimeout(300);
});

test("item 1: the session cancels what leaves the app, also without the page's policy", async () => {
  const failed = await app.evaluate(async ({ BrowserWindow }, url) => {
    const window = new BrowserWindow({ show: false, webPreferences: { sandbox: true } });
    const error = await window.loadURL(`${url}/direct`).then(
      () => "loaded",
      (reason: Error) => reason.message,
    );
    window.destroy();
    return error;
  }, canary.url);
  expect(failed).toContain("ERR_BLOCKED_BY_CLIENT");
});

test("item 2: the page knows neither require, process nor Buffer", async () => {
  const known = await page.evaluate(() => [
    typeof require,
    typeof process,
    typeof Buffer,
    typeof module,
  ]);
  expect(known).toEqual(Array(4).fill("undefined"));
});

test("item 5: every permission is denied but clean text into the clipboard", async () => {
  const denied = await page.evaluate(async () => {
    const query = async (name: string) =>
      navigator.permissions
        .query({ name: name as PermissionName })
        .then(({ state }) => state)
        .catch(() => "unknown");
    const place = await new Promise((resolve) => {
      navigator.geolocation.getCurrentPosition(
        () => resolve("found"),
        (error) => resolve(error.code),
      );
    });
    const media = await navigator.mediaDevices
      .getUserMedia({ audio: true })
      .then(() => "heard")
      .catch((error: Error) => error.name);
    return {
      notification: await Notification.requestPermission(),
      place,
      media,
      queries: await Promise.all(
        ["geolocation", "notifications", "camera", "microphone", "clipboard-read", "midi"].map(
          query,
        ),
      ),
    };
  });
  expect(denied).toEqual({
    notification: "denied",
    place: 1,
    media: expect.stringMatching(/NotAllowedError|NotFoundError/),
    queries: Array(6).fill("denied"),
  });
  const clipboard = await page.evaluate(async () => {
    const { state } = await navigator.permissions.query({
      name: "clipboard-write" as PermissionName,
    });
    return state;
  });
  expect(clipboard).toBe("granted");
});

test("item 7: every answer carries the policy, word for word", async () => {
  const headers = await page.evaluate(async () => {
    const { headers } = await fetch("/index.html");
    return ["content-security-policy", "x-content-type-options", "referrer-policy"].map((name) =>
      headers.get(name),
    );
  });
  expect(headers).toEqual([contentSecurityPolicy, "nosniff", "no-referrer"]);
});

test("item 7: inline script, eval, handlers in attributes, foreign frames and plug-ins are refused", async () => {
  const ran = await page.evaluate(async (url) => {
    const marks: Record<string, boolean> = {};
    const root = window as Window & { ran?: string[] };
    root.ran = [];
    // The test tool's own call may evaluate text; what runs after it may not.
    await new Promise((resolve) => setTimeout(resolve, 0));
    const tryIt = (name: string, work: () => void): void => {
      try {
        work();
        marks[name] = true;
      } catch {
        marks[name] = false;
      }
    };
    tryIt("eval", () => {
      const evaluate = Reflect.get(window, "eval") as (text: string) => void;
      evaluate("window.ran.push('eval')");
    });
    tryIt("function", () => new Function("window.ran.push('function')")());
    tryIt("timer", () => void Reflect.apply(setTimeout, window, ["window.ran.push('timer')", 0]));
    tryIt("markup", () => {
      document.body.insertAdjacentHTML(
        "beforeend",
        "<img src=x onerror=\"window.ran.push('markup')\">",
      );
    });
    tryIt("script", () => {
      const script = document.createElement("script");
      script.append("window.ran.push('script')");
      document.body.append(script);
    });
    const button = document.createElement("button");
    tryIt("attribute", () => button.setAttribute("onclick", "window.ran.push('attribute')"));
    document.body.append(button);
    button.click();
    const link = document.createElement("a");
    link.href = "javascript:window.ran.push('link')";
    document.body.append(link);
    link.click();
    const frame = document.createElement("iframe");
    frame.src = `${url}/frame`;
    document.body.append(frame);
    const object = document.createElement("object");
    tryIt("object", () => {
      object.data = `${url}/object`;
    });
    document.body.append(object);
    await new Promise((resolve) => setTimeout(resolve, 400));
    for (const each of [button, link, frame, object]) each.remove();
    return root.ran;
  }, canary.url);
  expect(ran).toEqual([]);
});

test("item 7: a walk through the app breaks the policy nowhere, where one picture from elsewhere does", async () => {
  const seen = await violationsOf(
    (): Promise<void> =>
      page.evaluate((url) => {
        new Image().src = `${url}/seen.png`;
      }, canary.url),
  );
  expect(seen).toEqual(["img-src"]);
  const parts = ["Traffic", "Fleet", "Providers", "Routing", "Targets and costs", "Results"];
  const broken = await violationsOf(async () => {
    for (const part of parts) {
      await page.getByRole("button", { name: part, exact: true }).click();
    }
    const places = [
      ["Control+2", "main[data-view=compare]"],
      ["Control+1", "main[data-view=start]"],
    ] as const;
    for (const [keys, place] of places) {
      await page.keyboard.press(keys);
      await expect(page.locator(place)).toBeVisible();
    }
    await page.getByRole("button", { name: "Backups" }).click();
    await expect(page.locator("main[data-view=library]")).toBeVisible();
    await page.getByRole("button", { name: /AzureLLMInferenceTrace/ }).click();
    await expect(page.locator("main[data-view=trace]")).toBeVisible();
    await page.keyboard.press("Control+k");
    await expect(page.getByRole("dialog", { name: "Commands" })).toBeVisible();
    await page.keyboard.type("dark");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+1");
    await page
      .getByRole("button", { name: /Azure conversations, hybrid/ })
      .first()
      .click();
  });
  expect(broken).toEqual([]);
});

test("items 11 and 12: a webview is an element that does nothing", async () => {
  await page.evaluate(async (url) => {
    const view = document.createElement("webview");
    view.setAttribute("src", `${url}/webview`);
    view.setAttribute("nodeintegration", "");
    document.body.append(view);
    await new Promise((resolve) => setTimeout(resolve, 300));
    view.remove();
  }, canary.url);
});

test("item 15: the person's browser is opened for an allowed address only", async () => {
  await app.evaluate(({ shell }) => {
    const opened: string[] = [];
    Object.assign(globalThis, { opened });
    shell.openExternal = async (url: string) => void opened.push(url);
  });
  const replies = await page.evaluate(() =>
    Promise.all(
      [
        "https://docs.nvidia.com/nim/",
        "http://docs.nvidia.com/",
        "file:///etc/passwd",
        "https://docs.nvidia.com@evil.invalid/",
      ].map((url) => window.crossover!.call("host.openLink", { url })),
    ),
  );
  expect(replies).toEqual(
    [true, false, false, false].map((isOpened) => ({ ok: true, value: { isOpened } })),
  );
  const opened = await app.evaluate(() => (globalThis as { opened?: string[] }).opened);
  expect(opened).toEqual(["https://docs.nvidia.com/nim/"]);
});

test("item 17: a frame inside the page has no bridge", async () => {
  const inside = await page.evaluate(async () => {
    const found: string[] = [];
    for (const [name, value] of [
      ["name", "blank"],
      ["srcdoc", "<p>x</p>"],
      ["src", "/index.html"],
    ] as const) {
      const frame = document.createElement("iframe");
      try {
        frame.setAttribute(name, value);
      } catch {
        found.push("closed");
      }
      document.body.append(frame);
      await new Promise((resolve) => setTimeout(resolve, 200));
      try {
        found.push(typeof (frame.contentWindow as Window | null)?.crossover);
      } catch {
        found.push("closed");
      }
      frame.remove();
    }
    return found;
  });
  expect(inside.every((each) => each === "undefined" || each === "closed")).toBe(true);
});

test("item 20: the bridge is call and on, frozen, and nothing of Electron comes with it", async () => {
  const bridge = await page.evaluate(() => {
    const { crossover } = window;
    const stop = crossover!.on(() => {});
    return {
      keys: Object.keys(crossover!),
      isFrozen: Object.isFrozen(crossover),
      kinds: [typeof crossover!.call, typeof crossover!.on, typeof stop],
      isFixed: !Reflect.set(window, "crossover", {}),
      electron: ["ipcRenderer", "electron", "webUtils", "contextBridge"].filter(
        (name) => name in window,
      ),
    };
  });
  expect(bridge).toEqual({
    keys: ["call", "on"],
    isFrozen: true,
    kinds: ["function", "function", "function"],
    isFixed: true,
    electron: [],
  });
});

test("item 20: listeners hear plain values and end when they are told to", async () => {
  const heard = await page.evaluate(async () => {
    const events: unknown[] = [];
    const stop = window.crossover!.on((event) => events.push(event));
    await window.crossover!.call("settings.set", { baselineScenario: null });
    await new Promise((resolve) => setTimeout(resolve, 200));
    const before = events.length;
    stop();
    await window.crossover!.call("settings.set", { baselineScenario: null });
    await new Promise((resolve) => setTimeout(resolve, 200));
    return { events: JSON.stringify(events), isEnded: events.length === before };
  });
  expect(heard).toEqual({ events: '[{"kind":"libraryChanged","of":"settings"}]', isEnded: true });
});

test("files of the machine cannot be named by the page, only given by a person", async () => {
  const replies = await page.evaluate(() => {
    const made = new File(["x"], "/etc/passwd");
    const tries = [
      { files: ["/etc/passwd"] },
      { files: [{ path: "/etc/passwd" }] },
      { files: [made] },
    ];
    return Promise.all(tries.map((params) => window.crossover!.call("files.offer", params)));
  });
  for (const reply of replies) expect(reply).toMatchObject({ error: { code: "badInput" } });
});
