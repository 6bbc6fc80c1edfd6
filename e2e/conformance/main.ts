/** `npm run conformance`: the official suite against the core as a client and the gateway as a server; 1 where a scenario fails. */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openGateway } from "./gateway-under-test.ts";
import { revisions, Suite, type Leg, type Revision, type Scenario, type Tested, type Verdict } from "./suite.ts";

type LegPlan = {
  title: string;
  open: () => Promise<Tested>;
  /** Those that run one after the other, each list beside the other. */
  lanes: (all: readonly Scenario[]) => Scenario[][];
  /** How many scenarios each revision requires, so that none is lost unseen. */
  required: Record<Revision, number>;
  /** Those of an extension, which no revision requires. */
  extension?: { title: string; scenarios: Scenario[] };
};

const taskScenarios = [
  "lifecycle",
  "capability-negotiation",
  "wire-fields",
  "request-state-removal",
  "mrtr-input",
  "request-headers",
  "dispatch-and-envelope",
  "mrtr-composition",
] as const;

const legs: Record<Leg, LegPlan> = {
  client: {
    title: "core as client",
    open: () => {
      const command = `"${process.execPath}" "${join(import.meta.dirname, "client-driver.js")}"`;
      return Promise.resolve({ target: () => command, close: () => Promise.resolve() });
    },
    lanes: (all) => [0, 1].map((lane) => all.filter((_scenario, index) => index % 2 === lane)),
    required: { "2025-11-25": 18, "2026-07-28": 32 },
  },
  server: {
    title: "gateway as server",
    open: openGateway,
    // Each revision has a server of its own, whose calls are told apart by running alone.
    lanes: (all) => revisions.map((revision) => all.filter((scenario) => scenario.revision === revision)),
    required: { "2025-11-25": 30, "2026-07-28": 37 },
    extension: {
      title: "its tasks",
      scenarios: taskScenarios.map((name) => {
        return { leg: "server", revision: "2026-07-28", name: `tasks-${name}`, extension: "tasks" };
      }),
    },
  },
};

const { values: only } = parseArgs({
  options: { leg: { type: "string" }, revision: { type: "string" }, scenario: { type: "string" } },
});
const suite = await Suite.get();

/** @returns how many failed */
async function runLeg(leg: Leg): Promise<number> {
  const { title, open, lanes, extension } = legs[leg];
  const startedAt = performance.now();
  const all = [...revisions.flatMap((revision) => suite.required(leg, revision)), ...(extension?.scenarios ?? [])];
  const wanted = all.filter(
    ({ name, revision }) => (only.scenario ?? name) === name && (only.revision ?? revision) === revision,
  );
  const tested = await open();
  try {
    const verdicts = (await Promise.all(lanes(wanted).map((lane) => runInTurn(lane, tested)))).flat();
    const counts = revisions
      .filter((revision) => (only.revision ?? revision) === revision)
      .map((revision) => tellRequired(leg, revision, verdicts));
    if (extension) counts.push(tellExtension(extension, verdicts));
    return counts.reduce((sum, count) => sum + count, 0);
  } finally {
    await tested.close();
    process.stdout.write(`${title} took ${Math.round((performance.now() - startedAt) / 1000)} s\n`);
  }
}

async function runInTurn(scenarios: readonly Scenario[], { target }: Tested): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const scenario of scenarios) verdicts.push(await suite.run(scenario, target(scenario)));
  return verdicts;
}

/** @returns how many failed */
function tellRequired(leg: Leg, revision: Revision, all: readonly Verdict[]): number {
  const { title, required } = legs[leg];
  const verdicts = all.filter((verdict) => verdict.revision === revision && !verdict.extension);
  const known = suite.required(leg, revision).length;
  const bad = tell(title, revision, { required: known }, verdicts);
  if (known !== required[revision]) process.stdout.write(`  the revision requires ${required[revision]}\n`);
  return bad + (known === required[revision] ? 0 : 1);
}

/** @returns how many failed */
function tellExtension({ title, scenarios }: NonNullable<LegPlan["extension"]>, all: readonly Verdict[]): number {
  const verdicts = all.filter(({ extension }) => extension);
  if (verdicts.length === 0) return 0;
  return tell(title, verdicts[0]!.revision, { run: scenarios.length }, verdicts);
}

/** @returns how many failed */
function tell(title: string, revision: Revision, of: Record<string, number>, verdicts: readonly Verdict[]): number {
  const bad = verdicts.filter(({ problems }) => problems.length > 0);
  const checks = verdicts.reduce((sum, { held }) => sum + held, 0);
  const counts = { ...of, passed: verdicts.length - bad.length, failed: bad.length, checks };
  const told = Object.entries(counts).map(([what, count]) => `${String(count).padStart(4)} ${what}`);
  process.stdout.write(`${title.padEnd(18)} ${revision} ${told.join(" ")}\n`);
  for (const { name, skipped } of verdicts) {
    for (const check of skipped) process.stdout.write(`  ${name} left out ${check}\n`);
  }
  for (const { name, problems } of bad) process.stdout.write(`  ${name}\n    ${problems.join("\n    ")}\n`);
  return bad.length;
}

let failed = 0;
for (const leg of Object.keys(legs) as Leg[]) {
  if (only.leg === undefined || only.leg === leg) failed += await runLeg(leg);
}
process.exitCode = failed === 0 ? 0 : 1;
