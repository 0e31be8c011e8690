/** Before the end-to-end tests: a display, an Electron to run, the build, and a packaged copy of the app. Fails where one cannot be had. */
import { spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { packageApp, provideElectron } from "./fixtures/packageApp.ts";

async function startDisplay(): Promise<(() => void) | undefined> {
  if (process.platform !== "linux" || process.env.DISPLAY) return undefined;
  const child = spawn(
    "Xvfb",
    ["-displayfd", "3", "-screen", "0", "2000x1200x24", "-nolisten", "tcp"],
    { stdio: ["ignore", "ignore", "ignore", "pipe"] },
  );
  const number = await new Promise<string>((resolve, reject) => {
    (child.stdio[3] as Readable).once("data", (text) => resolve(String(text).trim()));
    child.once("error", reject);
    child.once("exit", () => reject(new Error("Xvfb did not start")));
  });
  process.env.DISPLAY = `:${number}`;
  return () => void child.kill();
}

/** Playwright's global set-up. */
export default async function setup(): Promise<(() => void) | undefined> {
  const stop = await startDisplay();
  try {
    const electron = provideElectron();
    process.env.ELECTRON_OVERRIDE_DIST_PATH = electron.dist;
    packageApp(electron, true);
  } catch (error) {
    stop?.();
    throw error;
  }
  return stop;
}
