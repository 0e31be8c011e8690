import { expect, test } from "playwright/test";
import { openApp } from "../fixtures/hosts.ts";

test("a second scenario is made, compared with the first, pinned, presented and saved as a file that comes back", async ({
  browserName,
}, info) => {
  void browserName;
  test.setTimeout(150_000);
  const app = await openApp("loopback", info.outputPath("data"));
  const { page } = app;
  await expect(page.getByTestId("verdict")).toBeVisible({ timeout: 20_000 });
  await page.keyboard.press("Control+d");
  await expect(page.getByRole("textbox", { name: "Name of the scenario" })).toHaveValue(
    /\(copy\)$/,
  );
  await page.getByRole("textbox", { name: "Name of the scenario" }).fill("Two replicas");
  await page.getByRole("button", { name: "Fleet", exact: true }).click();
  await page.getByRole("button", { name: "Increase Replicas" }).click();
  await page.keyboard.press("Control+s");
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();

  await page.keyboard.press("Control+2");
  const sentences = page.getByTestId("compare-sentences");
  await expect(sentences).toContainText(/costs\s\$[\d,]+\sa\smonth\s(less|more)\sthan/, {
    timeout: 60_000,
  });
  const inputs = page.getByRole("table", { name: "Inputs of the scenarios side by side" });
  await expect(inputs.getByRole("rowheader", { name: "pools.own-h100.replicas" })).toBeVisible();
  await expect(inputs.getByRole("row")).toHaveCount(2);
  const first = await sentences.textContent();
  await page.getByRole("button", { name: /^Make it the baseline/ }).click();
  await expect(sentences).not.toHaveText(first ?? "", { timeout: 60_000 });
  const figures = page.getByRole("table", { name: "Figures of the scenarios side by side" });
  await expect(figures.getByText(/95 %: /).first()).toBeVisible();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save comparison as CSV" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("comparison.csv");

  await page.getByRole("button", { name: /^Two replicas/ }).click();
  await page.keyboard.press("F5");
  await expect(page.getByRole("heading", { name: "Two replicas", level: 1 })).toBeVisible();
  for (const heading of ["Where own GPUs and APIs cross", "Beside the others", "What it assumes"]) {
    await page.keyboard.press("ArrowRight");
    await expect(page.getByRole("heading", { name: heading })).toBeVisible();
  }
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("run-hash").or(page.getByTestId("verdict")).first()).toBeVisible();

  await page.keyboard.press("Control+k");
  await page.keyboard.type("several as files");
  await page.keyboard.press("Enter");
  const files: string[] = [];
  page.on("download", (each) => void each.path().then((path) => files.push(path)));
  await page.getByRole("button", { name: "Save 2 files" }).click();
  await expect(page.getByText("2 of 2 files are written.")).toBeVisible();
  await expect.poll(() => files.length).toBe(2);
  await app.close();
  expect(app.problems).toEqual([]);
});
