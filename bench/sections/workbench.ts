/** The window in a real browser over the loopback host: from what a person does to what the page has painted. */
import { readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "playwright";
import { launchChromium, startLoopbackHost } from "../../e2e/fixtures/hosts.ts";
import type { Scenario } from "../../shared/schema/scenario.ts";
import { pageTasks, taskMs, traceThreads } from "../browserTrace.ts";
import { buildApp } from "../buildApp.ts";
import { CoreBench, type LoadDocument, writeRows } from "../coreBench.ts";
import type { Recorder, Section } from "../harness.ts";
import { fullLoad, plainLoad } from "../scenarios.ts";

const watch = readFileSync(join(import.meta.dirname, "../browser/watch.js"), "utf8");
const million = 1_000_000;
const edits = 5;
/** How the window's own sample begins its name. */
const sampleName = "Azure";
const parts = ["Traffic", "Fleet", "Providers", "Routing", "Targets and costs", "Results"];

interface Waits {
  readonly firstMs: number;
  readonly wholeMs: number;
}

/** What bench/browser/watch.js puts into the page; its buttons are elements. */
interface Watched {
  readonly bench: {
    press(button: unknown, selector: string | undefined): Promise<number>;
    answer(button: unknown): Promise<Waits>;
  };
}

/** Median of an odd number of values; the lower middle of an even one. */
function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)]!;
}

/** The page on a library, its host and browser ended afterwards. */
async function inWindow(data: string, work: (page: Page) => Promise<void>): Promise<void> {
  const { address, child } = await startLoopbackHost(data);
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(60_000);
    await page.addInitScript({ content: watch });
    await page.goto(address);
    await page.getByTestId("verdict").waitFor();
    await work(page);
  } finally {
    await browser.close();
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await gone;
  }
}

function part(page: Page, name: string): Locator {
  return page
    .getByRole("navigation", { name: "Parts of the scenario" })
    .getByRole("button", { name, exact: true });
}

/** Milliseconds until a button's doing is painted; with a selector, until that is there. */
function press(button: Locator, selector?: string): Promise<number> {
  return button.evaluate(
    (element, wanted) => (globalThis as object as Watched).bench.press(element, wanted),
    selector,
  );
}

function answer(button: Locator): Promise<Waits> {
  return button.evaluate((element) => (globalThis as object as Watched).bench.answer(element));
}

/** Answers to so many edits of the fleet, each to a size that was not simulated before. */
async function answers(page: Page): Promise<Waits> {
  await part(page, "Fleet").click();
  await page.locator('.answer[data-of="whole"]').waitFor();
  const more = page.getByRole("button", { name: "Increase Replicas" }).first();
  const waits: Waits[] = [];
  for (let edit = 0; edit < edits; edit++) {
    waits.push(await answer(more));
  }
  return {
    firstMs: median(waits.map(({ firstMs }) => firstMs)),
    wholeMs: median(waits.map(({ wholeMs }) => wholeMs)),
  };
}

/** The longest switch between two parts of the sample, of several rounds: the median round. */
async function switchViews(page: Page): Promise<number> {
  const rounds: number[] = [];
  for (let round = 0; round < edits; round++) {
    const times: number[] = [];
    for (const name of parts) times.push(await press(part(page, name)));
    rounds.push(Math.max(...times));
  }
  return median(rounds);
}

/** The longest task of the page's thread while a break-even study runs. */
async function studyStop(page: Page): Promise<number> {
  await part(page, "Results").click();
  await page.getByRole("tab", { name: "Break-even" }).click();
  const events = await traceThreads(page, async () => {
    await page.evaluate('performance.mark("study")');
    await page.getByRole("button", { name: "Find the break-even" }).click();
    await page.getByTestId("break-even").waitFor({ timeout: 120_000 });
  });
  return Math.max(...pageTasks(events, "study").map(taskMs));
}

interface KeyWait {
  readonly doneMs: number;
  readonly paintedMs: number;
}

/** The longest waits of keys, while each changes the scenario and starts its million requests anew on all processors. */
async function typing(page: Page): Promise<KeyWait> {
  await page.getByRole("textbox", { name: "Name of the scenario" }).click();
  await page.evaluate("bench.watchKeys()");
  for (const letter of "a name of some length") {
    await page.keyboard.press(letter === " " ? "Space" : letter);
    await page.waitForTimeout(60);
  }
  await page.waitForTimeout(300);
  const waits = (await page.evaluate("bench.keys")) as KeyWait[];
  return {
    doneMs: Math.max(...waits.map(({ doneMs }) => doneMs)),
    paintedMs: Math.max(...waits.map(({ paintedMs }) => paintedMs)),
  };
}

async function measureSample(record: Recorder): Promise<void> {
  const bench = new CoreBench();
  await bench.close();
  try {
    // The sample is simulated and kept, so that the next start only reads its answer.
    await inWindow(bench.folder, (page) => page.waitForTimeout(500));
    await inWindow(bench.folder, async (page) => {
      await part(page, "Fleet").click();
      await page.waitForTimeout(1000);
      const more = page.getByRole("button", { name: "Increase Replicas" }).first();
      record("window, answer to the first edit after a start", (await answer(more)).wholeMs, "ms", {
        atMost: 200,
      });
      record("window, switch of view, longest", await switchViews(page), "ms", { atMost: 100 });
      record("window, answer to an edit of the sample", (await answers(page)).wholeMs, "ms", {
        atMost: 200,
      });
      record("window, longest task while a study runs", await studyStop(page), "ms", {
        atMost: 50,
      });
    });
  } finally {
    bench.remove();
  }
}

/** A library with one scenario, called load, over an imported trace. The window adds the sample. */
async function libraryOf(load: Scenario): Promise<CoreBench> {
  const bench = new CoreBench();
  const document: LoadDocument = { ...(await bench.onTrace(load)), name: "load" };
  await bench.call("scenario.create", { document });
  await bench.close();
  return bench;
}

async function measureMillion(
  record: Recorder,
  name: string,
  load: Scenario,
  atMost: number,
): Promise<void> {
  const bench = await libraryOf(load);
  try {
    await inWindow(bench.folder, async (page) => {
      await libraryEntry(page, "load").click();
      await page.locator('body:has(input[value="load"]) .answer[data-of="whole"]').waitFor();
      const { firstMs, wholeMs } = await answers(page);
      record(`window, first answer of a million, ${name}`, firstMs, "ms", { atMost: 300 });
      record(`window, whole answer of a million, ${name}`, wholeMs / 1000, "s", { atMost });
      if (name === "plain features") {
        const { doneMs, paintedMs } = await typing(page);
        record("window, longest work for a key", doneMs, "ms", { atMost: 50 });
        record("window, longest from a key to its paint", paintedMs, "ms");
      }
    });
  } finally {
    bench.remove();
  }
}

function libraryEntry(page: Page, name: string): Locator {
  const scenarios = page.getByRole("region", { name: "Scenarios" });
  return scenarios.getByRole("button", { name: new RegExp(`^${name}`) });
}

/** From the press on a scenario in the library, whose run of 2,000,000 requests was kept by another start of the program, to its figures. */
async function measureOpening(record: Recorder): Promise<void> {
  const bench = await libraryOf(plainLoad(2 * million, 40));
  const answered =
    'body:has(input[value="load"]) .answer[data-of="whole"] [data-testid="month-usd"]';
  const listed = '[aria-label="Requests"] td.figure-cell';
  try {
    await inWindow(bench.folder, async (page) => {
      await press(libraryEntry(page, "load"), answered);
      await press(page.getByRole("tab", { name: "Requests" }), listed);
      await page.getByText("Answer", { exact: true }).waitFor();
      await press(libraryEntry(page, sampleName));
      await page.waitForTimeout(1000);
    });
    await inWindow(bench.folder, async (page) => {
      const openMs = await press(libraryEntry(page, "load"), answered);
      record("window, opening a result of 2,000,000 requests", openMs / 1000, "s", { atMost: 1 });
      const listMs = await press(page.getByRole("tab", { name: "Requests" }), listed);
      record("window, opening its list of requests", listMs / 1000, "s", { atMost: 1 });
    });
  } finally {
    bench.remove();
  }
}

/** From the choice of a file of 100 MB to its preview. */
async function measurePreview(record: Recorder): Promise<void> {
  const bench = new CoreBench();
  await bench.close();
  const path = join(bench.folder, "large.csv");
  const row = (i: number): string =>
    `${(i / 40).toFixed(3)},${200 + ((i * 7919) % 4000)},${1 + ((i * 104_729) % 900)},team-${i % 17}\n`;
  await writeRows(path, "timestamp,input_tokens,output_tokens,team\n", 4_600_000, row);
  try {
    if (statSync(path).size < 100e6) throw new Error("the file for the preview is too small");
    await inWindow(bench.folder, async (page) => {
      const [chooser] = await Promise.all([
        page.waitForEvent("filechooser"),
        page.keyboard.press("Control+i"),
      ]);
      const startMs = performance.now();
      await chooser.setFiles(path);
      await page.getByRole("table", { name: "First rows as they would be read" }).waitFor();
      const waitS = (performance.now() - startMs) / 1000;
      record("window, preview of a file of 100 MB", waitS, "s", { atMost: 1 });
    });
  } finally {
    rmSync(path);
    bench.remove();
  }
}

/** What a person waits for. */
export const workbench: Section = {
  name: "workbench",
  figures: [
    "window, answer to the first edit after a start",
    "window, switch of view, longest",
    "window, answer to an edit of the sample",
    "window, longest task while a study runs",
    "window, first answer of a million, plain features",
    "window, whole answer of a million, plain features",
    "window, longest work for a key",
    "window, longest from a key to its paint",
    "window, first answer of a million, all features",
    "window, whole answer of a million, all features",
    "window, opening a result of 2,000,000 requests",
    "window, opening its list of requests",
    "window, preview of a file of 100 MB",
  ],
  async run(record) {
    buildApp();
    await measureSample(record);
    await measureMillion(record, "plain features", plainLoad(million, 40), 1.5);
    await measureMillion(record, "all features", fullLoad(million, 50), 2.5);
    await measureOpening(record);
    await measurePreview(record);
  },
};
