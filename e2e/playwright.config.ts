import { defineConfig } from "playwright/test";

export default defineConfig({
  testDir: ".",
  testMatch: "**/*.e2e.ts",
  outputDir: "../out/test-results",
  globalSetup: "./setup.ts",
  workers: 1,
  // The test tool now and then misses the window of a program that has started; a test that needed its second try is named as flaky.
  retries: 1,
  timeout: 60_000,
  reporter: "list",
  forbidOnly: true,
});
