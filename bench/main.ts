/**
 * Measures, and asserts nothing. `--quick` does fewer and shorter rounds; names of parts leave out the others. Of the gateway's part `--only p50,calls-64`
 * picks figures, `--peers ours,bare` what stands between and `--clients lean` who calls. `--built` measures the screens of the unpacked application.
 */
import { setMaxListeners } from "node:events";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measureCallPath } from "./call-path.ts";
import { measureColdStart } from "./cold-start.ts";
import { measureGateway } from "./gateway/measure.ts";
import { measureIdle } from "./idle.ts";
import { measurePolicy } from "./policy-decision.ts";
import { measureReplay } from "./policy-replay.ts";
import { printRows, type Row } from "./report.ts";
import { measureUi } from "./ui.ts";
import { measureResilience } from "./resilience.ts";

const { values, positionals: named } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    built: { type: "boolean", default: false },
    only: { type: "string" },
    peers: { type: "string" },
    clients: { type: "string" },
  },
});
// The SDK has a listener for each call under way, of which Node would warn.
setMaxListeners(0);
const app = join(import.meta.dirname, "../..");
const { quick } = values;
const rounds = quick ? 3 : 7;
const gateway = {
  quick,
  only: values.only?.split(","),
  peers: values.peers?.split(","),
  clients: values.clients?.split(","),
};

/** Rows are shown below one another at the end; a text stands for itself. */
const parts: Record<string, () => Row[] | Promise<Row[] | string>> = {
  stdio: () => measureCallPath("stdio", app, rounds),
  http: () => measureCallPath("http", app, rounds),
  gateway: () => measureGateway(app, rounds, gateway),
  policy: () => measurePolicy(rounds),
  replay: () => measureReplay(app, rounds),
  resilience: () => measureResilience(rounds),
  idle: () => measureIdle(app, quick ? 1 : 3),
  ui: () => measureUi(app, quick ? 1 : 3, { quick, built: values.built }),
  start: () => measureColdStart(app, rounds),
};

const unknown = named.filter((name) => !(name in parts));
if (unknown.length > 0) {
  process.stderr.write(`There is no part ${unknown.join(", ")}; there are ${Object.keys(parts).join(", ")}.\n`);
  process.exit(2);
}
const rows: Row[] = [];
process.stdout.write(`Medians of ${rounds} rounds, Node ${process.versions.node}\n`);
for (const [name, measure] of Object.entries(parts)) {
  // Filling a log with a million calls takes minutes, so that is done where it is asked for.
  if (named.length > 0 ? !named.includes(name) : name === "ui") continue;
  process.stderr.write(`Measuring ${name}\n`);
  try {
    const measured = await measure();
    if (typeof measured === "string") process.stdout.write(`\n${measured}`);
    else rows.push(...measured);
  } catch (error) {
    rows.push({ name, measured: `not measured: ${error instanceof Error ? error.message : String(error)}` });
    process.exitCode = 1;
  }
}
if (rows.length > 0) {
  process.stdout.write("\n");
  printRows(rows);
}
