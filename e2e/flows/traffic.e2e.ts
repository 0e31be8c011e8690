import { writeFileSync } from "node:fs";
import { expect, type Page, test } from "playwright/test";
import { openApp } from "../fixtures/hosts.ts";

/** A gateway's log with columns that nobody can guess, times without a zone, and ten rows that cannot be read. */
function writeLog(path: string): void {
  const lines = ["wann;rein;raus;gepuffert;llm;team;zweck"];
  for (let i = 0; i < 400; i++) {
    const seconds = String(i % 60).padStart(2, "0");
    const minute = String(Math.floor(i / 60)).padStart(2, "0");
    const prompt = i % 40 === 3 ? "many" : String(400 + ((i * 37) % 900));
    lines.push(
      `2026-10-05 08:${minute}:${seconds};${prompt};${20 + (i % 200)};60;llm-${i % 2};team-${i % 3};${i % 4 === 0 ? "agents" : "chat"}`,
    );
  }
  writeFileSync(path, `${lines.join("\n")}\n`);
}

async function choose(page: Page, field: RegExp, option: string): Promise<void> {
  await page.getByRole("button", { name: field }).click();
  await page.getByRole("option", { name: option, exact: true }).click();
}

async function give(page: Page, files: readonly string[]): Promise<void> {
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("button", { name: "Import a trace" }).first().click(),
  ]);
  await chooser.setFiles([...files]);
}

async function mapColumns(page: Page): Promise<void> {
  await choose(page, /Column with time of arrival/, "wann");
  await choose(page, /Column with prompt tokens/, "rein");
  await choose(page, /Column with output tokens/, "raus");
  await choose(page, /Column with cached tokens/, "gepuffert");
  await choose(page, /Column with model/, "llm");
  await choose(page, /Column with tag/, "zweck");
}

/** A week's hours become a curve of the same rates, which is typed, pasted and drawn. */
async function drawCurve(page: Page): Promise<void> {
  const week = page.getByRole("region", { name: "Source week" });
  await week.getByRole("button", { name: /Requests come/ }).click();
  await page.getByRole("option", { name: /by a curve/ }).click();
  const curve = week.getByRole("slider", { name: "Rate of each window of the curve" });
  await expect(curve).toHaveAttribute("aria-valuetext", /^Window 1 of 168, from 0:00/);
  await week.getByRole("button", { name: /^Rates as text/ }).click();
  const text = week.getByRole("textbox", { name: /Requests a second of each/ });
  await text.fill("1\n-2");
  await expect(week.getByText(/Rate 2: found “-2”/)).toBeVisible();
  await text.fill("1\n2\n3,5\n0");
  await week.getByRole("button", { name: "Take these 4 rates" }).click();
  await expect(week.getByText(/the window from 2:00 has 3\.50/)).toBeVisible();
  await expect(week.getByText(/the curve is played 42\.0 times/)).toBeVisible();
  await week.getByRole("button", { name: "Play it once, whole" }).click();
  await curve.focus();
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowUp");
  await expect(curve).toHaveAttribute("aria-valuetext", /^Window 4 of 4, from 3:00: 0\.[1-9]/);
  const count = week.getByRole("textbox", { name: "Windows", exact: true });
  await count.fill("12");
  await expect(curve).toHaveAttribute("aria-valuetext", /^Window 4 of 12/);
  await page.keyboard.press("Control+z");
  await expect(curve).toHaveAttribute("aria-valuetext", /^Window 4 of 4/);
}

/** The card of a class has its targets, and the answer follows. */
async function holdToTargets(page: Page): Promise<void> {
  const targets = page
    .getByRole("complementary", { name: "Answer" })
    .getByRole("list", { name: "Targets" });
  await page
    .getByRole("textbox", { name: /^end to end of .*, at most/ })
    .first()
    .fill("90000");
  await expect(targets.getByText(/of 90\.0\ss/)).toBeVisible();
  await page
    .getByRole("textbox", { name: /^end to end of .*, for/ })
    .first()
    .fill("99");
  await expect(targets.getByText(/end to end p99/)).toBeVisible();
}

test("a log is mapped, its rejects are counted live, it is looked at, replayed, carved and made to grow", async ({
  browserName,
}, info) => {
  void browserName;
  test.setTimeout(120_000);
  const log = info.outputPath("gateway.csv");
  writeLog(log);
  const app = await openApp("loopback", info.outputPath("data"));
  const { page } = app;
  await expect(page.getByTestId("verdict")).toBeVisible({ timeout: 20_000 });

  await give(page, [log]);
  await expect(page.getByText("needed: choose a column")).toHaveCount(3);
  await expect(page.getByRole("button", { name: "Import", exact: true })).toBeDisabled();
  await mapColumns(page);
  await expect(page.getByTestId("rejected-count")).toContainText("10 of the 400 rows");
  await expect(page.getByText("text where a number is wanted")).toBeVisible();
  await choose(page, /Times without a zone/, "UTC+02:00");
  await choose(page, /Cached tokens are/, "beside the prompt tokens");
  await expect(page.getByRole("cell", { name: "460" }).first()).toBeVisible();
  await page.getByRole("button", { name: "Import", exact: true }).click();

  await expect(page.getByTestId("trace-rows")).toHaveText("390");
  await expect(page.getByText("from 2026-10-05 06:00 UTC")).toBeVisible();
  await page.getByRole("radio", { name: "1 min" }).click();
  await expect(page.getByText("mean of each 1 min")).toBeVisible();
  await expect(page.getByRole("cell", { name: "team-0" })).toBeVisible();
  const tags = page.getByRole("table", { name: "The trace by tag" });
  await expect(tags.getByRole("row", { name: /^agents 100 / })).toBeVisible();

  await give(page, [log]);
  await expect(
    page.getByText("with the columns that you chose for such a file before"),
  ).toBeVisible();
  await page.getByRole("button", { name: "Leave it" }).click();

  await page.getByRole("button", { name: /^gateway\.csv/ }).click();
  await page.getByRole("button", { name: "Replay it in Azure conversations, hybrid" }).click();
  await expect(page.getByText("Plays about 390 requests")).toBeVisible();
  const cost = page.getByTestId("month-usd");
  await expect(cost).not.toHaveText("$22,800");
  await page.getByRole("button", { name: "Twice the requests" }).click();
  await expect(page.getByText("Plays about 780 requests")).toBeVisible();
  await page.keyboard.press("Control+z");
  await expect(page.getByText("Plays about 390 requests")).toBeVisible();

  await page.getByRole("button", { name: "model", exact: true }).click();
  await expect(page.getByText(/takes all requests for llm-/)).toBeVisible();
  await page.keyboard.press("Control+z");
  await page.getByRole("button", { name: "tag", exact: true }).click();
  await expect(page.getByText(/takes all requests tagged chat · \d+ served/)).toBeVisible();
  await page.getByRole("button", { name: "Drawn on a week" }).click();
  const board = page.getByRole("slider", { name: "Weight of each hour of the week" });
  const before = await board.getAttribute("aria-valuetext");
  await board.focus();
  await page.keyboard.press("ArrowDown");
  await expect(board).not.toHaveAttribute("aria-valuetext", before ?? "");
  await page.getByRole("textbox", { name: "Weight of Mon 09:00" }).fill("40");
  await expect(board).toHaveAttribute("aria-valuetext", /^Mon 09:00: 40/);

  await drawCurve(page);
  await holdToTargets(page);
  await app.close();
  expect(app.problems).toEqual([]);
});
