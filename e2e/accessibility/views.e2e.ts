import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, type Page, test } from "playwright/test";
import { openApp } from "../fixtures/hosts.ts";

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve("axe-core/axe.min.js"),
  "utf8",
);
const themes = ["light", "dark", "contrast"] as const;

interface Finding {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly target: unknown; readonly failureSummary?: string }[];
}

/** What axe calls serious or critical, in each theme. Script tags are refused by the page's policy, so axe comes by evaluation. */
async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const found: string[] = [];
  for (const theme of themes) {
    await page.evaluate((name) => {
      document.documentElement.dataset.theme = name;
    }, theme);
    await page.waitForTimeout(200);
    const violations = (await page.evaluate(
      "axe.run(document, { resultTypes: ['violations'] }).then((result) => result.violations)",
    )) as Finding[];
    for (const { id, impact, nodes } of violations) {
      if (impact !== "serious" && impact !== "critical") continue;
      found.push(
        ...nodes
          .slice(0, 4)
          .map(({ target, failureSummary }) => `${theme}: ${id}: ${target}: ${failureSummary}`),
      );
    }
  }
  return found;
}

const log = "when,in,out\n1,10,5\n2,x,5\n3,10,5\n";

/** Ways from the open sample to each view. */
const views: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  results: async (page) =>
    void (await page.getByRole("button", { name: "Results", exact: true }).click()),
  start: async (page) => void (await page.keyboard.press("Control+1")),
  trace: async (page) => {
    await page.getByRole("button", { name: /^AzureLLM/ }).click();
    await expect(page.getByTestId("trace-rows")).toBeVisible();
  },
  "import of a trace": async (page) => {
    const [chooser] = await Promise.all([
      page.waitForEvent("filechooser"),
      page.keyboard.press("Control+i"),
    ]);
    await chooser.setFiles({ name: "log.csv", mimeType: "text/csv", buffer: Buffer.from(log) });
    await expect(page.getByRole("heading", { name: "Import log.csv" })).toBeVisible();
  },
  compare: async (page) => {
    await page.keyboard.press("Control+d");
    await expect(page.getByRole("textbox", { name: "Name of the scenario" })).toHaveValue(/copy/);
    await page.keyboard.press("Control+2");
    await expect(page.getByTestId("compare-sentences")).toBeVisible({ timeout: 60_000 });
  },
  present: async (page) => {
    await page.keyboard.press("F5");
    await expect(page.getByRole("button", { name: "Assumptions" })).toBeVisible();
  },
  palette: async (page) => {
    await page.keyboard.press("Control+k");
    await expect(page.getByRole("dialog", { name: "Commands" })).toBeVisible();
  },
};

for (const part of ["Traffic", "Fleet", "Providers", "Routing", "Targets and costs"]) {
  Object.assign(views, {
    [part]: async (page: Page) =>
      void (await page.getByRole("button", { name: part, exact: true }).click()),
  });
}

for (const [name, open] of Object.entries(views)) {
  test(`axe finds nothing serious in any theme: ${name}`, async ({ browserName }, info) => {
    void browserName;
    test.setTimeout(120_000);
    const app = await openApp("loopback", info.outputPath("data"));
    // A listener from the start on: one that comes with the key press may come too late to catch the chooser.
    app.page.on("filechooser", () => undefined);
    await expect(app.page.getByTestId("verdict")).toBeVisible({ timeout: 20_000 });
    await open(app.page);
    await app.page.waitForTimeout(600);
    expect(await seriousFindings(app.page)).toEqual([]);
    await app.close();
  });
}
