/** `npm start`, as a person types it: which host it opens, what it says, that it hands over and ends. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "playwright/test";
import { launchChromium } from "../fixtures/hosts.ts";

test.describe.configure({ timeout: 120_000 });

const root = join(import.meta.dirname, "../..");

interface Started {
  readonly child: ChildProcess;
  said(): string;
  address(): string | undefined;
  readonly ended: Promise<number | null>;
}

function start(args: readonly string[], env: NodeJS.ProcessEnv): Started {
  const child = spawn(process.execPath, [join(root, "scripts/start.ts"), ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  let printed = "";
  child.stderr!.on("data", (text) => {
    said += text;
  });
  child.stdout!.on("data", (text) => {
    printed += text;
  });
  return {
    child,
    said: () => said,
    address: () => /http:\/\/127\.0\.0\.1:\d+\/#[\w-]+/.exec(printed)?.[0],
    ended: new Promise((resolve) => child.once("exit", resolve)),
  };
}

const withoutDisplay = { DISPLAY: "", WAYLAND_DISPLAY: "" };

async function end({ child, ended }: Started): Promise<void> {
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
}

test("without a display it prints an address, which shows the sample simulated and open", async ({
  browserName,
}, info) => {
  void browserName;
  const data = info.outputPath("data");
  const first = start(["--data", data], withoutDisplay);
  await expect.poll(first.address, { timeout: 60_000 }).toBeDefined();
  expect(first.said()).toContain("instead of a window: there is no display");
  const browser = await launchChromium();
  const page = await browser.newPage();
  await page.goto(first.address()!);
  await expect(page.getByTestId("verdict")).toContainText("a month of 730 h", { timeout: 30_000 });
  expect(page.url()).not.toContain("#");
  await browser.close();

  const second = start(["--data", data], withoutDisplay);
  expect(await second.ended).toBe(0);
  expect(second.said()).toContain("served already");
  expect(second.address()).toBe(first.address());
  await end(first);
  expect(existsSync(join(data, "serving.json"))).toBe(false);
});

test("where Electron does not start it says why and serves the page", async ({
  browserName,
}, info) => {
  void browserName;
  const empty = info.outputPath("no-electron");
  mkdirSync(empty, { recursive: true });
  const env = { DISPLAY: ":0", ELECTRON_OVERRIDE_DIST_PATH: empty };
  const started = start(["--data", info.outputPath("data")], env);
  await expect.poll(started.address, { timeout: 60_000 }).toBeDefined();
  expect(started.said()).toMatch(/instead of a window: Electron's program does not start here \(/);
  await end(started);
});

test("with a display and Electron it opens the desktop app on the same library", async ({
  browserName,
}, info) => {
  void browserName;
  const data = info.outputPath("data");
  // The test runtime needs a binding of its own, as in launchElectron.
  const binding = join(process.env.ELECTRON_OVERRIDE_DIST_PATH ?? "", "native/better_sqlite3.node");
  const started = start(["--data", data], {
    ...(existsSync(binding) && { CROSSOVER_TEST_NATIVE_BINDING: binding }),
  });
  await expect
    .poll(() => existsSync(join(data, "library", "library.json")), { timeout: 60_000 })
    .toBe(true);
  expect(started.said()).toContain("opening the desktop app (Electron)");
  expect(started.address()).toBeUndefined();
  started.child.kill("SIGTERM");
  await started.ended;
});

test("what it does not know it refuses", async () => {
  const started = start(["--nonsense"], withoutDisplay);
  expect(await started.ended).toBe(1);
  expect(started.said()).toContain("--nonsense");
});
