/** Measures, and asserts nothing. `--quick` does fewer rounds; names of parts leave out the others. */
import { join } from "node:path";
import { measureCallPath } from "./call-path.ts";
import { measureColdStart } from "./cold-start.ts";
import { measureGateway } from "./gateway/measure.ts";
import { measureIdle } from "./idle.ts";
import { measurePolicy } from "./policy-decision.ts";
import { measureReplay } from "./policy-replay.ts";
import { printRows, type Row } from "./report.ts";
import { measureUi } from "./ui.ts";
import { measureResilience } from "./resilience.ts";

const app = join(import.meta.dirname, "../..");
const quick = process.argv.includes("--quick");
const rounds = quick ? 3 : 7;

const parts: Record<string, () => Row[] | Promise<Row[]>> = {
  stdio: () => measureCallPath("stdio", app, rounds),
  http: () => measureCallPath("http", app, rounds),
  gateway: () => measureGateway(app, rounds),
  policy: () => measurePolicy(rounds),
  replay: () => measureReplay(app, rounds),
  resilience: () => measureResilience(rounds),
  idle: () => measureIdle(app, quick ? 1 : 3),
  ui: () => measureUi(app, quick ? 1 : 3, quick),
  start: () => measureColdStart(app, rounds),
};

const named = process.argv.slice(2).filter((argument) => !argument.startsWith("-"));
const unknown = named.filter((name) => !(name in parts));
if (unknown.length > 0) {
  process.stderr.write(`There is no part ${unknown.join(", ")}; there are ${Object.keys(parts).join(", ")}.\n`);
  process.exit(2);
}
const rows: Row[] = [];
for (const [name, measure] of Object.entries(parts)) {
  // Filling a log with a million calls takes minutes, so that is done where it is asked for.
  if (named.length > 0 ? !named.includes(name) : name === "ui") continue;
  process.stderr.write(`Measuring ${name}\n`);
  try {
    rows.push(...(await measure()));
  } catch (error) {
    rows.push({ name, measured: `not measured: ${error instanceof Error ? error.message : String(error)}` });
    process.exitCode = 1;
  }
}
process.stdout.write(`Medians of ${rounds} rounds (least–most), Node ${process.versions.node}\n\n`);
printRows(rows);
