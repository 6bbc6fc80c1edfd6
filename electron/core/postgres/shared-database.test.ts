import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { silentLogger } from "../logger.ts";
import { asking, brief, SharedScene, soon } from "./fixtures/shared-scene.ts";
import { openMachine } from "./fixtures/team.ts";
import { SharedRetention } from "./shared-retention.ts";

const scene = SharedScene.use();

describe("a database that several machines share", { timeout: 60_000 }, () => {
  it("has every call, with its timeline, in lists, searches, pages and charts of every machine", async () => {
    const [one, two] = [await scene.machine(), await scene.machine()];
    for (const text of ["first", "second \u0000 half \ud800", "the fileName of a thing"]) {
      expect((await one.call("echo", { message: text })).error).toBeNull();
    }
    await two.call("echo", { message: "of another machine" }, { client: "cursor" });
    await one.core.journal.flush();

    const all = await two.core.journal.list({ tool: "echo" }, null, 10);
    expect(all.rows.map(({ client }) => client)).toEqual(["cursor", "library", "library", "library"]);
    const first = await two.core.journal.list({ tool: "echo" }, null, 3);
    const rest = await two.core.journal.list({ tool: "echo" }, first.next, 3);
    expect([...first.rows, ...rest.rows].map(({ id }) => id)).toEqual(all.rows.map(({ id }) => id));
    expect(rest.next).toBeNull();

    const found = async (text: string) => (await two.core.journal.list({ text }, null, 10)).rows.length;
    expect(await found("another mach")).toBe(1);
    expect(await found('"another mach"')).toBe(0);
    expect(await found('"another machine"')).toBe(1);
    expect(await found("name")).toBe(1);
    expect(await found("echo FIRST")).toBe(1);
    expect(await found("third")).toBe(0);
    expect((await two.core.journal.list({ client: "cursor", outcomes: ["ok"] }, null, 10)).rows).toHaveLength(1);

    const { timeline } = await two.core.journal.get(all.rows[3]!.id);
    expect(timeline.map(({ kind }) => kind)).toEqual(["received", "decided", "attempt", "result"]);
    const to = two.core.clock.wallNow() + 1000;
    const chart = await two.core.journal.chart({ from: to - 600_000, to, buckets: 2, tool: "echo" });
    expect(chart.ok.reduce((sum, each) => sum + each, 0)).toBe(4);
    const file = join(mkdtempSync(join(tmpdir(), "switchgear-export-")), "calls.jsonl");
    expect(await two.core.exports.toFile("e", file, { filter: { tool: "echo" }, format: "jsonl" })).toBe(4);
    expect(readFileSync(file, "utf8")).toContain("of another machine");
  });

  it("keeps two calls of one id apart", async () => {
    const [one, two] = [await scene.machine(), await scene.machine()];
    const id = "00000000-0000-4000-8000-000000000001";
    await one.call("echo", { message: "one" }, { id });
    await one.core.journal.flush();
    await two.call("echo", { message: "two" }, { id });
    expect((await two.core.journal.list({ tool: "echo" }, null, 10)).rows).toHaveLength(2);
  });

  it("announces a call that waits to every machine, and any of them decides it, once", async () => {
    const [gateway, console1, console2] = [await scene.machine(asking), await scene.machine(), await scene.machine()];
    const call = gateway.call("echo", { message: "may I?" });
    const ticket = await scene.waitingAt(console1);
    await vi.waitFor(() => expect(console2.core.status().pendingApprovals).toBe(1), soon);
    const verdicts = await Promise.allSettled([
      console1.core.desk.approve(ticket.id, "ana"),
      console2.core.desk.approve(ticket.id, "ben"),
    ]);
    expect(verdicts.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(verdicts.find(({ status }) => status === "rejected")).toMatchObject({
      reason: { code: "already_resolved" },
    });
    expect((await call).error).toBeNull();
    expect((await console2.core.approvals.get(ticket.id)).executedAt).not.toBeNull();
    await vi.waitFor(() => expect(console2.core.status().pendingApprovals).toBe(0), soon);
  });

  it("tells the caller of a denial on another machine, and why", async () => {
    const [gateway, console] = [await scene.machine(asking), await scene.machine()];
    const call = gateway.call("echo", { message: "may I?" });
    await console.core.desk.deny((await scene.waitingAt(console)).id, "ana", "Not on a Friday.");
    expect((await call).error).toMatchObject({ code: "approval_denied", message: expect.stringContaining("Friday") });
  });

  it("ends a ticket whose caller gives up, and one that nobody answers in time, for all", async () => {
    const [gateway, console] = [await scene.machine(asking), await scene.machine()];
    const gaveUp = new AbortController();
    const call = gateway.call("echo", { message: "1" }, {}, { signal: gaveUp.signal });
    const { id } = await scene.waitingAt(console);
    gaveUp.abort();
    expect((await call).error).toMatchObject({ code: "cancelled" });
    await vi.waitFor(async () => expect((await console.core.approvals.get(id)).state).toBe("cancelled"), soon);
    await expect(console.core.desk.approve(id, "ana")).rejects.toMatchObject({ code: "already_resolved" });
    const late = await gateway.call("echo", { message: "2" }, {}, { approvalTimeoutMs: 50 });
    expect(late.error).toMatchObject({ code: "approval_expired" });
    const [last] = await console.core.approvals.list("resolved");
    expect(last).toMatchObject({ state: "expired", args: { message: "2" } });
  });

  it("has one grant for every machine's console to see and to take back, before the next call is sent", async () => {
    const [gateway, console] = [await scene.machine(asking), await scene.machine()];
    const call = gateway.call("echo", { message: "1" });
    await console.core.desk.approve((await scene.waitingAt(console)).id, "ana", {
      grant: { kind: "time", minutes: 5 },
    });
    expect((await call).error).toBeNull();
    await vi.waitFor(
      async () => expect((await gateway.call("echo", { message: "2" }, {}, brief)).error).toBeNull(),
      soon,
    );
    const [grant] = await console.core.grants.list();
    expect(grant).toMatchObject({ state: "active", by: "ana" });
    await console.core.grants.revoke(grant!.id, "ana", "Enough.");
    // At once: the gateway may not have heard of it yet.
    expect((await gateway.call("echo", { message: "3" }, {}, brief)).error).toMatchObject({
      code: expect.stringMatching(/^(policy_changed|approval_expired)$/) as string,
    });
    expect(await scene.count(`SELECT 1 FROM switchgear.tickets WHERE executed_at IS NOT NULL`)).toBe(2);
  });

  it("has one audit chain, whoever adds to it, which shows what was changed", async () => {
    const machines = [await scene.machine(), await scene.machine()];
    const calls = machines.flatMap((each) => Array.from({ length: 10 }, () => each.call("echo", { message: "x" })));
    for (const { core } of machines) core.circuits.trip("lab", null, { who: "ada", why: "maintenance" });
    await Promise.all(calls);
    for (const { core } of machines) await core.audit.flush();
    expect(await machines[0]!.core.auditKeeper.verify()).toMatchObject({ fault: null });
    expect((await machines[0]!.core.audit.list({ kinds: ["circuit.trip"] }, null, 10)).records).toHaveLength(2);
    expect((await machines[1]!.core.audit.list({ kinds: ["decision"] }, null, 100)).records.length).toBeGreaterThan(19);
    await expect(scene.run("UPDATE switchgear.audit SET by = 'nobody'")).rejects.toThrow("only grows");
    await scene.run(
      "ALTER TABLE switchgear.audit DISABLE TRIGGER ALL; UPDATE switchgear.audit SET by = 'nobody' WHERE seq = 3",
    );
    expect(await machines[1]!.core.auditKeeper.verify()).toMatchObject({ fault: { kind: "edited", seq: 3 } });
  });
});

describe("retention", { timeout: 60_000 }, () => {
  it("drops the calls, tickets and movements that are too old, and keeps the audit chain", async () => {
    const machine = await scene.machine(asking);
    const { core } = machine;
    const asked = machine.call("echo", { message: "old" });
    const ticket = await scene.waitingAt({ core });
    await core.desk.approve(ticket.id, "ana");
    await asked;
    core.circuits.trip("lab", null, { who: "ada", why: "x" });
    await core.journal.flush();
    await core.audit.flush();
    const records = await scene.count("SELECT 1 FROM switchgear.audit");
    const days = 1000 * 86_400_000;
    await scene.run(
      `UPDATE switchgear.invocations SET started_at = started_at - ${days}; UPDATE switchgear.circuit_transitions SET at = 0;
       UPDATE switchgear.tickets SET verdict_at = 0`,
    );
    // The latest change of a ticket stays, so that instances find what follows it.
    await scene.run(
      'INSERT INTO switchgear.tickets SELECT (json_populate_record(t, \'{"id":"x","revision":999}\')).* FROM switchgear.tickets t',
    );
    const link = await scene.link("cleaner");
    const limits = () => ({ days: 30, megabytes: 100 });
    const retention = new SharedRetention({ link, clock: core.clock, logger: silentLogger, limits });
    await retention.run();
    await retention.close();
    expect(await scene.count("SELECT 1 FROM switchgear.invocations")).toBe(0);
    expect(await scene.count("SELECT 1 FROM switchgear.timelines")).toBe(0);
    expect(await scene.count("SELECT 1 FROM switchgear.circuit_transitions")).toBe(0);
    expect(await scene.count("SELECT 1 FROM switchgear.tickets")).toBe(1);
    expect(await scene.count("SELECT 1 FROM switchgear.audit")).toBeGreaterThanOrEqual(records);
    expect(await core.auditKeeper.verify()).toMatchObject({ fault: null });
  });
});

describe("SWITCHGEAR_DATABASE_URL", { timeout: 60_000 }, () => {
  it("is told in words on every screen while the database is away, and never its password", async () => {
    const away = scene.url.replace(/:\d+\//, ":1/").replace("switchgear:", "switchgear:battery-staple-");
    await using fixture = await openMachine(away);
    const { error } = await fixture.call("echo", { message: "x" });
    expect(error).toMatchObject({ code: "journal_unavailable", message: expect.stringContaining("127.0.0.1:1/") });
    expect(fixture.core.status().journal).toMatchObject({
      state: "unavailable",
      file: expect.stringMatching(/^postgresql:/),
    });
    await expect(fixture.core.journal.list({}, null, 10)).rejects.toMatchObject({ code: "journal_unavailable" });
    await expect(fixture.core.approvals.list("pending")).rejects.toMatchObject({ code: "journal_unavailable" });
    expect(() => fixture.core.circuits.trip("lab", null, { who: "ada", why: "x" })).toThrow(/cannot be used/);
    expect(JSON.stringify([fixture.core.status(), error])).not.toContain("staple");
  });

  it("with a password that is wrong is told in words without it", async () => {
    await using fixture = await openMachine(scene.url.replace(/switchgear:[^@]*@/, "switchgear:battery-staple@"));
    const { journal } = fixture.core.status();
    expect(journal).toMatchObject({
      state: "unavailable",
      reason: expect.stringContaining("password authentication failed"),
    });
    expect(JSON.stringify(fixture.core.status())).not.toContain("staple");
  });

  it("that is none refuses every call, and nothing is recorded elsewhere instead", async () => {
    await using fixture = await openMachine("mysql://:battery-staple@db/x");
    expect((await fixture.call("echo", { message: "x" })).error).toMatchObject({
      code: "journal_unavailable",
      message: expect.stringContaining("its scheme is not postgresql"),
    });
    expect(JSON.stringify(fixture.core.status())).not.toContain("staple");
  });

  it("of a database that a newer Switchgear made is refused", async () => {
    await scene.machine();
    await scene.run("UPDATE switchgear.schema_version SET version = 99");
    const { core } = await scene.machine();
    expect(core.status().journal).toMatchObject({
      state: "unavailable",
      reason: expect.stringContaining("newer Switchgear"),
    });
  });
});
