/** The editors of a scenario over loopback: fleet with its instances, prices, rules, targets; by mouse and by keyboard alone. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, type Locator, type Page, test } from "playwright/test";
import { type OpenApp, openApp } from "../fixtures/hosts.ts";

let app: OpenApp;
let page: Page;

test.beforeEach(async ({ browserName }, info) => {
  void browserName;
  app = await openApp("loopback", info.outputPath("data"));
  page = app.page;
  await expect(page.getByTestId("verdict")).toContainText("a month of 730 h", { timeout: 20_000 });
});

test.afterEach(async () => {
  await app.close();
  expect([...app.problems]).toEqual([]);
});

async function part(name: string): Promise<void> {
  await page
    .getByRole("navigation", { name: "Parts of the scenario" })
    .getByRole("button", { name })
    .click();
}

async function choose(scope: Page | Locator, label: string, option: RegExp): Promise<void> {
  await scope.getByRole("button", { name: label }).first().click();
  await page.getByRole("option", { name: option }).click();
}

test("a pool that does not fit says so with its arithmetic, and one press makes it fit", async () => {
  await part("Fleet");
  const pool = page.getByRole("region", { name: "Pool own-h100" });
  await expect(pool.getByText(/Room for \d+ k tokens of KV cache/)).toBeVisible();
  await choose(pool, "Weights", /^bf16/);
  await choose(pool, "Tensor parallel", /^1 GPU/);
  await expect(pool.getByText(/Does not fit\. Weights 131/)).toBeVisible();
  await expect(pool.getByText("Would fit:")).toBeVisible();
  const verdict = page.getByTestId("verdict");
  await expect(verdict).toBeVisible();
  await pool.getByRole("button", { name: /^tensor parallel 2$/ }).click();
  await expect(pool.getByText(/Room for .* tokens of KV cache/)).toBeVisible();
  await page.keyboard.press("Control+z");
  await expect(pool.getByText(/Does not fit/)).toBeVisible();
});

test("what is typed is answered while it is typed, and a wrong figure is told at its field", async () => {
  await part("Fleet");
  const month = page.getByTestId("month-usd");
  const before = await month.textContent();
  const replicas = page.getByRole("textbox", { name: "Replicas" });
  const figures = page.locator(".answer-figures");
  const { height } = (await figures.boundingBox())!;
  await replicas.fill("3");
  await expect(month).not.toHaveText(before ?? "");
  await expect(figures).toContainText("by the last edit");
  expect((await figures.boundingBox())!.height, "figures move in place").toBe(height);
  await replicas.fill("0");
  const field = page.locator('[data-field="pools[0].replicas"]');
  await expect(field.getByText(/found 0, wanted a number of at least 1/)).toBeVisible();
  await expect(page.getByRole("list", { name: "To put right" })).toContainText("pools[0].replicas");
  await expect(month).toBeVisible();
  const answer = page.getByRole("complementary", { name: "Answer" });
  await expect(answer).toContainText("cannot be simulated as it stands. Below is the last answer.");
  await expect(answer.getByRole("button", { name: /^To Fleet/ })).toBeVisible();
  const short = page.getByRole("list", { name: "The scenario in short" });
  await expect(short.getByRole("link", { name: /^Fleet/ })).toContainText("1 thing to put right");
  await page.keyboard.press("Control+z");
  await expect(replicas).toHaveValue("1");
  await expect(month).toHaveText(before ?? "");
  await page.keyboard.press("Control+Shift+z");
  await expect(replicas).toHaveValue("0");
  await replicas.fill("1");
  await replicas.blur();
  await expect(field.getByText(/wanted/)).toHaveCount(0);
  await expect(month).toHaveText(before ?? "");
});

test("figures move against the answer that was pinned, and the outline follows", async () => {
  await part("Fleet");
  const answer = page.getByRole("complementary", { name: "Answer" });
  const fleet = page
    .getByRole("list", { name: "The scenario in short" })
    .getByRole("link", { name: /^Fleet/ });
  await expect(fleet).toContainText(/2\sx H100 SXM, llama-3\.3-70b fp8 TP2, .*busy/);
  await answer.getByRole("button", { name: "Pin this answer" }).click();
  const more = page.getByRole("button", { name: "Increase Replicas" });
  await more.click();
  await expect(fleet).toContainText(/4\sx H100 SXM/);
  await more.click();
  await expect(fleet).toContainText(/6\sx H100 SXM/);
  await expect(answer).toContainText(/Changes are against the pinned answer, \$[\d,]+ a month/);
  await expect(answer.getByText(/^\+\$[\d,]+, \+[\d.]+\s%$/).first()).toBeVisible();
  await expect(answer.getByRole("list", { name: "Targets" })).toContainText(/-[\d.]+\s%/);
  await answer.getByRole("button", { name: "Unpin" }).click();
  await expect(answer.getByText(/by the last edit/).first()).toBeVisible();
});

test("a development licence under production traffic is flagged in place", async () => {
  await part("Fleet");
  const pool = page.getByRole("region", { name: "Pool own-h100" });
  await choose(pool, "Licence mode", /Downloadable NIM/);
  await expect(pool.getByText(/Production traffic on "Downloadable NIM/)).toBeVisible();
  await pool.getByText("Serves production traffic").click();
  await expect(pool.getByText(/Production traffic on/)).toHaveCount(0);
});

test("a GPU is cut with the keyboard alone: digits, arrows, Delete; what cannot stand names what blocks it", async () => {
  await part("Fleet");
  await page.getByRole("button", { name: /^Add GPUs/ }).click();
  await page.getByRole("button", { name: "Add cut into instances" }).first().click();
  const cut = page.getByRole("region", { name: "Partition cut-h100" });
  const ruler = cut.getByRole("group", { name: "Memory slices of cut-h100" });
  const blocks = ruler.locator(".mig-block");
  await expect(blocks).toHaveText([/3g\.40gb/, /3g\.40gb/]);
  await blocks.nth(1).focus();
  await page.keyboard.press("2");
  await expect(blocks).toHaveText([/3g\.40gb/, /2g\.20gb/]);
  await ruler.getByRole("button", { name: /Slice 6, free/ }).focus();
  await page.keyboard.press("1");
  await expect(blocks).toHaveText([/3g\.40gb/, /2g\.20gb/, /1g/]);
  await expect(cut.getByRole("button", { name: "Add 4g.40gb" })).toBeDisabled();
  await expect(
    cut.getByText(/4g\.40gb has no room: at 0 slices? .* taken by 3g\.40gb/),
  ).toBeVisible();
  await blocks.first().focus();
  await page.keyboard.press("Delete");
  await expect(blocks).toHaveText([/2g\.20gb/, /1g/]);
  await blocks.first().focus();
  await page.keyboard.press("ArrowLeft");
  await expect(ruler.getByRole("button", { name: /2g\.20gb on slices 2 and 3/ })).toBeVisible();
  await expect(cut.getByText(/^Memory slices? .* unused/)).toBeVisible();
});

test("an instance is dragged to a legal start, and dragged off the ruler it is gone", async () => {
  await part("Fleet");
  await page.getByRole("button", { name: /^Add GPUs/ }).click();
  await page.getByRole("button", { name: "Add cut into instances" }).first().click();
  const ruler = page.getByRole("group", { name: "Memory slices of cut-h100" });
  const blocks = ruler.locator(".mig-block");
  await blocks.nth(1).focus();
  await page.keyboard.press("2");
  await ruler.scrollIntoViewIfNeeded();
  const box = (await ruler.boundingBox())!;
  const slice = box.width / 8;
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + slice * 0.5, y);
  await page.mouse.down();
  await page.mouse.move(box.x + slice * 5, y, { steps: 4 });
  await expect(
    page.getByText(/3g\.40gb can start at 0; at 4 slices 4 and 5 are taken by 2g\.20gb/),
  ).toBeVisible();
  await page.mouse.up();
  await expect(ruler.getByRole("button", { name: /3g\.40gb on slices 0 to 3/ })).toBeVisible();
  await page.mouse.move(box.x + slice * 4.5, y);
  await page.mouse.down();
  await page.mouse.move(box.x + slice * 7.6, y, { steps: 4 });
  await page.mouse.up();
  await expect(ruler.getByRole("button", { name: /2g\.20gb on slices 4 and 5/ })).toBeVisible();
  await page.mouse.move(box.x + slice * 4.5, y);
  await page.mouse.down();
  await page.mouse.move(box.x + slice * 4.5, y + 160, { steps: 4 });
  await page.mouse.up();
  await expect(blocks).toHaveCount(1);
});

test("a price changed by hand is marked against the catalog, keeps its history, and goes back in one press", async () => {
  await part("Providers");
  const provider = page.getByRole("region", { name: "Provider gpt-4.1" });
  const month = page.getByTestId("month-usd");
  const before = await month.textContent();
  const input = provider.getByRole("textbox", { name: "Input", exact: true });
  await input.fill("2.5");
  await input.blur();
  await expect(provider.getByText(/catalog \$2\.00 \(\+25 %\)/)).toBeVisible();
  await expect(month).not.toHaveText(before ?? "");
  await provider.getByRole("button", { name: /Sources and price history/ }).click();
  await expect(provider.getByText("Input: $2.00 before.")).toBeVisible();
  await provider.getByRole("button", { name: "Input of gpt-4.1 back to the catalog's" }).click();
  await expect(input).toHaveValue("2");
  await expect(provider.getByText("Input: $2.00 before.")).toHaveCount(0);
  await expect(month).toHaveText(before ?? "");
  await provider.getByRole("button", { name: /^Limits/ }).click();
  await provider.getByRole("textbox", { name: "Context" }).fill("4000");
  await expect(page.getByRole("complementary", { name: "Answer" })).toContainText(
    /[\d,]+ requests were too long for the context of gpt-4\.1/,
  );
  await part("Routing");
  const box = page.getByRole("region", { name: "Test a request" });
  await box.getByRole("textbox", { name: "Prompt" }).fill("5000");
  await expect(
    box.getByText(/prompt and output fit the context is 5200, wanted at most 4000/),
  ).toHaveCount(2);
});

test("a provider is added from the catalog, given a rule, and removed with it", async () => {
  await part("Providers");
  await page.getByRole("button", { name: /^Add providers/ }).click();
  await page.getByRole("button", { name: "Add Mistral Large 3" }).click();
  const provider = page.getByRole("region", { name: "Provider mistral-large-3" });
  await provider.getByRole("button", { name: "Add a rule before the last one" }).click();
  await expect(provider.getByText(/Work comes by the rule to-mistral-large-3/)).toBeVisible();
  await provider.getByRole("button", { name: /^Identity/ }).click();
  await provider.getByText("Allowed for production").click();
  await expect(provider.getByText(/It is for trials, not for production/)).toBeVisible();
  await part("Routing");
  await expect(page.getByRole("row", { name: /goes to mistral-large-3/ })).toBeVisible();
  await part("Providers");
  await provider.getByRole("button", { name: "Remove" }).first().click();
  await part("Routing");
  await expect(page.getByRole("row")).toHaveCount(3);
});

test("rules are sentences, moved with Alt and an arrow key, and changed in place; a last rule with a condition is not total", async () => {
  await part("Routing");
  const rows = page.getByRole("row");
  await expect(rows.first()).toContainText("Real-time requests go to gpt-4.1.");
  await rows.first().focus();
  await page.keyboard.press("Alt+ArrowDown");
  await expect(rows.nth(1)).toContainText("Real-time requests go to gpt-4.1.");
  await page.keyboard.press("Control+z");
  await expect(rows.first()).toContainText("Real-time requests go to gpt-4.1.");
  await rows.nth(1).getByRole("button", { name: "Change" }).click();
  await page.getByRole("textbox", { name: "Waiting, at most" }).fill("20");
  await expect(rows.nth(1)).toContainText("while at most 20 wait per replica");
  await rows.nth(2).getByRole("button", { name: "Remove" }).click();
  await page.getByRole("button", { name: "Add a last rule for everything that is left" }).click();
  await expect(page.getByRole("textbox", { name: "Name of the rule" })).toHaveValue("the-rest");
  await page.keyboard.press("Control+z");
  await expect(rows).toHaveCount(2);
  await page.keyboard.press("Control+z");
  await expect(rows).toHaveCount(3);
  await expect(rows.nth(2).getByRole("button", { name: "Close" })).toBeVisible();
  await rows.nth(2).getByRole("button", { name: "Close" }).click();
  await rows.nth(2).getByRole("button", { name: "Change" }).click();
  await page.getByRole("textbox", { name: "Share of them" }).fill("50");
  await expect(page.getByText(/The last rule has a share below 100 %/)).toBeVisible();
  await expect(page.getByRole("list", { name: "To put right" })).toContainText("not total");
  await expect(page.getByTestId("month-usd")).toBeVisible();
});

test("the test box says which rule takes a request now and what refused it; the flow has all tokens and dollars", async () => {
  await part("Routing");
  const box = page.getByRole("region", { name: "Test a request" });
  await expect(box.getByRole("status")).toContainText("class real-time would go to gpt-4.1");
  await choose(box, "Class", /^near-line/);
  await expect(box.getByRole("status")).toContainText("class near-line would go to own-h100");
  await box.getByRole("textbox", { name: "Waiting" }).fill("12");
  await expect(box.getByRole("status")).toContainText(
    "would go to gpt-4.1, because near-line-to-own could not take it",
  );
  await expect(box.getByText(/waiting per replica is 12, wanted at most 8/)).toBeVisible();
  const flow = page.getByRole("region", { name: "Flow of the last run" });
  await expect(flow.getByText(/own-h100 has .* tokens of the run/)).toBeVisible();
  await flow.getByRole("radio", { name: "dollars" }).click();
  await expect(flow.getByText(/\sa\smonth; .*\sof\sthe\srequests\sspilled/)).toBeVisible();
});

test("a rule is dragged to another place", async () => {
  await part("Routing");
  const rows = page.getByRole("row");
  const grip = rows.first().getByRole("button", { name: /^Move the rule/ });
  await grip.focus();
  await page.keyboard.press("Enter");
  // The places to put it come a moment after the key.
  const place = page.locator('[aria-roledescription="drop indicator"]:focus');
  for (let step = 0; step < 2; step++) {
    await expect(place).toBeAttached();
    const from = (await place.getAttribute("aria-label"))!;
    await page.keyboard.press("ArrowDown");
    await expect(place).not.toHaveAttribute("aria-label", from);
  }
  await page.keyboard.press("Enter");
  await expect(rows.first()).toContainText("Near-line requests");
  await page.keyboard.press("Control+z");
  await expect(rows.first()).toContainText("Real-time requests");
  await rows.first().dragTo(rows.nth(1), { targetPosition: { x: 300, y: 40 } });
  await expect(rows.first()).toContainText("Near-line requests");
});

test("prices are refreshed from a file: the differences stand first, what is left out stays, and one step takes the rest", async () => {
  await part("Providers");
  const list = {
    "gpt-4.1": {
      ...{ litellm_provider: "openai", mode: "chat" },
      ...{ input_cost_per_token: 1.5e-6, output_cost_per_token: 6e-6 },
    },
  };
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("button", { name: "Refresh prices from a file" }).click(),
  ]);
  const buffer = Buffer.from(JSON.stringify(list));
  await chooser.setFiles({ name: "list.json", mimeType: "application/json", buffer });
  const refresh = page.getByRole("region", { name: "Refresh prices" });
  await expect(refresh.getByText(/LiteLLM's list: 1 model and/)).toBeVisible();
  await expect(refresh.getByRole("row", { name: /Input \$2\.00 \$1\.50 -25 %/ })).toBeVisible();
  const provider = page.getByRole("region", { name: "Provider gpt-4.1" });
  await expect(provider.getByRole("textbox", { name: "Input", exact: true })).toHaveValue("2");
  await refresh
    .getByRole("row", { name: /Output/ })
    .getByRole("checkbox")
    .focus();
  await page.keyboard.press("Space");
  await refresh.getByRole("button", { name: "Take 1 price" }).click();
  await expect(provider.getByRole("textbox", { name: "Input", exact: true })).toHaveValue("1.5");
  await expect(provider.getByRole("textbox", { name: "Output", exact: true })).toHaveValue("8");
  await page.keyboard.press("Control+z");
  await expect(provider.getByRole("textbox", { name: "Input", exact: true })).toHaveValue("2");
  const [again] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("button", { name: "Refresh prices from a file" }).click(),
  ]);
  await again.setFiles({ name: "x.json", mimeType: "application/json", buffer: Buffer.from("{}") });
  await expect(page.getByText(/x\.json: found no prices/)).toBeVisible();
});

test("targets, the hours of a month and fixed costs are part of the answer", async () => {
  await part("Targets and costs");
  const month = page.getByTestId("month-usd");
  const before = await month.textContent();
  await page.getByRole("button", { name: /^720/ }).click();
  await expect(page.getByTestId("verdict")).toContainText("a month of 720 h");
  await page.keyboard.press("Control+z");
  await expect(month).toHaveText(before ?? "");
  await page.getByRole("button", { name: "Add a fixed cost" }).click();
  await page.getByRole("textbox", { name: "Amount" }).fill("5000");
  await expect(month).not.toHaveText(before ?? "");
  await page.getByRole("textbox", { name: "TTFT of near-line", exact: true }).fill("100");
  await expect(page.getByRole("list", { name: "Targets" })).toContainText("of 100 ms");
});

/** What axe finds serious or worse on the page as it stands. */
async function seriousFindings(rules: string): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const path = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
  await session.send("Runtime.evaluate", { expression: readFileSync(path, "utf8") });
  const { result } = await session.send("Runtime.evaluate", {
    expression: `axe.run(document, ${rules}).then(({ violations }) => violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => id + ': ' + nodes[0].html.slice(0, 200)))`,
    ...{ awaitPromise: true, returnByValue: true },
  });
  await session.detach();
  return result.value as string[];
}

test("axe finds nothing serious on any editor, folded out, in light and dark", async () => {
  test.setTimeout(180_000);
  await part("Fleet");
  await page.getByRole("button", { name: /^Add GPUs/ }).click();
  await page.getByRole("button", { name: "Add cut into instances" }).first().click();
  for (const name of ["Fleet", "Providers", "Routing", "Targets and costs"]) {
    await part(name);
    if (name === "Routing") await page.getByRole("button", { name: "Change" }).nth(1).click();
    const folded = page.locator('.more-trigger[aria-expanded="false"]');
    while ((await folded.count()) > 0) await folded.first().click();
    await expect(page.getByText("Simulating", { exact: true })).toHaveCount(0);
    // Themes differ in nothing but colours: in the second only these are looked at.
    for (const [theme, rules] of [
      ["light", "{}"],
      ["dark", "{ runOnly: ['color-contrast'] }"],
    ] as const) {
      await page.evaluate((each) => {
        document.documentElement.dataset.theme = each;
      }, theme);
      await page.waitForTimeout(300);
      expect(await seriousFindings(rules), `${name}, ${theme}`).toEqual([]);
    }
  }
});
