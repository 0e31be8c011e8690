/** What the person sees when the library cannot be used: what happened, what was kept and where, and two buttons that help. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { type Browser, expect, type Page, test } from "playwright/test";
import { launchChromium, startLoopbackHost } from "../fixtures/hosts.ts";
import { openCli } from "../parity/callers.ts";
import { makeLimitedDisk } from "./limitedDisk.ts";

test.describe.configure({ timeout: 120_000 });

let browser: Browser;
const children: ChildProcess[] = [];

test.beforeAll(async () => {
  browser = await launchChromium();
});
test.afterAll(() => browser.close());
test.afterEach(async () => {
  for (const child of children.splice(0)) await end(child);
});

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await gone;
}

async function openPage(data: string): Promise<{ page: Page; child: ChildProcess }> {
  const { address, child } = await startLoopbackHost(data);
  children.push(child);
  const { origin } = new URL(address);
  const context = await browser.newContext();
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin });
  const page = await context.newPage();
  await page.goto(address);
  return { page, child };
}

function verdict(page: Page) {
  return expect(page.getByTestId("verdict")).toContainText("a month of 730 h", { timeout: 30_000 });
}

async function callFromPage(page: Page, method: string, params: object) {
  return (await page.evaluate(
    async ([name, body]) => {
      const headers = { "Content-Type": "application/json", "X-Crossover": "1" };
      const response = await fetch(`/api/${name}`, { method: "POST", headers, body });
      return (await response.json()) as unknown;
    },
    [method, JSON.stringify(params)] as const,
  )) as { ok: boolean; value?: Record<string, never>; error?: Record<string, string> };
}

/** The two buttons; the second copies the words. */
async function expectTwoButtons(page: Page, names: readonly string[]): Promise<void> {
  const alert = page.getByRole("alert");
  expect(await alert.getByRole("button").allInnerTexts()).toEqual(names);
}

const again = "Try again";
const copy = "Copy this message";
const putAside = "Put it aside and begin a new library";

test("a full disk: what was saved is unharmed, what was not stays in the window and is written once there is room", async ({
  browserName,
}, info) => {
  void browserName;
  const disk = makeLimitedDisk(info.outputPath("disk"));
  try {
    const { page, child } = await openPage(disk.folder);
    await verdict(page);
    const { value } = await callFromPage(page, "scenario.list", {});
    const [{ id }] = value!.scenarios as { id: string }[];
    disk.fill();
    await page
      .getByRole("textbox", { name: "Name of the scenario" })
      .fill("written on a full disk");
    await page.keyboard.press("Tab");
    await expect(
      page.getByRole("heading", { name: "The library cannot be written" }),
    ).toBeVisible();
    const alert = page.getByRole("alert");
    await expect(alert).toContainText(disk.words);
    await expect(alert).toContainText(disk.folder);
    await expect(alert).toContainText("What was saved before is unharmed");
    await expectTwoButtons(page, [again, copy]);
    const document = { format: "crossover-scenario", version: 1, name: "x".repeat(100_000) };
    const { error } = await callFromPage(page, "scenario.create", { document });
    expect(error).toMatchObject({ code: "storage", message: expect.stringMatching(disk.words) });
    expect(error!.hint).toContain(`What was saved before is unharmed, in ${disk.folder}`);
    const opened = await callFromPage(page, "scenario.open", { id });
    expect(opened.ok).toBe(true);

    await page.getByRole("button", { name: copy }).click();
    expect(await page.evaluate("navigator.clipboard.readText()")).toMatch(disk.words);
    await page.getByRole("button", { name: again }).click();
    await expect(
      page.getByRole("heading", { name: "The library cannot be written" }),
    ).toBeVisible();
    disk.empty();
    await page.getByRole("button", { name: again }).click();
    await verdict(page);
    await expect(page.getByRole("textbox", { name: "Name of the scenario" })).toHaveValue(
      "written on a full disk",
    );
    await expect
      .poll(async () => (await callFromPage(page, "scenario.open", { id })).value?.draft)
      .toMatchObject({ document: { name: "written on a full disk" } });
    await page.context().close();
    await end(child);
  } finally {
    disk.remove();
  }
});

test("a folder that may not be written to is said at the start, and opens once it may", async ({
  browserName,
}, info) => {
  void browserName;
  const disk = makeLimitedDisk(info.outputPath("disk"));
  try {
    const first = await openPage(disk.folder);
    await verdict(first.page);
    await end(first.child);
    disk.setReadOnly(true);
    const { page, child } = await openPage(disk.folder);
    await expect(
      page.getByRole("heading", { name: "The library cannot be written" }),
    ).toBeVisible();
    await expect(page.getByRole("alert")).toContainText(/may not be written to|cannot be opened/);
    await expectTwoButtons(page, [again, copy]);
    disk.setReadOnly(false);
    await page.getByRole("button", { name: again }).click();
    await verdict(page);
    await page.context().close();
    await end(child);
  } finally {
    disk.remove();
  }
});

/** A library with the sample and a backup, closed. */
async function makeLibrary(data: string): Promise<string> {
  const cli = openCli(data);
  await cli.call("scenario.createSample", {});
  await cli.call("settings.set", { hasSample: true });
  await cli.call("storage.act", { action: "backUp" });
  return join(data, "library", "library.sqlite");
}

test("a damaged database: the file is kept, the newest backup is in use", async ({
  browserName,
}, info) => {
  void browserName;
  const data = info.outputPath("data");
  const database = await makeLibrary(data);
  const damage = "garbage ".repeat(10_000);
  writeFileSync(database, damage);
  const { page } = await openPage(data);
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("The library was damaged");
  await expect(alert).toContainText("The backup of");
  const aside = join(data, "library", "quarantine");
  const [name] = readdirSync(aside);
  await expect(alert).toContainText(`kept whole in ${join(aside, name!)}`);
  expect(readFileSync(join(aside, name!, "library.sqlite"), "utf8")).toBe(damage);
  await expectTwoButtons(page, [copy, "Go on"]);
  await verdict(page);
  await page.getByRole("button", { name: copy }).click();
  expect(await page.evaluate("navigator.clipboard.readText()")).toContain(aside);
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(alert).toHaveCount(0);
  await verdict(page);
});

test("a newer library is left alone, or put aside whole at the person's word", async ({
  browserName,
}, info) => {
  void browserName;
  const data = info.outputPath("data");
  const database = await makeLibrary(data);
  const db = new Database(database);
  db.pragma("user_version = 9990");
  db.close();
  const before = readFileSync(database);
  const { page } = await openPage(data);
  await expect(
    page.getByRole("heading", { name: "This library was made by a newer Crossover" }),
  ).toBeVisible();
  await expect(page.getByRole("alert")).toContainText("Nothing in it was changed");
  await expectTwoButtons(page, [again, putAside]);
  await page.getByRole("button", { name: again }).click();
  await expect(
    page.getByRole("heading", { name: "This library was made by a newer Crossover" }),
  ).toBeVisible();
  expect(readFileSync(database).equals(before)).toBe(true);
  await page.getByRole("button", { name: putAside }).click();
  await verdict(page);
  const aside = join(data, "library", "quarantine");
  const kept = join(aside, readdirSync(aside)[0]!, "library.sqlite");
  expect(readFileSync(kept).equals(before)).toBe(true);
});

test("from a library that cannot be opened, and from one that can, one goes back to a backup; what was there is kept", async ({
  browserName,
}, info) => {
  void browserName;
  const data = info.outputPath("data");
  const database = await makeLibrary(data);
  const db = new Database(database);
  db.pragma("user_version = 9990");
  db.close();
  const { page } = await openPage(data);
  const goBack = page.getByRole("button", { name: /^Go back to \d/ });
  await goBack.first().click();
  await expect(page.getByText("What is there now is put aside, whole.")).toBeVisible();
  await page.getByRole("button", { name: "Go back", exact: true }).click();
  await verdict(page);
  expect(readdirSync(join(data, "library", "quarantine"))).toHaveLength(1);

  await page.getByRole("textbox", { name: "Name of the scenario" }).fill("of today");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Backups" }).click();
  const rows = page.locator(".backups > li");
  await expect(rows.first()).toContainText("1 scenario, 1 trace");
  const count = await rows.count();
  await page.getByRole("button", { name: "Back up now" }).click();
  await expect(rows).toHaveCount(count + 1);
  await expect(rows.first()).toContainText("made by hand");
  await expect(rows.first()).toContainText("changed last: of today");
  await goBack.last().click();
  await page.getByRole("button", { name: "Go back", exact: true }).click();
  await expect(rows).toHaveCount(count + 2);
  await expect(rows.first()).toContainText("the library as it stood before going back");
  await expect(page.getByRole("button", { name: /^Azure conversations, hybrid/ })).toBeVisible();
  await expect(page.getByRole("button", { name: /^of today/ })).toHaveCount(0);
});

test("a view that fails leaves the rest of the window, has a report to copy, and is shown again", async ({
  browserName,
}, info) => {
  void browserName;
  const { page } = await openPage(info.outputPath("data"));
  await verdict(page);
  // What no core would answer makes the view fail.
  await page.route("**/api/storage.backups", (route) =>
    route.fulfill({ json: { ok: true, value: { backups: [{ id: "x" }] } } }),
  );
  await page.getByRole("button", { name: "Backups" }).click();
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("This view has failed; your work is safe.");
  await expectTwoButtons(page, ["Show it again", "Copy the report"]);
  await page.getByRole("button", { name: "Copy the report" }).click();
  const report = (await page.evaluate("navigator.clipboard.readText()")) as string;
  expect(report).toMatch(
    /^Crossover \d+\.\d+\.\d+, engine \S+, loopback on \S+, Node \S+\n.*Chrome/,
  );
  expect(report).toMatch(/View: library\nTypeError: .*\n\s+at /);
  await page.unroute("**/api/storage.backups");
  await page.getByRole("button", { name: "Show it again" }).click();
  await expect(page.getByRole("heading", { name: "Library and backups" })).toBeVisible();
  await expect(alert).toHaveCount(0);
  await page
    .getByRole("button", { name: /^Azure conversations, hybrid/ })
    .first()
    .click();
  await verdict(page);
});

test("a library that another program has open is said to be, and opens once that one has ended", async ({
  browserName,
}, info) => {
  void browserName;
  const data = info.outputPath("data");
  const first = await openPage(data);
  await verdict(first.page);
  // Without its note the first is like a desktop app: nobody can be sent to it.
  rmSync(join(data, "serving.json"));
  const { page } = await openPage(data);
  await expect(
    page.getByRole("heading", { name: "Another Crossover has this library open" }),
  ).toBeVisible();
  await expect(page.getByRole("alert")).toContainText(data);
  await expectTwoButtons(page, [again, copy]);
  await page.getByRole("button", { name: again }).click();
  await expect(
    page.getByRole("heading", { name: "Another Crossover has this library open" }),
  ).toBeVisible();
  await end(first.child);
  await page.getByRole("button", { name: again }).click();
  await verdict(page);
});

test("a second browser host on one folder hands over to the first and leaves", async ({
  browserName,
}, info) => {
  void browserName;
  const data = info.outputPath("data");
  const { address, child } = await startLoopbackHost(data);
  children.push(child);
  const loopback = join(import.meta.dirname, "../../out/electron/loopback.cjs");
  const second = spawn(process.execPath, [loopback, "--data", data], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  second.stdout.on("data", (text) => {
    printed += text;
  });
  const code = await new Promise((resolve) => second.once("close", resolve));
  expect([code, printed.trim()]).toEqual([0, address]);
  await end(child);
  expect(existsSync(join(data, "serving.json"))).toBe(false);
});
