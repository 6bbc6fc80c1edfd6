import { defineConfig } from "vitest/config";

const worlds = "{shared,electron,renderer}";

export default defineConfig({
  test: {
    include: [`${worlds}/**/*.test.{ts,tsx}`, "scripts/**/*.test.mjs"],
    setupFiles: ["scripts/quiet-tests.mjs"],
    pool: "forks",
    maxWorkers: 2,
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
      exclude: ["**/*.test.{ts,tsx}"],
    },
  },
});
