import { defineConfig } from "vitest/config";

/** The units of what is mutated, and nothing beside them: a mutant is looked at in less than a second. */
export default defineConfig({
  test: {
    include: (process.env.MUTATION_TESTS ?? "electron/core/**/*.test.ts").split(","),
    // Thousands of times they would take hours, and what they show is shown by examples too.
    exclude: ["**/*.process.test.ts", "**/*.property.test.ts", "**/redis-circuits.test.ts"],
    globalSetup: ["scripts/temporary-folder.mjs"],
    setupFiles: ["scripts/quiet-tests.mjs"],
    pool: "threads",
    // Each mutant has a worker of its own anyway.
    isolate: false,
    // Many a mutant makes a test wait for ever; none of these takes a tenth of this, though code that is watched is slower.
    testTimeout: 20_000,
    restoreMocks: true,
    unstubEnvs: true,
  },
});
