// `npm test`: every check, all of them whatever the others find. `npm run check` is the fast part: `--fast`.
import { build } from "./build.mjs";
import { conformance, fastChecks, journeys, otherClients, packaged } from "./checks.mjs";
import { resolveElectron } from "./electron.mjs";
import { browserPackages, canOpenWindows, chromiumPath, provide, windowPackages } from "./system-needs.mjs";

/** @typedef {import("./checks.mjs").Outcome} Outcome */

const passed = { passed: 0, failed: 0 };
const failed = { passed: 0, failed: 1 };

/** The checks that take longer, those that need Electron and what it needs of the system last. @type {typeof fastChecks} */
const slowChecks = [
  ["Conformance", conformance],
  ["Clients of others", otherClients],
  ["Build", async () => ((await build()) ? passed : failed)],
  ["Journeys", () => inElectron(journeys)],
  ["Packed application", () => inElectron(packaged)],
];

/** @param {(env: NodeJS.ProcessEnv) => Promise<Outcome>} check */
async function inElectron(check) {
  const electron = await resolveElectron();
  if (!(await provide(() => canOpenWindows(electron.path), windowPackages, "The journeys"))) return failed;
  // Where it cannot be had, the journeys that need it fail and say so; the others run.
  if (check === journeys) await provide(hasBrowser, browserPackages, "The journeys in a browser");
  return check({ ...process.env, ...electron.env });
}

/** Elsewhere than on Linux it is Playwright's own: npx playwright install chromium. */
function hasBrowser() {
  return process.platform !== "linux" || chromiumPath() !== undefined;
}

/** @param {typeof fastChecks} checks */
async function runAll(checks) {
  /** @type {[string, Outcome][]} */
  const outcomes = [];
  for (const [name, check] of checks) {
    process.stdout.write(`\n── ${name} ──\n`);
    try {
      outcomes.push([name, await check()]);
    } catch (error) {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      outcomes.push([name, failed]);
    }
  }
  return outcomes;
}

const outcomes = await runAll(process.argv.includes("--fast") ? fastChecks : [...fastChecks, ...slowChecks]);
process.stdout.write("\n── Summary ──\n");
for (const [name, { failed: count, remarks = [] }] of outcomes) {
  process.stdout.write(`${count === 0 ? "ok    " : "FAILED"}  ${name}\n`);
  for (const each of remarks) process.stdout.write(`          ${each}\n`);
}
const total = (/** @type {keyof Outcome} */ key) => outcomes.reduce((sum, [, outcome]) => sum + outcome[key], 0);
process.stdout.write(`${total("passed")} passed, ${total("failed")} failed\n`);
process.exitCode = total("failed") === 0 ? 0 : 1;
