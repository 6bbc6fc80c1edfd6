import { beforeEach, describe, expect, it } from "vitest";
import type { TicketState } from "../../../shared/approval.ts";
import { MCPApprovalError, MCPCancelledError, MCPRefusedError } from "../errors.ts";
import { CoreEvents } from "../events.ts";
import { openDatabase } from "../journal/database.ts";
import { silentLogger } from "../logger.ts";
import { endings, InboxFixture, timeoutMs } from "./fixtures/inbox-fixture.ts";
import { ticketHash } from "./ticket-hash.ts";

let t: InboxFixture;

beforeEach(() => {
  t = new InboxFixture();
});

describe("a request", () => {
  it("writes the whole ticket, then shows it", () => {
    const reader = openDatabase(t.file, t.clock).database;
    const seen: unknown[] = [];
    const events = new CoreEvents(silentLogger);
    events.on("ticket.changed", ({ id }) => seen.push(reader.all("SELECT state FROM tickets WHERE id = ?", id)));
    const levels: unknown[] = [];
    const run = t.database.run.bind(t.database);
    t.database.run = (...parameters) => (
      levels.push(t.database.all("PRAGMA synchronous")[0]?.synchronous),
      run(...parameters)
    );
    const { ticket } = t.ask({}, t.open({ events }));
    expect(seen).toEqual([[{ state: "pending" }]]);
    expect(levels).toEqual([2]);
    expect(ticket).toEqual({
      ...{
        id: ticket.id,
        invocationId: "call-1",
        state: "pending",
        server: "lab",
        tool: "charge",
        args: { amount: 5 },
      },
      ...{ hash: ticketHash("lab", "charge", { amount: 5 }, "f"), client: "library", approvalMessage: "Charge?" },
      ...{ fingerprint: "f", environment: "production", unusual: [], edited: null, grantId: null },
      ...{ rule: "default", trace: [], requestedAt: t.clock.wallNow(), expiresAt: t.clock.wallNow() + timeoutMs },
      ...{ destructiveHint: true, verdict: null, executedAt: null, escalatedAt: null },
    });
  });

  it.each([true, false, null])("keeps the hint %j and a missing message", (destructiveHint) => {
    const { ticket } = t.ask({ destructiveHint, decision: { rule: "r", trace: [] } });
    expect(ticket).toMatchObject({ destructiveHint, approvalMessage: null });
  });

  it("is for the arguments as they were: changing them afterwards changes neither ticket nor hash", () => {
    const args = { amount: 5, nested: { to: "a" } };
    const { ticket } = t.ask({ args });
    args.nested.to = "b";
    const approved = t.inbox.approve(ticket.id, "ana");
    expect(approved.args).toEqual({ amount: 5, nested: { to: "a" } });
    expect(approved.hash).toBe(ticketHash("lab", "charge", { amount: 5, nested: { to: "a" } }, "f"));
  });

  it("is refused where the arguments are no JSON, and nobody is asked", () => {
    expect(() => t.ask({ args: { amount: NaN } })).toThrow(MCPRefusedError);
    expect(t.inbox.list("pending")).toEqual([]);
  });

  it("is refused where the caller has already gone", () => {
    t.caller.abort();
    expect(() => t.ask()).toThrow(MCPCancelledError);
    expect(t.inbox.list("pending")).toEqual([]);
  });

  it("says why it was taken back, where that is known", async () => {
    const { ticket, verdict } = t.ask();
    t.caller.abort(new MCPCancelledError("MCP was switched off while the call was on its way."));
    await expect(verdict).rejects.toThrow(MCPCancelledError);
    expect(t.inbox.get(ticket.id).verdict!.reason).toContain("switched off");
  });

  it("is refused where the ticket cannot be written", () => {
    t.database.exec("PRAGMA query_only = 1");
    expect(() => t.ask()).toThrow(expect.objectContaining({ code: "journal_unavailable" }));
    expect(t.told).toEqual([]);
  });

  it("carries the arguments of the last approved call of its tool", async () => {
    for (const amount of [1, 2]) {
      t.inbox.approve(t.ask({ args: { amount } }).ticket.id, "ana");
      await t.clock.advance(10);
    }
    t.inbox.deny(t.ask({ args: { amount: 3 } }).ticket.id, "ana", "no");
    t.inbox.approve(t.ask({ tool: "other", args: { amount: 4 } }).ticket.id, "ana");
    expect(t.ask().ticket.lastApprovedArgs).toEqual({ amount: 2 });
  });
});

const results: Record<string, { state: TicketState; by: string; reason: unknown; error?: object }> = {
  approve: { state: "approved", by: "ana", reason: null },
  deny: {
    state: "denied",
    by: "ben",
    reason: "too much",
    error: { code: "approval_denied", message: expect.stringContaining("too much") },
  },
  deadline: { state: "expired", by: "switchgear", reason: expect.any(String), error: { code: "approval_expired" } },
  abort: { state: "cancelled", by: "library", reason: expect.any(String), error: { code: "cancelled" } },
  close: {
    state: "interrupted",
    by: "switchgear",
    reason: expect.any(String),
    error: { code: "approval_interrupted" },
  },
};
const names = Object.keys(endings);

describe.each(names)("a pending ticket after %s", (first) => {
  const { state, by, reason, error } = results[first]!;

  it(`is ${state}: the caller, the list and every screen learn it`, async () => {
    const { ticket, verdict } = t.ask();
    await endings[first]!(t, ticket.id);
    if (error) await expect(verdict).rejects.toMatchObject({ ...error, ticketId: ticket.id });
    else await expect(verdict).resolves.toMatchObject({ id: ticket.id, state: "approved" });
    expect(t.inbox.get(ticket.id)).toMatchObject({ state, verdict: { by, reason, at: t.clock.wallNow() } });
    expect(t.told.map((each) => each.state)).toEqual(["pending", state]);
    expect(t.inbox.list("pending")).toEqual([]);
    expect(t.inbox.list("resolved").map((each) => each.id)).toEqual([ticket.id]);
    expect(t.inbox.pendingCount()).toBe(0);
  });

  it.each(names)(`stays ${state} whatever comes then: %s`, async (second) => {
    const { ticket, verdict } = t.ask();
    await endings[first]!(t, ticket.id);
    await verdict.catch(() => {});
    const again = async () => endings[second]!(t, ticket.id);
    if (second === "approve" || second === "deny") {
      await expect(again()).rejects.toMatchObject({
        code: "already_resolved",
        ticketId: ticket.id,
        message: `The call of lab.charge was already ${state} by ${by} at ${new Date(t.inbox.get(ticket.id).verdict!.at).toISOString()}.`,
      });
    } else {
      await again();
    }
    expect(t.inbox.get(ticket.id)).toMatchObject({ state, verdict: { by } });
    expect(t.told).toHaveLength(2);
  });

  it(`may be sent ${state === "approved" ? "once" : "never"}`, async () => {
    const { ticket } = t.ask();
    expect(t.inbox.markExecuted(ticket.id)).toBe(false);
    await endings[first]!(t, ticket.id);
    expect(t.inbox.markExecuted(ticket.id)).toBe(state === "approved");
    expect(t.inbox.markExecuted(ticket.id)).toBe(false);
    expect(t.inbox.get(ticket.id).executedAt).toBe(state === "approved" ? t.clock.wallNow() : null);
  });
});

describe("a verdict", () => {
  it("needs a ticket", () => {
    expect(() => t.inbox.approve("nope", "ana")).toThrow(expect.objectContaining({ code: "not_found" }));
  });

  it("with other arguments keeps what was asked for, and hashes what is sent", () => {
    const { ticket } = t.ask();
    expect(t.inbox.approve(ticket.id, "ana", { amount: 1 })).toMatchObject({
      args: { amount: 5 },
      hash: ticket.hash,
      edited: { args: { amount: 1 }, hash: ticketHash("lab", "charge", { amount: 1 }, "f") },
    });
    expect(t.ask({ args: { amount: 2 } }).ticket).toMatchObject({ lastApprovedArgs: { amount: 1 }, unusual: [] });
    expect(t.ask({ args: { amount: "2" } }).ticket.unusual).toEqual([{ kind: "shape", path: "amount" }]);
  });

  it("with the same arguments changes none", () => {
    expect(t.inbox.approve(t.ask().ticket.id, "ana", { amount: 5 }).edited).toBeNull();
  });

  it("with arguments that are no JSON is none", () => {
    const { ticket } = t.ask();
    expect(() => t.inbox.approve(ticket.id, "ana", { amount: NaN })).toThrow(MCPRefusedError);
    expect(t.inbox.get(ticket.id).state).toBe("pending");
  });

  it("that comes with the request is written with it, and shows nobody a call that waits", async () => {
    const given = { by: "policy:auto", reason: null, grantId: null };
    const { ticket, verdict } = t.ask({ given });
    expect(ticket).toMatchObject({ state: "approved", verdict: { by: "policy:auto", reason: null } });
    await expect(verdict).resolves.toMatchObject({ id: ticket.id });
    expect(t.told.map(({ state }) => state)).toEqual(["approved"]);
    expect(t.inbox.markExecuted(ticket.id)).toBe(true);
  });

  it("that denies needs a reason", () => {
    const { ticket } = t.ask();
    expect(() => t.inbox.deny(ticket.id, "ana", "  ")).toThrow(expect.objectContaining({ code: "bad_request" }));
    expect(t.inbox.get(ticket.id).state).toBe("pending");
  });

  it("given by a listener, in the middle of the telling, is told once and in order", async () => {
    const events = new CoreEvents(silentLogger);
    const states: string[] = [];
    events.on("ticket.changed", (ticket) => states.push(ticket.state));
    const own = t.open({ events });
    events.on("ticket.changed", (ticket) => {
      if (ticket.state === "pending") own.approve(ticket.id, "policy:auto");
    });
    await expect(t.ask({}, own).verdict).resolves.toMatchObject({ state: "approved" });
    states.length = 0;
    const other = t.openOther();
    for (const invocationId of ["call-2", "call-3"]) t.ask({ invocationId }, other);
    await t.clock.advance(250);
    expect(states).toEqual(["pending", "pending", "approved", "approved"]);
    own.close();
  });

  it("may come before the caller waits for it", async () => {
    const { ticket, verdict } = t.ask();
    t.inbox.deny(ticket.id, "ana", "no");
    await t.clock.advance(1);
    await expect(verdict).rejects.toThrow(MCPApprovalError);
  });
});

describe("closing", () => {
  it("stops everything, once", () => {
    t.ask();
    t.inbox.close();
    t.inbox.close();
    expect(t.clock.pending).toBe(0);
    expect(() => t.ask()).toThrow(expect.objectContaining({ code: "approval_interrupted" }));
    expect(t.told).toHaveLength(2);
  });
});

describe("the lists", () => {
  it("are oldest first for what waits, newest first for what is resolved", async () => {
    const ids: string[] = [];
    for (let n = 0; n < 4; n += 1) {
      ids.push(t.ask({ invocationId: `call-${n}` }).ticket.id);
      await t.clock.advance(10);
    }
    t.inbox.approve(ids[2]!, "ana");
    await t.clock.advance(10);
    t.inbox.deny(ids[1]!, "ana", "no");
    expect(t.inbox.list("pending").map((ticket) => ticket.id)).toEqual([ids[0], ids[3]]);
    expect(t.inbox.list("resolved").map((ticket) => ticket.id)).toEqual([ids[1], ids[2]]);
  });
});
