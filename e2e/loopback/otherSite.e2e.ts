/** A page of another server on this machine, in the same browser as ours, can neither read from us nor change anything. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type BrowserContext, expect, type Page, test } from "playwright/test";
import { launchChromium, startLoopbackHost } from "../fixtures/hosts.ts";

/** Serves one page on another port. */
async function serveOther(): Promise<{ port: number; close(): void }> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { "Content-Type": "text/html" }).end("<!doctype html><body>other");
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const { port } = server.address() as AddressInfo;
  return { port, close: () => server.close() };
}

/** What our own page gets from a method. */
function callAsOurs(page: Page, method: string, params: object = {}): Promise<unknown> {
  return page.evaluate(
    async ([name, body]) => {
      const headers = { "Content-Type": "application/json", "X-Crossover": "1" };
      const response = await fetch(`/api/${name}`, { method: "POST", headers, body });
      return (await response.json()) as unknown;
    },
    [method, JSON.stringify(params)] as const,
  );
}

/** Everything that a page can try; each answers "blocked" or with what it got. */
const attempts: Readonly<Record<string, string>> = {
  "a fetch with the page's header": `fetch(ours + "/api/settings.set", { method: "POST", credentials: "include",
      headers: { "Content-Type": "application/json", "X-Crossover": "1" }, body: '{"theme":"contrast"}' })
    .then((r) => r.text(), () => "blocked")`,
  "a fetch that needs no preflight": `fetch(ours + "/api/settings.set", { method: "POST", credentials: "include", mode: "no-cors",
      body: '{"theme":"contrast"}' }).then((r) => r.type === "opaque" ? r.text().then((t) => t || "blocked") : "read", () => "blocked")`,
  "a fetch of the page": `fetch(ours + "/").then((r) => r.text(), () => "blocked")`,
  "a fetch of the page without cors": `fetch(ours + "/", { mode: "no-cors" }).then((r) => r.text().then((t) => t || "blocked"), () => "blocked")`,
  "a guess of the token": `fetch(ours + "/enter", { method: "POST", credentials: "include", mode: "no-cors", body: '{"token":"x"}' })
    .then((r) => r.text().then((t) => t || "blocked"), () => "blocked")`,
  "a form": `new Promise((resolve) => {
      const frame = document.createElement("iframe"); frame.name = "target"; document.body.append(frame);
      const form = document.createElement("form");
      Object.assign(form, { action: ours + "/api/settings.set", method: "POST", target: "target", enctype: "text/plain" });
      const input = document.createElement("input");
      Object.assign(input, { name: '{"theme":"contrast","x":"', value: '"}' });
      form.append(input); document.body.append(form); form.submit();
      setTimeout(() => resolve("blocked"), 500); // Its answer cannot be read; the settings say below whether it did anything.
    })`,
  "an image": `new Promise((resolve) => { const image = new Image();
      image.onload = () => resolve("loaded"); image.onerror = () => resolve("blocked"); image.src = ours + "/api/app.info"; })`,
  "a script of the page": `new Promise((resolve) => { const script = document.createElement("script");
      script.onload = () => resolve("loaded"); script.onerror = () => resolve("blocked"); script.src = ours + asset; document.body.append(script); })`,
  "an event stream": `new Promise((resolve) => { const source = new EventSource(ours + "/events", { withCredentials: true });
      source.onopen = () => resolve("open"); source.onerror = () => { source.close(); resolve("blocked"); }; })`,
  "a web socket": `new Promise((resolve) => { const socket = new WebSocket(ours.replace("http", "ws") + "/events");
      socket.onopen = () => resolve("open"); socket.onerror = () => resolve("blocked"); })`,
  "a frame of the page": `new Promise((resolve) => { const frame = document.createElement("iframe"); frame.src = ours + "/";
      frame.onload = () => { try { resolve(frame.contentDocument?.body.innerText ? "read" : "blocked"); } catch { resolve("blocked"); } };
      document.body.append(frame); })`,
  "a window of the page": `new Promise((resolve) => { const other = window.open(ours + "/");
      setTimeout(() => { try { resolve(other?.document?.body?.innerText ? "read" : "blocked"); } catch { resolve("blocked"); } other?.close(); }, 700); })`,
};

async function tryAll(context: BrowserContext, address: string, ours: string, asset: string) {
  const page = await context.newPage();
  await page.goto(address);
  const found: Record<string, unknown> = {};
  for (const [name, code] of Object.entries(attempts)) {
    found[name] = await page.evaluate(
      `(() => { const ours = ${JSON.stringify(ours)}, asset = ${JSON.stringify(asset)}; return ${code}; })()`,
    );
  }
  await page.close();
  return found;
}

test("a page on another port gets nothing and changes nothing", async ({ browserName }, info) => {
  void browserName;
  const { address, child } = await startLoopbackHost(info.outputPath("data"));
  const other = await serveOther();
  const browser = await launchChromium();
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(address);
  await expect(page.getByTestId("verdict")).toContainText("a month of 730 h", { timeout: 30_000 });
  const before = await callAsOurs(page, "settings.get");
  const asset = await page.locator("script[src]").first().getAttribute("src");
  const { origin } = new URL(address);
  const all = Object.fromEntries(Object.keys(attempts).map((name) => [name, "blocked"]));
  for (const name of ["127.0.0.1", "localhost"]) {
    const from = `http://${name}:${other.port}/`;
    const path = `/${asset!.replace(/^\.?\//, "")}`;
    expect(await tryAll(context, from, origin, path), from).toEqual(all);
  }
  expect(await callAsOurs(page, "settings.get")).toEqual(before);
  expect(await callAsOurs(page, "app.info")).toMatchObject({ ok: true });

  const cookies = await context.cookies(origin);
  expect(cookies).toMatchObject([{ httpOnly: true, sameSite: "Strict" }]);
  expect(await page.evaluate("document.cookie")).toBe("");
  expect(page.url()).not.toContain("#");

  const stranger = await (await browser.newContext()).newPage();
  await stranger.goto(`${origin}/`);
  expect(await callAsOurs(stranger, "app.info")).toMatchObject({ error: { code: "refused" } });

  await browser.close();
  other.close();
  child.kill("SIGTERM");
});
