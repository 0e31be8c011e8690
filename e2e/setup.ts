/** Before the end-to-end tests: displays, an Electron to run, the build, and a packaged copy of the app. Fails where one cannot be had. */
import type { FullConfig } from "playwright/test";
import { startDisplay } from "./fixtures/display.ts";
import { packageApp, provideElectron } from "./fixtures/packageApp.ts";

/** Playwright's global set-up. */
export default async function setup({ workers }: FullConfig): Promise<(() => void) | undefined> {
  const stop = await startDisplay(workers);
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
