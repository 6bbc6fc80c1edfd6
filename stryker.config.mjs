// Mutation testing: `npm run mutation`, which names the files and judges what survives; see scripts/mutation.mjs.

export default {
  testRunner: "vitest",
  vitest: { configFile: "vitest.mutation.config.ts", related: false },
  plugins: ["@stryker-mutator/vitest-runner"],
  coverageAnalysis: "perTest",
  concurrency: 2,
  timeoutMS: 40_000,
  reporters: ["progress-append-only", "clear-text", "html", "json"],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  htmlReporter: { fileName: ".cache/mutation/report.html" },
  jsonReporter: { fileName: ".cache/mutation/report.json" },
  tempDirName: ".cache/stryker",
  ignorePatterns: ["out", "coverage", "dist", ".cache", "e2e", "renderer", "docs", "examples"],
};
