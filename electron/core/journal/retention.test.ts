import { mkdtempSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { RetentionSettings } from "../../../shared/settings.ts";
import { createSystemClock } from "../clock.ts";
import { CoreEvents } from "../events.ts";
import { FakeClock } from "../fake-clock.ts";
import { silentLogger } from "../logger.ts";
import type { Clock } from "../ports.ts";
import { AuditLog } from "./audit-chain.ts";
import { checkChain } from "./audit-check.ts";
import { openDatabase } from "./database.ts";
import { InvocationLog } from "./invocation-log.ts";
import { Retention } from "./retention.ts";
import type { SqlDatabase } from "./sql-database.ts";
import { TransitionLog } from "./transition-log.ts";

const dayMs = 86_400_000;
let file: string;
let clock: FakeClock;
let database: SqlDatabase;
let log: InvocationLog;
let limits: RetentionSettings;
let warnings: string[];
let opened: Retention[];

function open(time: Clock = clock, on: SqlDatabase = database): Retention {
  const logger = { warn: (message: string) => void warnings.push(message) };
  const retention = new Retention({ database: on, clock: time, logger, limits: () => limits });
  opened.push(retention);
  return retention;
}

/** Runs it to its end on a clock that stands still. */
async function prune(retention = open()): Promise<void> {
  const state = { done: false };
  const running = retention.run().finally(() => (state.done = true));
  while (!state.done) await clock.advance(20);
  await running;
}

function makeCalls(count: number, payload: string, prefix = "call"): void {
  for (let n = 0; n < count; n += 1) {
    const start = { id: `${prefix}-${n}`, server: "lab", tool: "echo", client: "console", environment: "production" };
    const record = log.begin({ ...start, args: { payload } });
    record.finish({ outcome: "ok", result: { content: [{ type: "text", text: payload }] } });
  }
}
const ids = async () => (await log.list({}, null, 500)).rows.map(({ id }) => id);
const count = (table: string) => Number(database.all(`SELECT count(*) AS n FROM ${table}`)[0]!.n);
/** The journal's thread may be moving the log that is written ahead. */
const bytes = () => {
  database.all("PRAGMA wal_checkpoint(TRUNCATE)");
  return statSync(file).size;
};

beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), "switchgear-retention-")), "journal.sqlite");
  clock = new FakeClock();
  database = openDatabase(file, clock).database;
  const events = new CoreEvents(silentLogger);
  const ownership = { owner: "me", isOwnerAlive: () => true };
  log = new InvocationLog({ database, clock, events, redact: (value) => value, ...ownership });
  limits = { days: 30, megabytes: 1_000 };
  warnings = [];
  opened = [];
});

afterEach(async () => {
  await Promise.all(opened.map((retention) => retention.close()));
  database.close();
});

describe("what is older than the journal's age", () => {
  it("is dropped with its timeline; what is younger, and what is under way, stays", async () => {
    makeCalls(30, "old", "old");
    const waiting = { id: "waiting", server: "lab", tool: "echo", client: "console", environment: "production" };
    log.begin({ ...waiting, args: {} });
    await log.flush();
    await clock.advance(31 * dayMs);
    makeCalls(3, "new", "new");
    await log.flush();
    await prune();
    expect((await ids()).toSorted()).toEqual(["new-0", "new-1", "new-2", "waiting"]);
    expect(count("timelines")).toBe(4);
  });

  it("takes resolved tickets and transitions along, but never the latest ticket's place", async () => {
    const ticket = (id: string, revision: number, state: string) =>
      `INSERT INTO tickets (id, revision, invocation_id, state, server, tool, args, hash, client, rule, trace, requested_at,
         expires_at, verdict_at, owner) VALUES ('${id}', ${revision}, 'c', '${state}', 's', 't', '{}', '', '', '', '[]', 0, 0,
         ${state === "pending" ? "NULL" : clock.wallNow()}, 'me')`;
    for (const [n, state] of ["denied", "pending", "approved", "expired"].entries()) {
      database.exec(ticket(`ticket-${n}`, n + 1, state));
    }
    const transition = { server: "lab", tool: null, from: "closed", to: "open", invocationId: null } as const;
    const transitions = new TransitionLog(database);
    transitions.add({ ...transition, at: clock.wallNow(), cause: { kind: "timeout-elapsed" } });
    await clock.advance(31 * dayMs);
    transitions.add({ ...transition, at: clock.wallNow(), cause: { kind: "timeout-elapsed" } });
    await prune();
    const left = database.all("SELECT id FROM tickets ORDER BY id").map(({ id }) => id);
    expect(left).toEqual(["ticket-1", "ticket-3"]);
    expect(count("circuit_transitions")).toBe(1);
  });

  it("does not include the audit chain", async () => {
    const audit = new AuditLog({ database, clock, redact: (value) => value });
    audit.append("switch", { by: "console" });
    await clock.advance(400 * dayMs);
    audit.append("switch", { by: "console" });
    await prune();
    expect(await checkChain([audit.stored(0, 10)], [])).toMatchObject({ records: 2, fault: null });
  });
});

describe("a journal above its size", () => {
  it("loses its oldest calls, and the file gives the room back", async () => {
    for (let n = 0; n < 6; n += 1) {
      makeCalls(20, "x".repeat(40_000), `batch-${n}`);
      await log.flush();
      await clock.advance(1_000);
    }
    await vi.waitFor(() => expect(bytes()).toBeGreaterThan(8e6));
    limits = { days: 30, megabytes: 2 };
    await prune();
    await vi.waitFor(() => expect(bytes()).toBeLessThan(2.5e6));
    const left = await ids();
    expect(left[0]).toMatch(/^batch-5-/);
    expect(left.length).toBeGreaterThan(10);
    expect(left.some((id) => id.startsWith("batch-0"))).toBe(false);
  });

  it("does not lose calls for what the audit chain takes", async () => {
    const audit = new AuditLog({ database, clock, redact: (value) => value });
    for (let n = 0; n < 8_000; n += 1) audit.note("decision", { by: "cursor", subject: "lab.echo", detail: { n } });
    audit.flush();
    makeCalls(20, "small");
    await log.flush();
    limits = { days: 30, megabytes: 1 };
    expect(bytes()).toBeGreaterThan(1.5e6);
    await prune();
    expect(await ids()).toHaveLength(20);
  });
});

describe("pruning", () => {
  it("begins a minute after the start and comes again every ten", async () => {
    open();
    makeCalls(1, "old");
    await log.flush();
    await clock.advance(31 * dayMs);
    expect(await ids()).toEqual([]);
  });

  it("says once that it could not, and tries again", async () => {
    makeCalls(1, "old");
    await log.flush();
    await clock.advance(31 * dayMs);
    const retention = open();
    database.exec("PRAGMA query_only = ON");
    await prune(retention);
    await prune(retention);
    expect(warnings).toHaveLength(1);
    database.exec("PRAGMA query_only = OFF");
    await prune(retention);
    expect(await ids()).toEqual([]);
  });

  it("stops between two steps when it is closed", async () => {
    makeCalls(100, "old");
    await log.flush();
    await clock.advance(31 * dayMs);
    const retention = open();
    const running = retention.run();
    await retention.close();
    await running;
    expect((await ids()).length).toBeGreaterThan(50);
  });

  it("holds nobody up: its steps are short on a real journal", async () => {
    makeCalls(3_000, "x".repeat(4_000));
    // Its thread works on, too, and would be measured.
    await log.close();
    limits = { days: 0, megabytes: 1_000 };
    const system = createSystemClock();
    const steps: number[] = [];
    // Each sleep ends one step and begins the next. The processor's time counts: others use this machine, too.
    let before = process.cpuUsage();
    const timed: Clock = {
      ...system,
      wallNow: () => clock.wallNow() + dayMs,
      sleep: async () => {
        const { user, system: kernel } = process.cpuUsage(before);
        steps.push((user + kernel) / 1_000);
        await system.sleep(0);
        before = process.cpuUsage();
      },
    };
    await open(timed).run();
    expect(await ids()).toEqual([]);
    expect(Math.max(...steps)).toBeLessThan(10);
    expect(steps.length).toBeGreaterThan(10);
  }, 60_000);
});
