import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  workers: 1,
  // On a busy shared machine one more try, named as flaky in the report; at a desk none.
  retries: process.env.CI ? 1 : 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: process.env["CI"] !== undefined,
  reporter: "list",
  use: { trace: "retain-on-failure" },
  projects: [
    { name: "journeys", testMatch: "*.journey.ts" },
    { name: "packaged", testMatch: "packaged/*.dist.ts" },
    { name: "screenshots", testMatch: "screenshots.shots.ts" },
  ],
});
