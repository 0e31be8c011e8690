/** Items 13 and 14 of Electron's list: where the page may go, and what it may open: nowhere, nothing. */
import { writeFileSync } from "node:fs";
import { type ElectronApplication, expect, type Page, test } from "playwright/test";
import { type Canary, startCanary } from "../fixtures/canary.ts";
import { dropFiles, openDesktop } from "../fixtures/desktop.ts";

let app: ElectronApplication;
let page: Page;
let canary: Canary;

async function windowCount(): Promise<number> {
  return app.evaluate(({ webContents }) => webContents.getAllWebContents().length);
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

test("item 13: a web page dropped on the window is not shown", async () => {
  const path = test.info().outputPath("evil.html");
  writeFileSync(path, "<script>document.title = 'evil'</script>");
  await dropFiles(page, [path]);
  await expect(page.getByRole("heading", { name: /^Import evil\.html/ })).toBeVisible();
  expect(await page.evaluate(() => document.title)).not.toBe("evil");
});

const places = [
  "https://x.invalid/?next=app://crossover/",
  "https://app.crossover.invalid/",
  "app://crossover.evil/",
  "app://crossover@evil/",
  "file:///etc/passwd",
  "data:text/html,<h1>x</h1>",
  "CANARY/?next=app://crossover/",
  "CANARY/redirect",
];

for (const place of places) {
  for (const way of ["link", "blank link", "script", "form", "meta"] as const) {
    test(`item 13: the page goes nowhere: ${place} by ${way}`, async () => {
      await page.evaluate(
        async ([url, by]) => {
          const link = document.createElement("a");
          link.href = url!;
          if (by === "blank link") link.target = "_blank";
          document.body.append(link);
          const form = document.createElement("form");
          form.action = url!;
          form.method = "post";
          document.body.append(form);
          const meta = document.createElement("meta");
          meta.httpEquiv = "refresh";
          meta.content = `0;url=${url}`;
          try {
            if (by === "script") location.assign(url!);
            else if (by === "form") form.submit();
            else if (by === "meta") document.head.append(meta);
            else link.click();
          } catch {
            // Refused at once is as good.
          }
          await new Promise((resolve) => setTimeout(resolve, 120));
          for (const each of [link, form, meta]) each.remove();
        },
        [place.replace("CANARY", canary.url), way],
      );
    });
  }
}

test("item 14: no window opens", async () => {
  const opened = await page.evaluate(
    (url) => [url, "app://crossover/", "about:blank", ""].map((each) => window.open(each) === null),
    `${canary.url}/popup`,
  );
  expect(opened).toEqual([true, true, true, true]);
});
