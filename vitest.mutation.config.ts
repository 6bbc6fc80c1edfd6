import { defineConfig } from "vitest/config";

/** The units of what is mutated, and nothing beside them: a mutant is looked at in seconds. */
export default defineConfig({
  test: {
    include: (process.env.MUTATION_TESTS ?? "electron/core/**/*.test.ts").split(","),
    exclude: ["**/*.process.test.ts", "**/redis-circuits.test.ts"],
    setupFiles: ["scripts/quiet-tests.mjs"],
    pool: "threads",
    // Code that is watched is slower.
    testTimeout: 60_000,
    restoreMocks: true,
    unstubEnvs: true,
  },
});
