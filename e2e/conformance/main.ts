/** `npm run conformance`: the official suite against the core as a client and the gateway as a server; 1 where a scenario fails. */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openGateway } from "./gateway-under-test.ts";
import { revisions, Suite, type Leg, type Revision, type Scenario, type Tested, type Verdict } from "./suite.ts";

/** How many scenarios each revision requires, so that none is lost unseen. */
const requiredCounts: Record<Leg, Record<Revision, number>> = {
  client: { "2025-11-25": 18, "2026-07-28": 32 },
  server: { "2025-11-25": 30, "2026-07-28": 37 },
};
/** `atOnce`: how many scenarios run at a time. Those of the gateway change what the others list. */
const legs: Record<Leg, { title: string; atOnce: number; open: () => Promise<Tested> }> = {
  client: {
    title: "core as client",
    atOnce: 2,
    open: () => {
      const command = `"${process.execPath}" "${join(import.meta.dirname, "client-driver.js")}"`;
      return Promise.resolve({ target: () => command, close: () => Promise.resolve() });
    },
  },
  server: { title: "gateway as server", atOnce: 1, open: openGateway },
};

const { values: only } = parseArgs({
  options: { leg: { type: "string" }, revision: { type: "string" }, scenario: { type: "string" } },
});

async function runAll(scenarios: readonly Scenario[], target: string, atOnce: number): Promise<Verdict[]> {
  const waiting = [...scenarios];
  const verdicts: Verdict[] = [];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) verdicts.push(await suite.run(next, target));
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return verdicts;
}

const isWanted = ({ name }: Scenario) => only.scenario === undefined || only.scenario === name;
const suite = await Suite.get();
let failed = 0;
for (const [leg, { title, atOnce, open }] of Object.entries(legs) as [Leg, (typeof legs)[Leg]][]) {
  if (only.leg !== undefined && only.leg !== leg) continue;
  const tested = await open();
  try {
    for (const revision of revisions) {
      if (only.revision !== undefined && only.revision !== revision) continue;
      const required = suite.required(leg, revision);
      const verdicts = await runAll(required.filter(isWanted), tested.target(revision), atOnce);
      const bad = verdicts.filter(({ problems }) => problems.length > 0);
      const passed = verdicts.length - bad.length;
      const isWhole = required.length === requiredCounts[leg][revision];
      failed += bad.length + (isWhole ? 0 : 1);
      process.stdout.write(
        `${title.padEnd(18)} ${revision}  ${String(required.length).padStart(3)} required  ${String(passed).padStart(3)} passed  ${String(bad.length).padStart(3)} failed\n`,
      );
      if (!isWhole) process.stdout.write(`  the revision requires ${requiredCounts[leg][revision]}\n`);
      for (const { name, problems } of bad) process.stdout.write(`  ${name}\n    ${problems.join("\n    ")}\n`);
    }
  } finally {
    await tested.close();
  }
}
process.exitCode = failed === 0 ? 0 : 1;
