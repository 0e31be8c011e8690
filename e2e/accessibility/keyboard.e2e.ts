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
  await tabTo(page, /^Make it the baseline/);
  await page.keyboard.press("Enter");
  await expect(page.getByText("baseline", { exact: true }).first()).toBeVisible();
  await app.close();
  expect(app.problems).toEqual([]);
});
