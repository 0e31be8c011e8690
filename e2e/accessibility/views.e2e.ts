import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import Database from "better-sqlite3";
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
    // Themes differ in nothing but colours: after the first only these are looked at.
    const rules = theme === themes[0] ? "" : ", runOnly: ['color-contrast']";
    const violations = (await page.evaluate(
      `axe.run(document, { resultTypes: ['violations']${rules} }).then((result) => result.violations)`,
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
const sample = readFileSync(
  join(import.meta.dirname, "../../data/samples/azure-conv-hybrid.crossover"),
  "utf8",
);

/** A way to a view, from where the tour stands. */
type Way = (page: Page) => Promise<void>;

function part(stroke: string): Way {
  return async (page) => {
    await page.keyboard.press(stroke);
    await page.waitForTimeout(300);
  };
}

function key(stroke: string, heading: string | RegExp): Way {
  return async (page) => {
    await page.keyboard.press(stroke);
    await expect(page.getByRole("heading", { name: heading, level: 1 }).first()).toBeVisible();
  };
}

function file(name: string, text: string) {
  return { name, mimeType: "application/octet-stream", buffer: Buffer.from(text) };
}

async function choose(page: Page, stroke: string, files: ReturnType<typeof file>[]) {
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.keyboard.press(stroke),
  ]);
  await chooser.setFiles(files);
}

/** Tours through the views, one app each: the name of a view with the way to it. */
const tours: Readonly<Record<string, Readonly<Record<string, Way>>>> = {
  "modelling and reading": {
    traffic: part("Control+3"),
    "traffic that is drawn": async (page) => {
      const last = page.getByRole("region", { name: "Source week" });
      await page.getByRole("button", { name: "Drawn on a week" }).click();
      await last.getByRole("button", { name: /^Hours as a table/ }).click();
      await page.waitForTimeout(300);
      await last.getByRole("button", { name: /Requests come/ }).click();
      await page.getByRole("option", { name: /by a curve/ }).click();
      await last.getByRole("button", { name: /^Rates as text/ }).click();
      await last.getByRole("textbox", { name: /Requests a second of each/ }).fill("1 x");
      await expect(last.getByText(/Rate 2: found “x”/)).toBeVisible();
      // Figures of the run before are faint while the next one is under way.
      await expect(page.locator('[data-old="true"]')).toHaveCount(0, { timeout: 20_000 });
    },
    fleet: part("Control+4"),
    providers: part("Control+5"),
    routing: part("Control+6"),
    targets: part("Control+7"),
    results: part("Control+8"),
    "a figure taken apart": async (page) => {
      await page.getByTestId("month-usd").click();
      await expect(page.getByTestId("explanation")).toBeVisible();
    },
    palette: async (page) => {
      await page.keyboard.press("Control+k");
      await expect(page.getByRole("dialog", { name: "Commands" })).toBeVisible();
      await page.keyboard.type("zzz");
      await expect(page.getByText("Nothing is called")).toBeVisible();
    },
  },
  "coming in": {
    "versions of a scenario": async (page) => {
      await page.getByRole("button", { name: "Versions" }).click();
      await expect(page.getByRole("list", { name: "Saved versions" })).toBeVisible();
    },
    backups: async (page) => {
      await page.getByRole("button", { name: "Backups" }).click();
      await page.getByRole("button", { name: "Back up now" }).click();
      await page
        .getByRole("button", { name: /^Go back to \d/ })
        .last()
        .click();
      await expect(page.getByRole("button", { name: "Stay" })).toBeVisible();
    },
    start: key("Control+1", /own GPU/),
    trace: async (page) => {
      await page.getByRole("button", { name: /^AzureLLM/ }).click();
      await expect(page.getByTestId("trace-rows")).toBeVisible();
    },
    "import of a trace": async (page) => {
      await choose(page, "Control+i", [file("log.csv", log)]);
      await expect(page.getByRole("heading", { name: "Import log.csv" })).toBeVisible();
    },
    "preview of scenario files": async (page) => {
      const files = [file("same.crossover", sample), file("cut.crossover", sample.slice(0, 900))];
      await choose(page, "Control+o", files);
      await expect(page.getByText("exactly this scenario already")).toBeVisible();
      await expect(page.locator(".import-row .problem")).toBeVisible();
    },
  },
  "passing on": {
    compare: async (page) => {
      await page.keyboard.press("Control+d");
      const name = page.getByRole("textbox", { name: "Name of the scenario" });
      await expect(name).toHaveValue(/copy/);
      await page.keyboard.press("Control+2");
      await expect(page.getByTestId("compare-sentences")).toBeVisible({ timeout: 60_000 });
    },
    "files to save": key("Control+Shift+e", "Save scenarios as files"),
    print: async (page) => {
      await page
        .getByRole("button", { name: /^Azure conversations/ })
        .first()
        .click();
      await expect(page.getByTestId("verdict")).toBeVisible();
      await page.keyboard.press("Control+p");
      await expect(page.locator(".print-body[data-ready=true]")).toBeVisible({ timeout: 60_000 });
    },
    "presented verdict": key("F5", /^Azure conversations/),
    "presented curve": key("ArrowRight", "Where own GPUs and APIs cross"),
    "presented comparison": async (page) => {
      await page.keyboard.press("ArrowRight");
      await expect(page.getByTestId("compare-sentences")).toBeVisible({ timeout: 60_000 });
    },
    "presented assumptions": key("ArrowRight", "What it assumes"),
  },
};

for (const [name, tour] of Object.entries(tours)) {
  test(`axe finds nothing serious in any theme: ${name}`, async ({ browserName }, info) => {
    void browserName;
    test.setTimeout(180_000);
    const app = await openApp("loopback", info.outputPath("data"));
    // A listener from the start on: one that comes with the key press may come too late to catch the chooser.
    app.page.on("filechooser", () => undefined);
    await expect(app.page.getByTestId("verdict")).toBeVisible({ timeout: 20_000 });
    for (const [view, open] of Object.entries(tour)) {
      await open(app.page);
      await app.page.waitForTimeout(300);
      expect.soft(await seriousFindings(app.page), view).toEqual([]);
    }
    await app.close();
    expect(app.problems).toEqual([]);
  });
}

test("axe finds nothing serious in any theme: a library that cannot be opened", async ({
  browserName,
}, info) => {
  void browserName;
  const data = info.outputPath("data");
  mkdirSync(join(data, "library"), { recursive: true });
  const other = new Database(join(data, "library", "library.sqlite"));
  other.exec("CREATE TABLE songs (name TEXT)");
  other.close();
  const { page, close } = await openApp("loopback", data);
  await expect(page.getByRole("heading", { name: /is not Crossover's/ })).toBeVisible();
  expect(await seriousFindings(page)).toEqual([]);
  await close();
});
