import { defineConfig } from "playwright/test";
import { takeDisplay } from "./fixtures/display.ts";

// The test tool reads this file in each worker too, before that worker's tests.
takeDisplay();

/** `npm start` builds, as it does for a person: its tests come when no other test reads the build. */
const building = "**/npmStart.e2e.ts";
/** `npm run e2e:long`: what repeats itself for long, as kills do, or waits for disks and hosts to fail. */
const long = ["**/reliability/*.e2e.ts", "**/loopback/tabs.e2e.ts"];

export default defineConfig({
  testDir: ".",
  outputDir: "../out/test-results",
  globalSetup: "./setup.ts",
  workers: 2,
  projects: [
    { name: "app", testMatch: "**/*.e2e.ts", testIgnore: [building, ...long] },
    { name: "long", testMatch: long },
    { name: "start", testMatch: building, dependencies: ["long"] },
  ],
  // The test tool now and then misses the window of a program that has started; a test that needed its second try is named as flaky.
  retries: 1,
  timeout: 60_000,
  reporter: "list",
  forbidOnly: true,
});
