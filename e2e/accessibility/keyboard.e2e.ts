import { writeFileSync } from "node:fs";
import { expect, type Page, test } from "playwright/test";
import { openApp } from "../fixtures/hosts.ts";

/** Presses Tab until the thing of that name has the focus, as a person without a pointer does. */
async function tabTo(page: Page, name: string | RegExp, role = "button"): Promise<void> {
  const wanted = page
    .getByRole(role as "button", typeof name === "string" ? { name, exact: true } : { name })
    .first();
  for (let i = 0; i < 160; i++) {
    if (
      await wanted
        .evaluate(
          (element) =>
            element === document.activeElement || element.contains(document.activeElement),
        )
        .catch(() => false)
    )
      return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`the Tab key never came to ${name}`);
}

/** Whether what has the focus shows it: an outline of its own, of what it stands in, or of the box beside it. */
function showsFocus(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (element === null || element === document.body) return "nowhere";
    const around = [element, element.parentElement, element.closest("[data-focus-visible]")];
    const inside = element.closest("label")?.querySelectorAll("*") ?? [];
    const isShown = [...around, ...inside].some((each) => {
      if (each === null) return false;
      const { outlineStyle, outlineWidth } = getComputedStyle(each);
      return outlineStyle !== "none" && outlineWidth !== "0px";
    });
    return isShown ? "" : element.outerHTML.slice(0, 160);
  });
}

test("import, model, run and compare by the keyboard alone", async ({ browserName }, info) => {
  void browserName;
  test.setTimeout(150_000);
  const trace = info.outputPath("mine.csv");
  const rows = Array.from({ length: 300 }, (_, i) => `${i * 2},${300 + (i % 90)},${40 + (i % 30)}`);
  writeFileSync(trace, `arrival_s,prompt_tokens,output_tokens\n${rows.join("\n")}\n`);
  const app = await openApp("loopback", info.outputPath("data"));
  const { page } = app;
  // A listener from the start on: one that comes with the key press may come too late to catch the chooser.
  page.on("filechooser", () => undefined);
  await expect(page.getByTestId("verdict")).toBeVisible({ timeout: 20_000 });

  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.keyboard.press("Control+i"),
  ]);
  await chooser.setFiles(trace);
  await expect(page.getByRole("heading", { name: "Import mine.csv" })).toBeVisible();
  await tabTo(page, "Import");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("trace-rows")).toHaveText("300");

  await tabTo(page, "New scenario from this trace");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Plays about 300 requests")).toBeVisible();
  await tabTo(page, "Twice the requests");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Plays about 600 requests")).toBeVisible();
  await page.keyboard.press("Control+s");
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await page.keyboard.press("Control+r");
  await expect(page.getByTestId("verdict")).toContainText("a month of 730 h", { timeout: 20_000 });

  await page.keyboard.press("Control+2");
  await expect(page.getByTestId("compare-sentences")).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText("The traffic itself differs", { exact: false })).toBeVisible();
  const first = page.getByRole("list", { name: "Scenarios to compare" }).getByRole("listitem");
  const pinned = (await first.first().textContent()) ?? "";
  await tabTo(page, /^Make it the baseline/);
  await page.keyboard.press("Enter");
  await expect(first.first()).not.toHaveText(pinned);
  await expect(first.first()).toContainText("baseline");
  const figures = page.getByRole("table", { name: /^Figures of/ }).getByRole("row");
  await expect(figures.first()).toBeVisible({ timeout: 60_000 });
  const differing = await figures.count();
  await tabTo(page, "Only what differs", "checkbox");
  await page.keyboard.press("Space");
  await expect.poll(() => figures.count()).toBeGreaterThan(differing);

  // Every stop of the Tab key shows that it has the focus.
  const unseen: string[] = [];
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press("Tab");
    const found = await showsFocus(page);
    if (found !== "" && found !== "nowhere") unseen.push(found);
  }
  expect(unseen).toEqual([]);
  await app.close();
  expect(app.problems).toEqual([]);
});
