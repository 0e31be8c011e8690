import { expect, type Page, test } from "playwright/test";
import { openApp } from "../fixtures/hosts.ts";

/** Opens the sample's results over the loopback host. */
async function openResults(data: string) {
  const app = await openApp("loopback", data);
  await app.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await expect(app.page.getByTestId("verdict")).toContainText("a month of 730 h", {
    timeout: 30_000,
  });
  return app;
}

function points(page: Page, chart: string) {
  return page.getByRole("slider", { name: `Points of ${chart}` });
}

test("a figure is taken apart down to its price and source, and moves with an edit", async ({
  browserName,
}, info) => {
  void browserName;
  const { page, problems, close } = await openResults(info.outputPath("data"));
  await page.getByTestId("month-usd").click();
  const panel = page.getByTestId("explanation");
  await expect(panel).toContainText("Cost of a month");
  const before = await panel.locator(".explanation-value").textContent();
  await panel.getByRole("button", { name: /\$/ }).first().click();
  await expect(panel).toContainText(/list price, \d{4}-\d\d-\d\d/);
  await panel.getByRole("button", { name: "Back" }).click();
  await page.getByRole("button", { name: "Fleet" }).first().click();
  await page.getByRole("button", { name: "Increase Replicas" }).click();
  await expect(panel.locator(".explanation-value")).not.toHaveText(before ?? "");
  await expect(page.getByText(/by the last edit/).first()).toBeVisible();
  await panel.getByRole("button", { name: "Close" }).click();
  await expect(panel).toBeHidden();
  await close();
  expect(problems).toEqual([]);
});

test("points are read with the keyboard; linked charts zoom together; a chart is a table and a picture", async ({
  browserName,
}, info) => {
  void browserName;
  const { page, problems, close } = await openResults(info.outputPath("data"));
  const usage = points(page, "How full own-h100 is");
  await usage.focus();
  await expect(usage).toHaveAttribute("aria-valuetext", /^busy: .*%; 0 to 0.5 min$/);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("End");
  await expect(usage).toHaveAttribute("aria-valuetext", /^compute: .*%; 58/);
  await page.keyboard.press("Home");
  await page.keyboard.press("+");
  await expect(page.getByText(/^Shown: 0\.\d+ to 35/)).toBeVisible();
  const queue = points(page, "Requests at own-h100");
  await queue.focus();
  await page.keyboard.press("End");
  await expect(queue).toHaveAttribute("aria-valuetext", /; 35 to 35.5 min$/);
  await page.keyboard.press("Control+c");
  await expect(page.getByText("The picture and its table are in the clipboard.")).toBeVisible();
  const copied = await page.evaluate(async () => {
    const [item] = await navigator.clipboard.read();
    return { types: [...item.types].sort(), text: await (await item.getType("text/plain")).text() };
  });
  expect(copied.types).toEqual(["image/png", "text/plain"]);
  expect(copied.text.split("\n")[0]).toBe("from (min)\trunning\twaiting");
  expect(copied.text.split("\n")).toHaveLength(119);
  await page.keyboard.press("0");
  await expect(page.getByText(/^Shown:/)).toBeHidden();
  await page
    .getByRole("button", { name: "Copy or save Distribution of time to first token" })
    .click();
  await page.getByRole("menuitem", { name: "As a drawing (SVG)", exact: true }).first().click();
  await expect(page.getByText("The drawing is in the clipboard")).toBeVisible();
  const svg = await page.evaluate(() => navigator.clipboard.readText());
  expect(svg).toMatch(
    /fill="none"[^>]*>real-time: [^<]+<\/text><text [^>]*stroke="none"[^>]*>real-time: /,
  );
  expect(svg).not.toMatch(/var\(|class=/);
  await page.getByRole("button", { name: "Requests at own-h100 as a table" }).click();
  await expect(
    page.getByRole("table", { name: "Requests at own-h100" }).getByRole("row"),
  ).toHaveCount(118);
  await close();
  expect(problems).toEqual([]);
});

test("every request is found by its class and its wait, to the last one", async ({
  browserName,
}, info) => {
  void browserName;
  const { page, problems, close } = await openResults(info.outputPath("data"));
  await page.getByRole("tab", { name: "Requests" }).click();
  await expect(page.getByText("19,366 of 19,366 requests.")).toBeVisible({ timeout: 20_000 });
  const list = page.getByRole("region", { name: "Requests", exact: true });
  await list.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await expect(list.getByRole("cell", { name: "19,365", exact: true })).toBeVisible();
  await page.getByText("spilled over only").click();
  await expect(page.getByText(/^\d+ of 19,366 requests\.$/)).toBeVisible();
  const spilled = Number(
    (await page.getByText(/of 19,366 requests\.$/).textContent())?.split(" ")[0],
  );
  expect(spilled).toBeGreaterThan(10);
  await page.getByRole("textbox", { name: "End to end of at least" }).fill("9999999");
  await page.keyboard.press("Tab");
  await expect(page.getByText("No request of this run fits the filter.")).toBeVisible();
  await page.getByRole("button", { name: "All requests" }).click();
  await expect(page.getByText("19,366 of 19,366 requests.")).toBeVisible();
  await close();
  expect(problems).toEqual([]);
});

/** Plays the sample's trace so many times as dense. */
async function setVolume(page: Page, volume: string): Promise<void> {
  await page.getByRole("button", { name: "Traffic" }).first().click();
  await page.getByRole("textbox", { name: "Volume", exact: true }).fill(volume);
  await page.keyboard.press("Tab");
}

test("a run under way tells its own time and is cancelled at once; the same volume as before has its answer again", async ({
  browserName,
}, info) => {
  void browserName;
  const { page, problems, close } = await openResults(info.outputPath("data"));
  const before = await page.getByTestId("month-usd").textContent();
  await setVolume(page, "150");
  await page.getByRole("button", { name: "Results" }).first().click();
  const run = page.getByRole("progressbar", { name: "Run", exact: true });
  await expect(run).toContainText(/ %, .* of 58\.\d min simulated/, {
    timeout: 30_000,
  });
  await page.getByRole("complementary").getByRole("button", { name: "Cancel" }).click();
  const answer = page.getByRole("complementary", { name: "Answer" });
  await expect(answer.getByText(/^Cancelled/)).toBeVisible({ timeout: 1000 });
  await expect(run).toBeHidden();
  await expect(page.getByTestId("verdict")).toBeVisible();
  await expect(page.getByText("Stale: the scenario changed since")).toBeVisible();
  await page.keyboard.press("Control+z");
  await expect(page.getByTestId("month-usd")).toHaveText(before ?? "", { timeout: 20_000 });
  await expect(answer.getByText(/^Cancelled/)).toBeHidden();
  await page.getByRole("button", { name: "Simulate all that is stale" }).click();
  await expect(page.getByText("Nothing was stale, 1 scenario up to date.")).toBeVisible();
  await close();
  expect(problems).toEqual([]);
});

test("how sure the verdict is, and what moves it; an alternative stands beside the scenario as cost against latency, and opens as a scenario of its own", async ({
  browserName,
}, info) => {
  void browserName;
  test.setTimeout(120_000);
  const { page, problems, close } = await openResults(info.outputPath("data"));
  await setVolume(page, "0.05");
  await page.getByRole("button", { name: "Results" }).first().click();
  await page.getByRole("tab", { name: "How sure" }).click();
  await page.getByRole("textbox", { name: "Samples" }).fill("8");
  await page.keyboard.press("Tab");
  await page.getByRole("button", { name: "See how sure it is" }).click();
  const wins = points(page, "How often each option is cheapest");
  await expect(wins).toBeVisible({ timeout: 60_000 });
  await wins.focus();
  await expect(wins).toHaveAttribute("aria-valuetext", /: \d+(\.\d)? %/);
  const moves = points(page, "What moves the verdict");
  await moves.focus();
  await expect(moves).toHaveAttribute("aria-valuetext", /\$/);
  await page.getByRole("tab", { name: "Alternatives" }).click();
  await page.getByRole("button", { name: "Find alternatives" }).click();
  const options = points(page, "Cost against latency");
  await expect(options).toBeVisible({ timeout: 90_000 });
  await options.focus();
  await page.keyboard.press("Home");
  const [first] = (await options.getAttribute("aria-valuetext"))?.split(":") ?? [];
  expect(first).toMatch(/^\d\. /);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toContainText(`: ${first.slice(3)}`);
  await expect(page.getByTestId("verdict")).toContainText("a month of 730 h", { timeout: 20_000 });
  await expect(page.getByRole("button", { name: /^Azure conversations, hybrid: / })).toBeVisible();
  await close();
  expect(problems).toEqual([]);
});

test("a break-even study is started, cancelled within a second, run to its curve, marked stale by an edit, and there after a restart", async ({
  browserName,
}, info) => {
  void browserName;
  test.setTimeout(180_000);
  const data = info.outputPath("data");
  const { page, problems, close } = await openResults(data);
  await page.getByRole("tab", { name: "Break-even" }).click();
  await page.getByRole("button", { name: "Find the break-even" }).click();
  await expect(page.getByRole("progressbar", { name: "Study" })).toBeVisible();
  const startMs = Date.now();
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByText(/^Cancelled\./)).toBeVisible();
  expect(Date.now() - startMs).toBeLessThan(1000);
  await page.getByRole("textbox", { name: "Volumes" }).fill("6");
  await page.getByRole("textbox", { name: "Runs of each" }).fill("2");
  await page.keyboard.press("Tab");
  await page.getByRole("button", { name: "Find the break-even" }).click();
  await expect(page.getByTestId("break-even")).toContainText("At the traffic's own", {
    timeout: 120_000,
  });
  const curve = points(page, "A month's cost over its volume");
  await curve.focus();
  await expect(curve).toHaveAttribute("aria-valuetext", /^OpenAI GPT-4.1: \$.*tokens a month$/);
  await expect(page.getByRole("heading", { name: "Three conditions for own GPUs" })).toBeVisible();
  await page.getByRole("button", { name: "Fleet" }).first().click();
  const kept = page.waitForResponse(/scenario\.saveDraft/);
  await page.getByRole("button", { name: "Increase Replicas" }).click();
  await page.getByRole("button", { name: "Results" }).first().click();
  await expect(page.getByText("Stale: the scenario changed since").first()).toBeVisible();
  await kept;
  await close();
  const again = await openResults(data);
  await again.page.getByRole("tab", { name: "Break-even" }).click();
  await expect(again.page.getByTestId("break-even")).toContainText("At the traffic's own");
  await expect(
    again.page.getByText("Stale: the scenario, its traces or the program changed since"),
  ).toBeVisible();
  await again.page.getByRole("button", { name: "Fleet" }).first().click();
  await again.page.getByRole("button", { name: "Decrease Replicas" }).click();
  await again.page.getByRole("button", { name: "Results" }).first().click();
  await expect(again.page.getByTestId("break-even")).toBeVisible();
  await expect(again.page.getByText(/^Stale/)).toBeHidden();
  await again.close();
  expect([...problems, ...again.problems]).toEqual([]);
});
