import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  workers: 1,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: process.env["CI"] !== undefined,
  reporter: "list",
  use: { trace: "retain-on-failure" },
  projects: [
    { name: "journeys", testMatch: "*.journey.ts" },
    { name: "screenshots", testMatch: "screenshots.shots.ts" },
  ],
});
