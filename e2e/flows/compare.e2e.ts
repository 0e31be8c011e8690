import { readFileSync } from "node:fs";
import { expect, test } from "playwright/test";
import { openApp } from "../fixtures/hosts.ts";

test("a second scenario is made, compared with the first, pinned, presented and saved as a file that comes back", async ({
  browserName,
}, info) => {
  void browserName;
  test.setTimeout(150_000);
  const app = await openApp("loopback", info.outputPath("data"));
  const { page } = app;
  // A listener from the start on: one that comes with the key press may come too late to catch the chooser.
  page.on("filechooser", () => undefined);
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

  // A chart as a file.
  await page.keyboard.press("Control+2");
  await expect(sentences).toBeVisible({ timeout: 60_000 });
  await page.getByRole("button", { name: "Copy or save Cost, $ a month" }).click();
  const [picture] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: "SVG file" }).click(),
  ]);
  expect(picture.suggestedFilename()).toBe("Cost, $ a month.svg");
  expect(readFileSync(await picture.path(), "utf8")).toMatch(/^<svg [\s\S]*Cost, \$ a month/);

  // What is put into the bin is put back at once; a scenario that cannot run is left out, with its reason.
  await page
    .getByRole("button", { name: /^Two replicas/ })
    .first()
    .click();
  await page.locator("body").click({ position: { x: 700, y: 700 } });
  await page.keyboard.press("Control+Backspace");
  await page.getByRole("button", { name: "Put it back" }).click();
  await expect(page.getByRole("textbox", { name: "Name of the scenario" })).toHaveValue(
    "Two replicas",
  );
  await page.evaluate(async () => {
    const post = (method: string, body: unknown) =>
      fetch(`/api/${method}`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Crossover": "1" },
        body: JSON.stringify(body),
      }).then((reply) => reply.json());
    const { scenarios } = (await post("scenario.list", {})).value;
    const { document } = (await post("scenario.open", { id: scenarios[0].id })).value;
    const rules = [{ id: "all", to: { provider: "nobody" } }];
    await post("scenario.create", { document: { ...document, name: "Broken", rules } });
  });
  await page.keyboard.press("Control+2");
  await page.getByRole("combobox", { name: "Add a scenario" }).fill("brok");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert").getByText("Left out")).toContainText(
    'rules[0].to.provider: found "nobody"',
    { timeout: 60_000 },
  );
  await expect(sentences).toContainText("costs", { timeout: 60_000 });
  await page.getByRole("button", { name: "Remove Broken from the comparison" }).click();

  await page.keyboard.press("Control+k");
  await page.keyboard.type("several as files");
  await page.keyboard.press("Enter");
  const files: string[] = [];
  page.on("download", (each) => void each.path().then((path) => files.push(path)));
  await page.getByRole("button", { name: "Save 3 files" }).click();
  await expect(page.getByText("All 3 files are written.")).toBeVisible();
  await expect.poll(() => files.length).toBe(3);

  // What was written comes back: the same is not taken twice, a damaged file does not keep the others out.
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.keyboard.press("Control+o"),
  ]);
  const texts = files.map((path) => readFileSync(path, "utf8"));
  const mine = texts.find((text) => text.includes('"Two replicas"'))!;
  const changed = mine.replace(/"seed": \d+/, '"seed": 4711');
  const newer = mine.replace(/"version": 1\b/, '"version": 99');
  await chooser.setFiles(
    [
      { name: "same.crossover", text: mine },
      { name: "changed.crossover", text: changed },
      { name: "again.crossover", text: changed },
      { name: "cut.crossover", text: changed.slice(0, 500) },
      { name: "newer.crossover", text: newer },
    ].map(({ name, text }) => ({ name, mimeType: "application/json", buffer: Buffer.from(text) })),
  );
  const rows = page.locator(".import-row");
  await expect(rows.nth(0)).toContainText("The library has exactly this scenario already.");
  await expect(rows.nth(1)).toContainText("Another scenario has this name: both are kept");
  await expect(rows.nth(2)).toContainText("exactly the same as changed.crossover");
  await expect(rows.nth(3)).toContainText("cut.crossover");
  await expect(rows.nth(4)).toContainText(/version.*99|99.*version/);
  await page.getByRole("button", { name: "Take it into the library" }).click();
  await expect(page.getByTestId("verdict")).toBeVisible();
  await app.close();
  expect(app.problems).toEqual([]);
});
