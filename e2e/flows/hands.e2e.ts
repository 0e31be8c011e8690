import { expect, type Page, test } from "playwright/test";
import { openApp } from "../fixtures/hosts.ts";

/** What has the focus: its role and name; "nowhere" for the page itself. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const { activeElement: element } = document;
    if (element === null || element === document.body) return "nowhere";
    const name = element.getAttribute("aria-label") ?? element.textContent ?? "";
    return `${element.tagName.toLowerCase()} ${name.trim().slice(0, 60)}`;
  });
}

function copies(page: Page) {
  return page.getByRole("button", { name: /^Azure conversations, hybrid \(copy\)/ });
}

test("keys: the focus is never lost, fields keep their own keys, a held key acts once, undo goes over a restart", async ({
  browserName,
}, info) => {
  void browserName;
  test.setTimeout(120_000);
  const app = await openApp("loopback", info.outputPath("data"));
  const { page } = app;
  await expect(page.getByTestId("verdict")).toContainText("a month", { timeout: 20_000 });

  // A panel that is closed gives the focus back to the figure that opened it.
  await page
    .getByRole("button")
    .filter({ has: page.getByTestId("month-usd") })
    .or(page.locator("button[data-testid=month-usd]"))
    .focus();
  const figure = await focused(page);
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("explanation")).toBeVisible();
  await page.getByTestId("explanation").getByRole("button", { name: "Close" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("explanation")).toHaveCount(0);
  await expect.poll(() => focused(page)).toBe(figure);

  // So does the palette, which says where it finds nothing, and opens scenarios by name.
  await page.keyboard.press("Control+k");
  await page.keyboard.type("no such thing");
  await expect(page.getByText("Nothing is called “no such thing”")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog", { name: "Commands" })).toHaveCount(0);
  await expect.poll(() => focused(page)).toBe(figure);

  // A key that is held down duplicates once.
  await page.keyboard.down("Control");
  for (let i = 0; i < 4; i++) await page.keyboard.down("d");
  await page.keyboard.up("d");
  await page.keyboard.up("Control");
  await expect(page.getByRole("textbox", { name: "Name of the scenario" })).toHaveValue(/copy/);
  await page.waitForTimeout(300);
  await expect(copies(page)).toHaveCount(1);

  // In a field Ctrl+Backspace takes a word away; elsewhere it moves the scenario to the bin.
  const name = page.getByRole("textbox", { name: "Name of the scenario" });
  await name.focus();
  await page.keyboard.press("End");
  await page.keyboard.press("Control+Backspace");
  await expect(name).not.toHaveValue(/\(copy\)$/);
  await expect(page.getByText("is in the bin")).toHaveCount(0);
  const changed = await name.inputValue();

  // Unsaved work comes back after a restart of the page; the way back to the saved version is a step like any other.
  await expect(page.getByText("Unsaved changes, kept", { exact: true })).toBeVisible();
  await page.waitForTimeout(1000);
  await page.reload();
  await expect(name).toHaveValue(changed, { timeout: 20_000 });
  await expect(page.getByText("Unsaved changes, kept from before")).toBeVisible();
  await page.keyboard.press("Control+Shift+b");
  await expect(name).toHaveValue(/\(copy\)$/);
  await page.keyboard.press("Control+z");
  await expect(name).toHaveValue(changed);
  await page.keyboard.press("Control+y");
  await expect(name).toHaveValue(/\(copy\)$/);
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();

  // At 200 % of a 1440-pixel window nothing runs out of it, and leaving a view never leaves the focus nowhere.
  await page.setViewportSize({ width: 720, height: 450 });
  const views: readonly (readonly [string, string])[] = [
    ["Control+2", "Compare scenarios"],
    ["Control+Shift+e", "Save scenarios as files"],
    ["Control+1", "own GPU"],
  ];
  for (const [keys, heading] of views) {
    await page.keyboard.press(keys);
    await expect(page.getByRole("heading", { name: heading }).first()).toBeVisible();
    await expectNoOverflow(page, heading);
  }
  await copies(page).last().click();
  for (const keys of ["Control+p", "F5"]) {
    await page.keyboard.press(keys);
    await expect(page.getByRole("heading", { name: "(copy)", level: 1 }).last()).toBeVisible();
    await expectNoOverflow(page, keys);
  }
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("verdict")).toBeVisible();
  await expect.poll(() => focused(page)).not.toBe("nowhere");
  await app.close();
  expect(app.problems).toEqual([]);
});

async function expectNoOverflow(page: Page, view: string): Promise<void> {
  const over = await page.evaluate(() => {
    const sheet = document.querySelector("main")!;
    return Math.max(
      document.documentElement.scrollWidth - window.innerWidth,
      sheet.scrollWidth - sheet.clientWidth,
    );
  });
  expect(over, `${view} is wider than the window`).toBeLessThanOrEqual(0);
}
