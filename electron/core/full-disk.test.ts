/** A disk that fills up at any point of a call's way: what must be recorded and cannot be is not done. */

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CoreFixture } from "./fixtures/core-fixture.ts";
import { SqlDatabase } from "./journal/sql-database.ts";

const asking = "default_permission: ALWAYS\ntools: { lab.wipe: { permission: REQUIRE_APPROVAL } }\n";
const full = { code: "journal_unavailable", message: expect.stringContaining("the disk is full") as string };

let fixture: CoreFixture;

beforeEach(async () => {
  fixture = await CoreFixture.open({ "policies/mcp_permissions.yaml": asking });
});
afterEach(() => fixture[Symbol.asyncDispose]());

/** Leaves no room in the core's own journal, as a full disk does. @returns a function that makes room again */
function fillDisk(): () => void {
  const { core } = fixture;
  const all = vi.spyOn(SqlDatabase.prototype, "all");
  core.approvals.list("pending");
  const journal = all.mock.contexts[0] as SqlDatabase;
  all.mockRestore();
  journal.all(`PRAGMA max_page_count = ${Number(journal.all("PRAGMA page_count")[0]!.page_count)}`);
  for (const length of [3_000, 100, 0]) {
    const fill = () => core.audit.append("setting", { by: "filler", detail: { text: "x".repeat(length) } });
    expect(() => {
      for (;;) fill();
    }).toThrow(expect.objectContaining(full));
  }
  return () => void journal.all("PRAGMA max_page_count = 1073741823");
}

const pending = () => vi.waitUntil(() => fixture.core.approvals.list("pending")[0], { timeout: 10_000 });
/** Makes calls that ask until one is refused. @returns that one, and those that wait */
async function askUntilRefused() {
  const tickets = () => fixture.core.approvals.list("pending").length;
  const waiting: ReturnType<typeof fixture.call>[] = [];
  for (;;) {
    const before = tickets();
    const call = fixture.call("wipe", { path: "/tmp/".padEnd(500, "x") });
    let refused: Awaited<typeof call> | null = null;
    void call.then((ended) => (refused = ended));
    await vi.waitUntil(() => refused !== null || tickets() > before, { timeout: 10_000 });
    if (refused) return { waiting, refused: await call };
    waiting.push(call);
  }
}
const ownRecords = async () => {
  const { rows } = await fixture.core.journal.list({}, null, 500);
  return rows.filter(({ tool }) => tool !== "stats");
};

describe("a disk that is full", () => {
  it("before a person is asked: nobody is asked, and nothing is sent", async () => {
    const asked = [fixture.call("wipe", { path: "/tmp/a" })];
    await pending();
    const mend = fillDisk();
    // A page that is begun has room for some tickets yet.
    const { waiting, refused } = await askUntilRefused();
    asked.push(...waiting);
    expect(refused.error).toMatchObject(full);
    const tickets = fixture.core.approvals.list("pending");
    expect(tickets).toHaveLength(asked.length);
    mend();
    for (const { id } of tickets) await fixture.core.desk.deny(id, "ana", "no");
    for (const { error } of await Promise.all(asked)) expect(error).toMatchObject({ code: "approval_denied" });
    expect(await fixture.arrived("wipe")).toBe(0);
  });

  it("before the verdict: it is refused, and the call goes on waiting", async () => {
    const call = fixture.call("wipe", { path: "/tmp/a" });
    const { id } = await pending();
    const mend = fillDisk();
    await expect(fixture.core.desk.approve(id, "ana")).rejects.toThrow(expect.objectContaining(full));
    await expect(fixture.core.desk.deny(id, "ana", "no")).rejects.toThrow(expect.objectContaining(full));
    expect(fixture.core.approvals.get(id)).toMatchObject({ state: "pending", verdict: null });
    mend();
    await fixture.core.desk.approve(id, "ana");
    expect((await call).error).toBeNull();
    expect(await fixture.arrived("wipe")).toBe(1);
  });

  it("between the verdict and the sending: the call is not sent, and its approval is not used", async () => {
    let mend = () => {};
    const beforeResume = async () => void (mend = fillDisk());
    const call = fixture.call("wipe", { path: "/tmp/a" }, {}, { beforeResume });
    const { id } = await pending();
    await fixture.core.desk.approve(id, "ana");
    expect((await call).error).toMatchObject(full);
    expect(fixture.core.approvals.get(id)).toMatchObject({ state: "approved", executedAt: null });
    mend();
    expect(await fixture.arrived("wipe")).toBe(0);
  });

  it("while calls need no person: they are refused and the console says so; those that ran meanwhile are in the log", async () => {
    // What its tools are worth is written down before the disk is full.
    expect((await fixture.call("echo", { message: "first" })).error).toBeNull();
    const mend = fillDisk();
    let ran = 1;
    await vi.waitUntil(
      async () => {
        const { error } = await fixture.call("echo", { message: "x".repeat(5_000) });
        if (!error) ran += 1;
        return error?.code === "journal_unavailable";
      },
      { timeout: 10_000, interval: 10 },
    );
    expect(fixture.core.status().journal).toMatchObject({
      ...{ state: "unavailable", reason: full.message },
      hint: "Free some space; Switchgear tries again by itself.",
    });
    expect((await fixture.call("echo", { message: "hello" })).error).toMatchObject(full);
    mend();
    await vi.waitUntil(() => fixture.core.status().journal.state === "ready", { timeout: 10_000 });
    expect(await fixture.arrived("echo")).toBe(ran);
    expect((await ownRecords()).filter(({ outcome }) => outcome === "ok")).toHaveLength(ran);
    expect((await fixture.call("echo", { message: "hello" })).error).toBeNull();
  });
});
