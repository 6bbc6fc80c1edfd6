// The checks that the project holds itself to, each a program that exits non-zero when it finds something.
import { readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import process from "node:process";
import { stripVTControlCharacters } from "node:util";
import { projectRoot, run, runTool } from "./project.mjs";
import { hasPackageTools, hasServers, onDisplay, packagePackages, provide, testPackages } from "./system-needs.mjs";

/**
 * What came of a check; `remarks` names the tests that failed, and those that passed at their second try alone.
 * @typedef {{ passed: number, failed: number, remarks?: string[] }} Outcome
 */

const reports = ".cache/reports";
/** The project of vitest that needs what others wrote. */
const ofOthers = "other-clients";
/** Looks at the branches of what decides about calls alone: vitest.config.ts says how many of them are to be tested. */
const coverage = [
  "--coverage.enabled",
  "--coverage.include=electron/core/{policy,approvals,pins,resilience}/**",
  "--coverage.include=electron/core/journal/audit-chain.ts",
  "--coverage.reporter=text-summary",
];

/** Each check of the fast part: its heading, and what runs it. @type {readonly [string, () => Promise<Outcome>][]} */
export const fastChecks = [
  ["Format", () => tool("prettier", "bin/prettier.cjs", ["--check", "--log-level", "warn", "."])],
  ["Lint", () => tool("oxlint", "bin/oxlint", ["--type-aware"])],
  ["Types", () => tool("typescript", "bin/tsc", ["-b"])],
  [
    "Dependency rules",
    () => tool("dependency-cruiser", "bin/dependency-cruise.mjs", ["electron", "renderer", "shared"]),
  ],
  ["Unused code", () => tool("knip", "bin/knip.js", [])],
  ["API pages", apiPages],
  ["Units and integration", units],
];

/**
 * The journeys in the real application, which has to be built.
 * @param {NodeJS.ProcessEnv} env
 */
export function journeys(env) {
  return inBrowser("journeys", env);
}

/**
 * Packs the application into a folder, and works with what came out and with the packages that are made of it.
 * @param {NodeJS.ProcessEnv} env
 */
export async function packaged(env) {
  // Where they cannot be had, the test of the AppImage is skipped, and the others run.
  await provide(hasPackageTools, packagePackages, "The test of the AppImage");
  const code = await run(process.execPath, ["scripts/dist.mjs", "--dir"], env);
  return code === 0 ? inBrowser("packaged", env) : verdict(code);
}

/**
 * @param {string} project of Playwright
 * @param {NodeJS.ProcessEnv} env
 */
async function inBrowser(project, env) {
  const report = freshReport(`${project}.json`);
  const args = [`--project=${project}`, "--reporter=list,json"];
  const code = await playwright(args, { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: report });
  return outcome(code, report, ({ stats, suites }) => ({
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected,
    remarks: suites.flatMap(journeyRemarks),
  }));
}

/**
 * Runs Playwright, on a display that is made up where there is none.
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
export function playwright(args, env) {
  const program = join(projectRoot, "node_modules/@playwright/test/cli.js");
  const command = onDisplay([process.execPath, program, "test", ...args]);
  return run(command[0], command.slice(1), env);
}

/** The official conformance suite against the core as a client and the gateway as a server, to both revisions. */
export async function conformance() {
  return verdict(await run(process.execPath, ["scripts/conformance.mjs"]));
}

/** Whether the library's pages are what its types give. */
async function apiPages() {
  return verdict(await run(process.execPath, ["scripts/docs.mjs", "--check"]));
}

async function units() {
  // Where it cannot be had, the tests that need it fail and say so; the others run.
  await provide(hasServers, testPackages, "The tests of what instances share");
  return vitest("units", [`--project=!${ofOthers}`, ...coverage]);
}

/** Clients that others wrote, through the gateway, to servers that others wrote: fetched once into the cache. */
export function otherClients() {
  return vitest(ofOthers, [`--project=${ofOthers}`]);
}

/** @param {string} name of the report @param {readonly string[]} options */
async function vitest(name, options) {
  const report = freshReport(`${name}.json`);
  const args = ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...options];
  const code = await runTool("vitest", "vitest.mjs", args);
  return outcome(code, report, (results) => ({
    passed: results.numPassedTests,
    failed: results.numFailedTests,
    remarks: results.testResults.flatMap(unitRemarks),
  }));
}

/** @param {any} file as Vitest reports it @returns {string[]} */
function unitRemarks({ name, assertionResults, message }) {
  const file = relative(projectRoot, name);
  const tests = assertionResults
    .filter((/** @type {any} */ { failureMessages }) => failureMessages.length > 0)
    .map((/** @type {any} */ test) => remark(test.status, `${file} › ${test.fullName}`, test.failureMessages[0]));
  return message ? [remark("failed", file, message), ...tests] : tests;
}

/** @param {any} suite as Playwright reports it @returns {string[]} */
function journeyRemarks({ specs, suites = [] }) {
  const own = specs.flatMap((/** @type {any} */ { title, file, tests }) =>
    tests
      .filter((/** @type {any} */ { status }) => status === "unexpected" || status === "flaky")
      .map((/** @type {any} */ { status, results }) =>
        remark(status === "flaky" ? "passed" : "failed", `${file} › ${title}`, results[0]?.error?.message ?? ""),
      ),
  );
  return [...own, ...suites.flatMap(journeyRemarks)];
}

/** @param {string} status @param {string} test @param {string} message */
function remark(status, test, message) {
  const [firstLine] = stripVTControlCharacters(message).split("\n");
  return `${status === "passed" ? "flaky " : "FAILED"}  ${test}${firstLine ? `: ${firstLine}` : ""}`;
}

/** A check that counts no tests. @param {Parameters<typeof runTool>} program @returns {Promise<Outcome>} */
async function tool(...program) {
  return verdict(await runTool(...program));
}

/** @param {number} code @returns {Outcome} */
function verdict(code) {
  return { passed: 0, failed: code === 0 ? 0 : 1 };
}

/** @param {string} name */
function freshReport(name) {
  const path = join(projectRoot, reports, name);
  rmSync(path, { force: true });
  return path;
}

/**
 * What the report counts. A run that fails without a failed test to show for it counts as one failure.
 * @param {number} code
 * @param {string} report
 * @param {(report: any) => Outcome} count
 * @returns {Outcome}
 */
function outcome(code, report, count) {
  const counted = readReport(report, count);
  if (code === 0 || counted.failed > 0) return counted;
  const why = "the run as a whole: too little is covered, or there was an error outside its tests; see its output";
  return { ...counted, failed: 1, remarks: [...(counted.remarks ?? []), remark("failed", why, "")] };
}

/** @param {string} path @param {(report: any) => Outcome} count */
function readReport(path, count) {
  try {
    return count(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    process.stderr.write(`There is no report of this run at ${path}: ${String(error)}\n`);
    return { passed: 0, failed: 1 };
  }
}
