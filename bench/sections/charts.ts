/** Charts in a real browser, drawn by software: what the main thread does for each frame of panning over 100,000 points. */
import { readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import react from "@vitejs/plugin-react";
import type { Page } from "playwright";
import { build } from "vite";
import { launchChromium } from "../../e2e/fixtures/hosts.ts";
import { pageTasks, type TraceEvent, taskMs, traceThreads } from "../browserTrace.ts";
import type { Section } from "../harness.ts";

const root = join(import.meta.dirname, "../browser");
const built = join(import.meta.dirname, "../../out/bench-browser");
const types: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
};
const frames = 200;

async function buildPage(): Promise<void> {
  await build({
    ...{ root, base: "./", configFile: false, publicDir: false, logLevel: "error" },
    plugins: [react()],
    build: { outDir: built, emptyOutDir: true, target: "chrome108", chunkSizeWarningLimit: 5000 },
  });
}

function serve() {
  const server = createServer(({ url = "/" }, response) => {
    const path = url === "/" ? "/index.html" : new URL(url, "http://127.0.0.1").pathname;
    response.setHeader("Content-Type", types[extname(path)] ?? "application/octet-stream");
    try {
      response.end(readFileSync(join(built, path)));
    } catch {
      response.statusCode = 404;
      response.end();
    }
  });
  return new Promise<typeof server>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve(server));
  });
}

/** Everything that the browser tells of its threads while the chart pans. */
function tracePan(page: Page): Promise<TraceEvent[]> {
  return traceThreads(page, () =>
    page.evaluate(
      (count) => (globalThis as object as { pan(n: number): Promise<void> }).pan(count),
      frames,
    ),
  );
}

/** Milliseconds of tasks on the page's main thread, style, layout and paint among them, by frame. */
function frameTimes(events: readonly TraceEvent[]): number[] {
  const marks = events
    .filter(({ name, cat }) => cat.includes("user_timing") && name.startsWith("pan "))
    .sort((a, b) => a.ts - b.ts);
  const tasks = pageTasks(events, "pan ");
  return marks.slice(0, -1).map((mark, i) => {
    const within = tasks.filter(
      ({ ts, dur = 0 }) => ts + dur > mark.ts && ts + dur <= marks[i + 1]!.ts,
    );
    return within.reduce((sum, each) => sum + taskMs(each), 0);
  });
}

/** Pans in Chromium. */
export const charts: Section = {
  name: "charts",
  figures: ["pan of 100,000 points, frame (p95)", "pan of 100,000 points, frame (median)"],
  async run(record) {
    await buildPage();
    const server = await serve();
    const browser = await launchChromium();
    try {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      await page.locator("canvas").waitFor();
      await tracePan(page);
      const times = frameTimes(await tracePan(page)).sort((a, b) => a - b);
      const at = (share: number): number => times[Math.floor(share * (times.length - 1))]!;
      record("pan of 100,000 points, frame (p95)", at(0.95), "ms", { atMost: 20 });
      record("pan of 100,000 points, frame (median)", at(0.5), "ms");
    } finally {
      await browser.close();
      server.close();
      rmSync(built, { recursive: true, force: true });
    }
  },
};
