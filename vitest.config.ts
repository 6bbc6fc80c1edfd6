import { defineConfig } from "vitest/config";

const worlds = "{shared,electron,renderer}";
/** Tests of the command line as it is built. */
const builtCli = "electron/cli/**/*.process.test.ts";

/** What decides about calls: no branch of it is without a test. */
const whollyCovered = "electron/core/{policy/**,approvals/**,pins/**,resilience/**,journal/audit-chain.ts}";

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "units",
          include: [`${worlds}/**/*.test.{ts,tsx}`, "scripts/**/*.test.mjs"],
          exclude: [builtCli],
        },
      },
      {
        extends: true,
        test: {
          name: "command-line",
          include: [builtCli],
          globalSetup: "electron/cli/fixtures/build-cli.ts",
          // Each starts several processes, one after the other.
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: { name: "faults", include: ["e2e/faults/*.test.ts"], globalSetup: "electron/cli/fixtures/build-cli.ts" },
      },
      {
        extends: true,
        test: {
          name: "other-clients",
          include: ["e2e/other-clients/*.test.ts"],
          globalSetup: ["electron/cli/fixtures/build-cli.ts", "e2e/other-clients/setup.ts"],
        },
      },
    ],
    globalSetup: ["scripts/temporary-folder.mjs"],
    setupFiles: ["scripts/quiet-tests.mjs"],
    pool: "forks",
    maxWorkers: 2,
    // On a busy shared machine one more try, named as flaky in the summary; at a desk none.
    retry: process.env["CI"] ? 1 : 0,
    testTimeout: 15_000,
    hookTimeout: 15_000,
    teardownTimeout: 5_000,
    restoreMocks: true,
    unstubEnvs: true,
    coverage: {
      provider: "v8",
      reportsDirectory: "coverage",
      reporter: ["text-summary", "html"],
      include: [`${worlds}/**/*.{ts,tsx}`],
      exclude: ["**/*.test.{ts,tsx}", "**/fixtures/**", "**/*-fixture.ts"],
      thresholds: { [whollyCovered]: { branches: 100 } },
    },
  },
});
