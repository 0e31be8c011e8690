/** Several pages of one browser host: none waits for another's connections, hears another's work as its own, or writes over it. */
import { type Browser, type BrowserContext, expect, type Page, test } from "playwright/test";
import { launchChromium, startLoopbackHost } from "../fixtures/hosts.ts";

let browser: Browser;
let context: BrowserContext;
let end: () => void;
let address = "";

test.beforeAll(async () => {
  const host = await startLoopbackHost(test.info().outputPath("data"));
  address = host.address;
  end = () => void host.child.kill("SIGTERM");
  browser = await launchChromium();
});

test.beforeEach(async () => {
  context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
});

test.afterEach(() => context.close());

test.afterAll(async () => {
  await browser.close();
  end();
});

async function openTab(): Promise<Page> {
  const page = await context.newPage();
  await page.goto(address);
  await expect(page.getByTestId("verdict")).toContainText(/a\smonth\sof\s730\sh/, {
    timeout: 30_000,
  });
  await page.getByRole("button", { name: "Fleet" }).click();
  return page;
}

const replicas = (page: Page) => page.getByRole("textbox", { name: "Replicas" });
const more = (page: Page) => page.getByRole("button", { name: "Increase Replicas" }).click();

test("what is changed in one tab is seen in the other; what both changed stays apart until the person has chosen", async () => {
  const [one, two] = [await openTab(), await openTab()];
  await expect(replicas(two)).toHaveValue("1");
  await more(one);
  await expect(replicas(two)).toHaveValue("2");
  await expect(two.getByText("Unsaved changes, kept")).toBeVisible();
  // One page hears nothing of what the other does.
  await two.route("**/api/scenario.open", (route) => route.abort());
  const isKept = one.waitForResponse("**/api/scenario.saveDraft");
  await more(one);
  await isKept;
  const name = two.getByRole("textbox", { name: "Name of the scenario" });
  await name.fill("mine");
  await expect(two.getByText("Changed elsewhere")).toBeVisible();
  await expect(two.getByRole("alert")).toContainText("changed in another window meanwhile");
  await two.unroute("**/api/scenario.open");
  await two.getByRole("button", { name: "Save this as a copy" }).click();
  await expect(name).toHaveValue("mine (copy)");
  await expect(two.getByText("Changed elsewhere")).toHaveCount(0);
  await expect(one.getByRole("button", { name: /mine \(copy\)/ })).toBeVisible();
  await expect(replicas(one)).toHaveValue("3");
});

test("with eight tabs open each still gets its answers and its news", async () => {
  const tabs = await Promise.all(Array.from({ length: 8 }, openTab));
  const [first, last] = [tabs[0]!, tabs[tabs.length - 1]!];
  const before = await replicas(last).inputValue();
  await more(first);
  await expect(replicas(last)).not.toHaveValue(before);
  // The tab that holds the stream goes: another takes over.
  await first.close();
  const now = await replicas(last).inputValue();
  await more(tabs[1]!);
  await expect(replicas(last)).not.toHaveValue(now);
});

test("an edit just before a tab is closed is kept", async () => {
  const one = await openTab();
  await more(one);
  const wanted = await replicas(one).inputValue();
  await one.close({ runBeforeUnload: true });
  await expect.poll(() => one.isClosed()).toBe(true);
  const again = await openTab();
  await expect(replicas(again)).toHaveValue(wanted);
});

test("a host that has ended is said to have, once", async () => {
  const host = await startLoopbackHost(test.info().outputPath("other"));
  const page = await context.newPage();
  await page.goto(host.address);
  await expect(page.getByTestId("verdict")).toContainText(/a\smonth\sof\s730\sh/, {
    timeout: 30_000,
  });
  await page.getByRole("button", { name: "Fleet" }).click();
  host.child.kill("SIGKILL");
  const said = page.locator(".notice", { hasText: "its program has ended" });
  await expect(said).toHaveCount(1, { timeout: 10_000 });
  await more(page);
  await expect(page.getByText("Not saved")).toBeVisible();
  await expect(said).toHaveCount(1);
});
