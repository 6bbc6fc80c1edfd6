import { beforeEach, describe, expect, it } from "vitest";
import { MCPCancelledError } from "../errors.ts";
import { InboxFixture } from "./fixtures/inbox-fixture.ts";

let t: InboxFixture;

beforeEach(() => {
  t = new InboxFixture();
});

describe("two processes on one database", () => {
  it("see each other's tickets within a quarter of a second", async () => {
    const { ticket } = t.ask({}, t.openOther());
    expect(t.told).toEqual([]);
    await t.clock.advance(250);
    expect(t.told).toMatchObject([{ id: ticket.id, state: "pending" }]);
    expect(t.inbox.list("pending")).toHaveLength(1);
    expect(t.inbox.pendingCount()).toBe(1);
  });

  it("know which tickets wait, whoever asked", () => {
    const other = t.openOther();
    const [mine, done] = ["call-1", "call-2"].map((invocationId) => t.ask({ invocationId }).ticket.id);
    const theirs = t.ask({ invocationId: "call-3" }, other).ticket.id;
    other.approve(done!, "ana");
    expect(t.inbox.waiting()).toEqual(new Set([mine, theirs]));
    expect(other.waiting()).toEqual(new Set([mine, theirs]));
  });

  it("hear each other's verdicts", async () => {
    const other = t.openOther();
    const yes = t.ask();
    const no = t.ask({ invocationId: "call-2" });
    other.approve(yes.ticket.id, "terminal");
    other.deny(no.ticket.id, "terminal", "no");
    await t.clock.advance(250);
    await expect(yes.verdict).resolves.toMatchObject({ verdict: { by: "terminal" } });
    await expect(no.verdict).rejects.toMatchObject({ code: "approval_denied" });
    expect(t.told.map((ticket) => ticket.state)).toEqual(["pending", "pending", "approved", "denied"]);
    expect(t.inbox.markExecuted(yes.ticket.id)).toBe(true);
    expect(other.markExecuted(yes.ticket.id)).toBe(false);
  });

  it("give one verdict, even before the first was seen", async () => {
    const other = t.openOther();
    const { ticket, verdict } = t.ask();
    other.approve(ticket.id, "terminal");
    expect(() => t.inbox.deny(ticket.id, "ana", "no")).toThrow(/already approved by terminal/);
    await expect(verdict).resolves.toMatchObject({ verdict: { by: "terminal" } });
  });

  it("mark a ticket as escalated once, while it waits, and see each other's mark", async () => {
    const other = t.openOther();
    const { ticket } = t.ask();
    const { requestedAt } = ticket;
    expect(other.unanswered(requestedAt - 1)).toEqual([]);
    expect(other.unanswered(requestedAt)).toMatchObject([{ id: ticket.id }]);
    expect(other.markEscalated(ticket.id, requestedAt + 1)).toBe(true);
    expect(t.inbox.markEscalated(ticket.id, requestedAt + 2)).toBe(false);
    expect(t.inbox.unanswered(requestedAt)).toEqual([]);
    await t.clock.advance(250);
    expect(t.told.at(-1)).toMatchObject({ id: ticket.id, state: "pending", escalatedAt: requestedAt + 1 });
    const answered = t.ask({ invocationId: "call-2" });
    t.inbox.approve(answered.ticket.id, "ana");
    expect(other.markEscalated(answered.ticket.id, requestedAt + 1)).toBe(false);
  });

  it("cancel over an approval that was not seen yet", async () => {
    const other = t.openOther();
    const { ticket, verdict } = t.ask();
    other.approve(ticket.id, "terminal");
    t.caller.abort();
    await expect(verdict).rejects.toThrow(MCPCancelledError);
    expect(t.inbox.get(ticket.id).state).toBe("approved");
  });

  it("spare what a live one asked, and interrupt what a dead one left, at the start and later", async () => {
    const other = t.openOther();
    const { ticket } = t.ask({}, other);
    const third = t.open({ owner: "third" });
    expect(third.get(ticket.id).state).toBe("pending");
    t.alive.delete("other");
    const fourth = t.open({ owner: "fourth" });
    expect(fourth.get(ticket.id)).toMatchObject({ state: "interrupted", verdict: { by: "switchgear" } });
    const left = t.ask({ invocationId: "call-2" }, other).ticket;
    expect(() => t.inbox.approve(left.id, "ana")).toThrow(/already interrupted/);
    const last = t.ask({ invocationId: "call-3" }, other).ticket;
    await t.clock.advance(5_250);
    expect(t.inbox.get(last.id).state).toBe("interrupted");
  });
});
