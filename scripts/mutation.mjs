// `npm run mutation`: changes code in many small ways, and fails where no test notices a change that its page of docs does not explain.
// Names an area or a folder of electron/core (default: every area), and files in it where not all are meant: `npm run mutation policy match glob`.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot, runTool } from "./project.mjs";
import { explained, survivors } from "./surviving-mutants.mjs";

/** The folders of electron/core that an area has, and the page that says why some of its mutants survive. */
const areas = {
  resilience: { folders: ["resilience"], page: "docs/resilience.md" },
  governance: { folders: ["policy", "approvals"], page: "docs/security.md" },
};
/** What talks to Redis is shown by tests with a real server of their own, too slow for this; the page says which. */
const leftOut = /^redis-(?:link|circuit-(?:store|script))\.ts$|\.test\.ts$|fixture/;

const [wanted, ...names] = process.argv.slice(2);
const known = Object.entries(areas).flatMap(([area, { folders }]) => [area, ...folders]);
if (wanted !== undefined && !known.includes(wanted)) {
  process.stderr.write(`There is no area or folder "${wanted}". Name one of ${[...new Set(known)].join(", ")}.\n`);
  process.exit(2);
}
for (const [area, { folders, page }] of Object.entries(areas)) {
  const chosen = folders.filter((folder) => [undefined, area, folder].includes(wanted));
  if (chosen.length > 0) process.exitCode = (await mutate(chosen, page)) || process.exitCode;
}

/** @param {readonly string[]} folders @param {string} page @returns {Promise<number>} the exit code */
async function mutate(folders, page) {
  const files = folders.flatMap((folder) => sources(join("electron/core", folder)));
  if (files.length === 0) {
    process.stderr.write(`There is no such file in electron/core/${folders.join(" or ")}.\n`);
    return 2;
  }
  const tests = folders.map((folder) => `electron/core/${folder}/**/*.test.ts`).join(",");
  const env = { ...process.env, MUTATION_TESTS: tests };
  const code = await runTool("@stryker-mutator/core", "bin/stryker.js", ["run", "--mutate", files.join(",")], env);
  return code || judge(files, page);
}

/** @param {readonly string[]} files @param {string} page */
function judge(files, page) {
  const report = JSON.parse(readFileSync(join(projectRoot, ".cache/mutation/report.json"), "utf8"));
  const reasons = explained(readFileSync(join(projectRoot, page), "utf8"));
  const found = survivors(report).filter(({ file }) => files.includes(file));
  const unexplained = found.filter(({ key }) => !reasons.has(key));
  for (const { file, line, from, to } of unexplained) {
    process.stderr.write(`${file}:${line} survives, and ${page} does not say why: ${from} → ${to}\n`);
  }
  const keys = new Set(found.map(({ key }) => key));
  for (const [key, file] of reasons) {
    if (files.includes(file) && !keys.has(key)) process.stdout.write(`${page} explains what is killed now: ${key}\n`);
  }
  process.stdout.write(`${found.length} mutants survive, ${found.length - unexplained.length} of them explained.\n`);
  return unexplained.length === 0 ? 0 : 1;
}

/** @param {string} parent */
function sources(parent) {
  return readdirSync(join(projectRoot, parent))
    .filter((file) => file.endsWith(".ts") && !leftOut.test(file))
    .filter((file) => names.length === 0 || names.includes(file.slice(0, -3)))
    .map((file) => `${parent}/${file}`);
}
