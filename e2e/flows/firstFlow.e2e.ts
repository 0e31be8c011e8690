import { join } from "node:path";
import { expect, type Page, test } from "playwright/test";
import { hostKinds, openApp } from "../fixtures/hosts.ts";

const root = join(import.meta.dirname, "../..");
const trace = join(root, "shared/planning/fixtures/mooncakeShared.jsonl");

/** The sample is there, open and simulated, without a click. */
async function seeSample(page: Page): Promise<string> {
  await expect(page.getByTestId("verdict")).toContainText("a month of 730 h", { timeout: 20_000 });
  return (await page.getByTestId("run-hash").textContent()) ?? "";
}

async function importTrace(page: Page): Promise<void> {
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("button", { name: "Import a trace" }).first().click(),
  ]);
  await chooser.setFiles(trace);
  await expect(page.getByRole("heading", { name: /^Import / })).toBeVisible();
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await expect(page.getByTestId("trace-rows")).toHaveText("240");
}

for (const kind of hostKinds) {
  test(`the sample is simulated at the first start; an edit is answered, undone and there after a restart (${kind})`, async ({
    browserName,
  }, info) => {
    void browserName;
    const data = info.outputPath("data");
    const first = await openApp(kind, data);
    const { page } = first;
    const hash = await seeSample(page);
    const before = await page.getByTestId("month-usd").textContent();
    await page.getByRole("button", { name: "Fleet" }).click();
    await page.getByRole("button", { name: "Increase Replicas" }).click();
    await expect(page.getByTestId("month-usd")).not.toHaveText(before ?? "");
    await page.keyboard.press("Control+z");
    await expect(page.getByTestId("month-usd")).toHaveText(before ?? "");
    await page.getByRole("button", { name: "Increase Replicas" }).click();
    await expect(page.getByTestId("month-usd")).not.toHaveText(before ?? "");
    const changed = await page.getByTestId("month-usd").textContent();
    await expect(page.getByText("Unsaved changes, kept")).toBeVisible();
    if (kind === "loopback") await importTrace(page);
    await page.waitForTimeout(1000);
    await page.screenshot({ path: info.outputPath("before-quit.png") });
    await first.close();

    const again = await openApp(kind, data);
    await expect(again.page.getByTestId("month-usd")).toHaveText(changed ?? "", {
      timeout: 20_000,
    });
    await again.page.keyboard.press("Control+s");
    await expect(again.page.getByText("Saved", { exact: true })).toBeVisible();
    if (kind === "loopback") {
      await again.page.getByRole("button", { name: "Versions" }).click();
      await again.page.getByRole("button", { name: "Go back to version 1" }).click();
      await expect(again.page.getByTestId("month-usd")).toHaveText(before ?? "");
      await again.page.keyboard.press("Control+z");
      await expect(again.page.getByTestId("month-usd")).toHaveText(changed ?? "");
      await again.page.getByRole("button", { name: /mooncakeShared/ }).click();
      await expect(again.page.getByTestId("trace-rows")).toHaveText("240");
    }
    await again.close();
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect([...first.problems, ...again.problems]).toEqual([]);
  });
}
