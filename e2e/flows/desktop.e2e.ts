import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page, test } from "playwright/test";
import { type CommandSpec, commandSpecs } from "../../shared/contract/commands.ts";
import {
  clickMenu,
  copySample,
  dropFiles,
  electronKinds,
  inPage,
  menuEntries,
  openDesktop,
  pageText,
} from "../fixtures/desktop.ts";
import { launchElectron, programOf } from "../fixtures/hosts.ts";

const root = join(import.meta.dirname, "../..");
const specs: readonly CommandSpec[] = commandSpecs;

/** A path of this test's own. */
function place(name: string): string {
  return test.info().outputPath(name);
}

async function addReplica(page: Page): Promise<string> {
  const before = (await page.getByTestId("month-usd").textContent()) ?? "";
  await page.getByRole("button", { name: "Fleet" }).click();
  await page.getByRole("button", { name: "Increase Replicas" }).click();
  await expect(page.getByTestId("month-usd")).not.toHaveText(before);
  return (await page.getByTestId("month-usd").textContent()) ?? "";
}

/** Scenario files are looked at first; then they enter the library, one that is there already at a tick only. */
async function takeIn(page: Page): Promise<void> {
  const row = page.locator(".import-row", { hasText: "Azure conversations, hybrid" });
  if (!(await row.getByRole("checkbox").isChecked())) await row.locator("label").click();
  await page.getByRole("button", { name: "Take it into the library" }).click();
}

for (const kind of electronKinds) {
  test(`the menu has every command as the page names it, and runs it (${kind})`, async () => {
    const { app, page } = await openDesktop(kind, place("data"));
    await expect
      .poll(async () => (await menuEntries(app)).find(({ id }) => id === "run.start")?.isEnabled)
      .toBe(true);
    const entries = await menuEntries(app);
    for (const { id, group, title, shortcut } of specs) {
      const entry = entries.find((each) => each.id === id);
      expect(entry).toMatchObject({ menu: group, label: title, isVisible: true });
      if (shortcut !== undefined) {
        expect(entry?.accelerator).toBe(shortcut.replace("Mod", "CommandOrControl"));
      }
    }
    expect(entries.find(({ id }) => id === "edit.undo")).toMatchObject({ isEnabled: false });
    const changed = await addReplica(page);
    const undo = async () => (await menuEntries(app)).find(({ id }) => id === "edit.undo");
    await expect.poll(async () => (await undo())?.label).toMatch(/^Undo .+/);
    expect(await undo()).toMatchObject({ isEnabled: true });
    await clickMenu(app, "edit.undo");
    await expect(page.getByTestId("month-usd")).not.toHaveText(changed);
    await clickMenu(app, "view.palette");
    await expect(page.getByRole("dialog", { name: "Commands" })).toBeVisible();
    await app.close();
  });
}

test("files chosen before are in the menu, open again, and are forgotten when they are gone", async () => {
  const { app, page } = await openDesktop("packaged", place("data"));
  const path = copySample(place("files"), "once more.crossover");
  await app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] });
  }, path);
  const names = async () =>
    (await menuEntries(app))
      .map(({ label }) => label)
      .filter((label) => label.endsWith(".crossover"));
  const copies = page.getByRole("button", { name: "Azure conversations, hybrid" });
  const first = await copies.count();
  await clickMenu(app, "scenario.import");
  await takeIn(page);
  await expect.poll(names).toEqual(["once more.crossover"]);
  await expect.poll(() => copies.count()).toBeGreaterThan(first);
  const second = await copies.count();
  await clickMenu(app, "once more.crossover");
  await takeIn(page);
  await expect.poll(() => copies.count()).toBeGreaterThan(second);
  rmSync(path);
  await clickMenu(app, "once more.crossover");
  await expect(page.getByText("once more.crossover is not there.")).toBeVisible();
  await expect.poll(names).toEqual([]);
  await app.close();
});

test("files dropped on the window are shown first, then enter the library", async () => {
  const { app, page } = await openDesktop("packaged", place("data"));
  const copies = page.getByRole("button", { name: "Azure conversations, hybrid" });
  const before = await copies.count();
  await dropFiles(page, [copySample(place("files"), "dropped.crossover")]);
  await takeIn(page);
  await expect.poll(() => copies.count()).toBeGreaterThan(before);
  // What was taken in comes to the front a moment after it is in the list; what is dropped before that is covered by it.
  await expect(page.getByRole("textbox", { name: "Name of the scenario" })).toBeVisible();
  await dropFiles(page, [join(root, "shared/planning/fixtures/mooncakeShared.jsonl")]);
  await expect(page.getByRole("heading", { name: /^Import mooncakeShared/ })).toBeVisible();
  expect(page.url()).toBe("app://crossover/");
  await app.close();
});

for (const kind of electronKinds) {
  test(`a file named at the start is opened, and a second start hands its file over and leaves (${kind})`, async () => {
    const data = place("data");
    const files = place("files");
    const app = await launchElectron(kind, data, [copySample(files, "named.crossover")]);
    const page = await app.firstWindow({ timeout: 15_000 });
    const opened = (name: string) => page.getByRole("heading", { name: `Open ${name}` });
    await expect(opened("named.crossover")).toBeVisible({ timeout: 20_000 });
    copySample(files, "handed over.crossover");
    const { program, args } = programOf(kind);
    const second = spawn(
      program,
      [...args, "--no-sandbox", `--user-data-dir=${data}`, "handed over.crossover"],
      { cwd: files, stdio: "ignore" },
    );
    const code = await new Promise((resolve) => second.once("exit", resolve));
    expect(code).toBe(0);
    await expect(opened("handed over.crossover")).toBeVisible();
    expect(app.windows()).toHaveLength(1);
    // As macOS hands files over; a file that is gone is said to be.
    const handOver = (path: string) =>
      app.evaluate(
        ({ app: program }, given) => program.emit("open-file", { preventDefault() {} }, given),
        path,
      );
    await handOver(copySample(files, "by the system.crossover"));
    await expect(opened("by the system.crossover")).toBeVisible();
    await handOver(join(files, "gone.crossover"));
    await expect(page.getByText("gone.crossover is not there.")).toBeVisible();
    await app.close();
  });
}

test("the window comes back where it was, in the theme that was chosen", async () => {
  const data = place("data");
  const bounds = { x: 120, y: 90, width: 1111, height: 777 };
  const first = await openDesktop("packaged", data);
  await first.app.evaluate(({ BrowserWindow }, wanted) => {
    BrowserWindow.getAllWindows()[0]!.setBounds(wanted);
  }, bounds);
  await clickMenu(first.app, "view.theme.dark");
  await expect(first.page.locator("html")).toHaveAttribute("data-theme", "dark");
  await first.app.close();
  const again = await openDesktop("packaged", data);
  const look = () =>
    again.app.evaluate(({ BrowserWindow, nativeTheme }) => {
      const [window] = BrowserWindow.getAllWindows();
      return {
        bounds: window!.getBounds(),
        colour: window!.getBackgroundColor().toLowerCase(),
        source: nativeTheme.themeSource,
      };
    });
  await expect.poll(look).toEqual({ bounds, colour: "#17191b", source: "dark" });
  await clickMenu(again.app, "view.theme.light");
  await expect.poll(async () => (await look()).source).toBe("light");
  await again.app.close();
});

test("long work shows in the taskbar while it goes on", async () => {
  const { app } = await openDesktop("packaged", place("data"));
  await app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    const bars: number[] = [];
    Object.assign(globalThis, { bars });
    window!.setProgressBar = (share: number) => void bars.push(share);
  });
  await inPage(
    app,
    `(async () => {
      const { value } = await crossover.call("scenario.list", {});
      const opened = await crossover.call("scenario.open", { id: value.scenarios[0].id });
      const { document } = opened.value;
      await crossover.call("run.start", { job: "long", document, replications: 40, isFresh: true });
    })()`,
  );
  const bars = () => app.evaluate(() => (globalThis as { bars?: number[] }).bars ?? []);
  expect((await bars()).filter((share) => share > 0 && share < 1).length).toBeGreaterThan(0);
  // The page's own replications may still go on.
  await expect.poll(async () => (await bars()).pop(), { timeout: 30_000 }).toBe(-1);
  await app.close();
});

test("a page that ends unexpectedly is started again, with its unsaved work and a notice", async () => {
  const { app, page } = await openDesktop("packaged", place("data"));
  const changed = await addReplica(page);
  await expect
    .poll(() =>
      inPage(
        app,
        `crossover.call("scenario.list", {}).then(({ value }) => value.scenarios.some((each) => each.hasDraft))`,
      ),
    )
    .toBe(true);
  await app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]!.webContents.forcefullyCrashRenderer();
  });
  const text = () => pageText(app);
  await expect
    .poll(text, { timeout: 20_000 })
    .toMatch(/ended unexpectedly \(\w+\) and was started again/);
  await expect.poll(text, { timeout: 20_000 }).toContain(changed);
  await app.close();
});

test("of a page that does not answer the person decides; it is started again when they say so", async () => {
  const { app } = await openDesktop("packaged", place("data"));
  const asked = await app.evaluate(({ BrowserWindow, dialog }) => {
    const [window] = BrowserWindow.getAllWindows();
    return new Promise<string>((resolve) => {
      dialog.showMessageBox = (async (_window: unknown, options: Electron.MessageBoxOptions) => {
        resolve(`${options.message} ${options.buttons?.join("/")}`);
        return { response: 1, checkboxChecked: false };
      }) as typeof dialog.showMessageBox;
      window!.emit("unresponsive");
    });
  });
  expect(asked).toBe("Crossover's window does not answer. Wait/Start the page again");
  await expect.poll(() => pageText(app), { timeout: 20_000 }).toContain("was started again");
  await app.close();
});

test("what was changed just before the end is there at the next start", async () => {
  const data = place("data");
  const first = await openDesktop("packaged", data);
  await first.page.getByRole("button", { name: "Fleet" }).click();
  for (const replicas of ["2", "3"]) {
    await first.page.getByRole("button", { name: "Increase Replicas" }).click();
    await expect(first.page.getByRole("textbox", { name: "Replicas" })).toHaveValue(replicas);
  }
  await first.app.close();
  const again = await openDesktop("packaged", data);
  await again.page.getByRole("button", { name: "Fleet" }).click();
  await expect(again.page.getByRole("textbox", { name: "Replicas" })).toHaveValue("3");
  await again.app.close();
});

test("a page that hangs does not hold up the end of the program", async () => {
  const { app } = await openDesktop("packaged", place("data"));
  await app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    void window!.webContents.executeJavaScript("for (;;);");
  });
  const startMs = Date.now();
  const gone = new Promise((resolve) => app.process().once("exit", resolve));
  await app.evaluate(({ app: electron }) => electron.quit());
  await gone;
  expect(Date.now() - startMs).toBeLessThan(15_000);
});

test("a report is saved as PDF, and several scenarios into one folder, over the system's dialogs", async () => {
  test.setTimeout(150_000);
  const { app, page } = await openDesktop("packaged", place("data"));
  const pdf = place("report.pdf");
  const folder = place("files");
  mkdirSync(folder);
  await app.evaluate(
    ({ dialog }, { path, into }) => {
      dialog.showSaveDialog = async () => ({ canceled: false, filePath: path });
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [into] });
    },
    { path: pdf, into: folder },
  );
  // A twentieth of the sample's traffic: what is simulated for the report takes no time then.
  await inPage(
    app,
    `(async () => {
      const { value } = await crossover.call("scenario.list", {});
      const { id } = value.scenarios[0];
      const { document } = (await crossover.call("scenario.open", { id })).value;
      document.traffic.sources[0].transforms.volume = 0.05;
      await crossover.call("scenario.create", { document, name: "Ours" });
      document.pools[0].replicas = 2;
      await crossover.call("scenario.create", { document, name: "Ours, twice" });
      await crossover.call("scenario.delete", { id });
    })()`,
  );
  await page.getByRole("button", { name: /^Ours(?!,)/ }).click();
  await expect(page.getByRole("textbox", { name: "Name of the scenario" })).toHaveValue("Ours");
  await page.keyboard.press("Control+p");
  await expect(page.locator(".print-body[data-ready=true]")).toBeVisible({ timeout: 60_000 });
  // The curve and the comparison are in it: the package holds all that a study reads.
  await expect(page.getByRole("figure", { name: "A month's cost over its volume" })).toBeVisible();
  await expect(page.getByTestId("compare-sentences")).toBeVisible();
  for (const method of ["fidelity.card", "scenario.presets"]) {
    expect(await inPage(app, `crossover.call("${method}", {}).then(({ ok }) => ok)`)).toBe(true);
  }
  await page.getByRole("button", { name: "Save as PDF" }).click();
  await expect(page.getByText(/^report\.pdf is written: \d+ pages\.$/)).toBeVisible({
    timeout: 20_000,
  });
  const written = readFileSync(pdf, "latin1");
  expect(written.slice(0, 5)).toBe("%PDF-");
  expect(written.trimEnd().endsWith("%%EOF")).toBe(true);
  const pages = written.match(/\/Type\s*\/Page(?![a-zA-Z])/g) ?? [];
  expect(pages.length).toBeGreaterThan(2);
  await expect(page.getByText(`${pages.length} pages`)).toBeVisible();
  // A sheet of A4 or US letter.
  expect(written).toMatch(/\/MediaBox\s*\[0 0 (59[45]|612)(\.\d+)? (84[12]|792)(\.\d+)?\]/);

  // Presenting asks the window for the whole screen, and gives it back.
  await app.evaluate(({ BrowserWindow }) => {
    const asked: boolean[] = [];
    Object.assign(globalThis, { asked });
    BrowserWindow.getAllWindows()[0]!.setFullScreen = (isFull: boolean) => void asked.push(isFull);
    BrowserWindow.getAllWindows()[0]!.isFullScreen = () => asked[asked.length - 1] ?? false;
  });
  const asked = () => app.evaluate(() => (globalThis as { asked?: boolean[] }).asked);
  await page.keyboard.press("F5");
  await expect.poll(asked).toEqual([true]);
  await page.keyboard.press("Escape");
  await expect.poll(asked).toEqual([true, false]);

  await page.keyboard.press("Control+Shift+e");
  await page.getByRole("button", { name: "Save 2 files" }).click();
  await expect(page.getByText("All 2 files are written.")).toBeVisible();
  expect(readdirSync(folder).sort()).toEqual(["Ours, twice.crossover", "Ours.crossover"]);
  await app.close();
});
