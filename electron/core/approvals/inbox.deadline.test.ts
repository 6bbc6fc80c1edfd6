import { beforeEach, describe, expect, it } from "vitest";
import { FakeClock } from "../fake-clock.ts";
import { endings, InboxFixture, timeoutMs } from "./fixtures/inbox-fixture.ts";

let t: InboxFixture;

beforeEach(() => {
  t = new InboxFixture();
});

describe("the deadline", () => {
  it("is the wall clock's, to the millisecond", async () => {
    const { ticket, verdict } = t.ask();
    await t.clock.advance(timeoutMs - 1);
    expect(t.inbox.get(ticket.id).state).toBe("pending");
    await t.clock.advance(1);
    await expect(verdict).rejects.toMatchObject({ code: "approval_expired" });
  });

  it("holds where the machine slept through it", async () => {
    const { ticket, verdict } = t.ask();
    t.clock.jumpWall(timeoutMs);
    expect(() => t.inbox.approve(ticket.id, "ana")).toThrow(expect.objectContaining({ code: "already_resolved" }));
    await expect(verdict).rejects.toMatchObject({ code: "approval_expired" });
  });

  it("of another process's ticket is kept too, though that one does nothing", async () => {
    const { ticket } = t.ask({}, t.openOther(new FakeClock()));
    t.clock.jumpWall(timeoutMs);
    await t.clock.advance(250);
    const verdict = { by: "switchgear", at: t.clock.wallNow(), reason: "Nobody answered in time." };
    expect(t.inbox.get(ticket.id)).toMatchObject({ state: "expired", verdict });
  });
});

describe("an end that cannot be written", () => {
  it.each([
    ["deadline", "expired", "approval_expired"],
    ["abort", "cancelled", "cancelled"],
  ])("stops the call all the same, and is written later: %s", async (what, state, code) => {
    const { ticket, verdict } = t.ask();
    t.breakWrites();
    await endings[what]!(t, ticket.id);
    await expect(verdict).rejects.toMatchObject({ code });
    expect(() => t.inbox.approve(ticket.id, "ana")).toThrow(expect.objectContaining({ code: "journal_unavailable" }));
    expect(t.inbox.get(ticket.id).state).toBe("pending");
    await t.clock.advance(1000);
    expect(t.warnings).toHaveLength(1);
    t.mendWrites();
    await t.clock.advance(250);
    expect(t.inbox.get(ticket.id).state).toBe(state);
    expect(t.told.at(-1)).toMatchObject({ id: ticket.id, state });
  });

  it("of an approval keeps the call waiting", async () => {
    const { ticket, verdict } = t.ask();
    t.breakWrites();
    expect(() => t.inbox.approve(ticket.id, "ana")).toThrow(expect.objectContaining({ code: "journal_unavailable" }));
    t.mendWrites();
    t.inbox.approve(ticket.id, "ana");
    t.breakWrites();
    expect(() => t.inbox.markExecuted(ticket.id)).toThrow(expect.objectContaining({ code: "journal_unavailable" }));
    await expect(verdict).resolves.toMatchObject({ state: "approved" });
  });
});
