import { defineConfig } from "playwright/test";
import { takeDisplay } from "./fixtures/display.ts";

// The test tool reads this file in each worker too, before that worker's tests.
takeDisplay();

/** `npm start` builds, as it does for a person: its tests come when no other test reads the build. */
const building = "**/npmStart.e2e.ts";
/** What repeats itself for long, as kills do: `npm run e2e:long`. */
const long = ["**/reliability/kills.e2e.ts", "**/loopback/tabs.e2e.ts"];

export default defineConfig({
  testDir: ".",
  outputDir: "../out/test-results",
  globalSetup: "./setup.ts",
  workers: 2,
  projects: [
    { name: "app", testMatch: "**/*.e2e.ts", testIgnore: [building, ...long] },
    { name: "start", testMatch: building, dependencies: ["app"] },
    { name: "long", testMatch: long },
  ],
  // The test tool now and then misses the window of a program that has started; a test that needed its second try is named as flaky.
  retries: 1,
  timeout: 60_000,
  reporter: "list",
  forbidOnly: true,
});
