import { defineConfig } from "playwright/test";

export default defineConfig({
  testDir: ".",
  testMatch: "**/*.e2e.ts",
  outputDir: "../out/test-results",
  globalSetup: "./setup.ts",
  workers: 1,
  timeout: 60_000,
  reporter: "list",
  forbidOnly: true,
});
