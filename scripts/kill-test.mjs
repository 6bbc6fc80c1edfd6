// `npm run kill-test [COUNT]`: kills a core at random moments, a thousand times unless told otherwise, and looks at what it left behind.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { projectRoot, runTool } from "./project.mjs";

const count = process.argv[2] ?? "1000";
const report = join(projectRoot, ".cache/reports/kill-test.json");
mkdirSync(join(report, ".."), { recursive: true });
rmSync(report, { force: true });

const started = performance.now();
const args = ["run", "--project", "units", "electron/core/kill.test.ts"];
const env = { ...process.env, KILL_TEST_COUNT: count, KILL_TEST_REPORT: report };
process.exitCode = await runTool("vitest", "vitest.mjs", args, env);
if (process.exitCode === 0) {
  const figures = JSON.parse(readFileSync(report, "utf8"));
  const seconds = Math.round((performance.now() - started) / 1000);
  process.stdout.write(
    `${figures.kills} kills in ${seconds} s, ${figures.killedAtStart} of them before the first call was made.\n` +
      `${figures.tickets} tickets: ${figures.approved} approved, ${figures.interrupted} interrupted. ` +
      `${figures.acknowledged} were acknowledged before a kill, and none is lost.\n` +
      `${figures.executed} were taken for sending; ${figures.arrived} calls reached the server, each once.\n` +
      `The chain of ${figures.auditRecords} records verifies.\n`,
  );
}
