/** What callers, approvers and the log read of a ticket, word by word. */

import { beforeEach, describe, expect, it, vi } from "vitest";
import { MCPCancelledError } from "../errors.ts";
import { CoreEvents } from "../events.ts";
import { silentLogger } from "../logger.ts";
import { endings, InboxFixture } from "./fixtures/inbox-fixture.ts";

let t: InboxFixture;

beforeEach(() => {
  t = new InboxFixture();
});

describe("a call that does not go on", () => {
  it.each<[string, object]>([
    ["deny", { code: "approval_denied", message: "ben denied the call of lab.charge: too much" }],
    [
      "deadline",
      {
        code: "approval_expired",
        message: "Nobody approved the call of lab.charge in time, so it was not sent.",
        hint: "Call again while somebody watches the approvals, or lengthen approval.default_timeout_minutes in the policy.",
      },
    ],
    [
      "abort",
      {
        code: "cancelled",
        message:
          "The call of lab.charge ended while it waited for approval, so it was not sent. The caller took the call back.",
      },
    ],
    [
      "close",
      {
        code: "approval_interrupted",
        message: "Switchgear stopped while the call of lab.charge waited for approval, so it was not sent.",
        hint: "Call again once Switchgear runs.",
      },
    ],
  ])("reads why, and which call and ticket it is about: %s", async (ending, words) => {
    const { ticket, verdict } = t.ask();
    await endings[ending]!(t, ticket.id);
    const error: unknown = await verdict.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ ...words, ticketId: ticket.id, invocationId: "call-1" });
  });
});

it.each([
  ["deadline", "Nobody answered in time."],
  ["abort", "The caller took the call back."],
  ["close", "Switchgear stopped while the call waited."],
])("a ticket says why it ended without a person: %s", async (ending, reason) => {
  const { ticket } = t.ask();
  await endings[ending]!(t, ticket.id);
  expect(t.inbox.get(ticket.id).verdict!.reason).toBe(reason);
});

it("a ticket of another process says why it ended", async () => {
  const other = t.openOther();
  const late = t.ask({}, other).ticket;
  t.clock.jumpWall(60_000);
  await t.clock.advance(250);
  expect(t.inbox.get(late.id).verdict).toMatchObject({ by: "switchgear", reason: "Nobody answered in time." });
  const left = t.ask({ invocationId: "call-2" }, other).ticket;
  t.alive.delete("other");
  expect(() => t.inbox.approve(left.id, "ana")).toThrow("already interrupted");
  expect(t.inbox.get(left.id).verdict).toMatchObject({ by: "switchgear", reason: "The process that asked is gone." });
});

it("nobody is asked for a call that was taken back, or while Switchgear closes", () => {
  t.caller.abort();
  expect(() => t.ask()).toThrow(
    new MCPCancelledError("The call was taken back before anyone was asked to approve it."),
  );
  t.inbox.close();
  expect(() => t.ask()).toThrow("Switchgear is closing, so nobody can be asked.");
});

it("an approver reads what is wrong with a verdict, and of which ticket", () => {
  const { id } = t.ask().ticket;
  expect(() => t.inbox.deny(id, "ana", " ")).toThrow(
    expect.objectContaining({ message: "A denial needs a reason: the caller reads it.", ticketId: id }),
  );
  expect(() => t.inbox.get("nope")).toThrow(
    expect.objectContaining({ message: "There is no approval ticket nope.", ticketId: "nope" }),
  );
  t.inbox.approve(id, "ana");
  expect(() => t.inbox.approve(id, "ben")).toThrow(expect.objectContaining({ ticketId: id, invocationId: "call-1" }));
});

it("the log says once that tickets cannot be read or written, and again after they could", async () => {
  const words = "The approval tickets cannot be read or written; trying again.";
  for (const warnings of [1, 2]) {
    t.ask();
    t.breakWrites();
    t.caller.abort();
    await t.clock.advance(1_000);
    expect(t.warnings).toEqual(Array.from({ length: warnings }, () => words));
    t.mendWrites();
    await t.clock.advance(1_000);
    t.renewCaller();
  }
});

it("every change of a ticket is on disk when it returns", () => {
  const levels: unknown[] = [];
  const run = t.database.run.bind(t.database);
  t.database.run = (...parameters) => {
    levels.push(t.database.all("PRAGMA synchronous")[0]?.synchronous);
    return run(...parameters);
  };
  const { id, requestedAt } = t.ask().ticket;
  t.inbox.markEscalated(id, requestedAt);
  t.inbox.approve(id, "ana");
  t.inbox.markExecuted(id);
  expect(levels).toEqual([2, 2, 2, 2]);
});

describe("an inbox", () => {
  it("records each verdict and each use of an approval, a verdict that comes with the request too", () => {
    const records: [string, string, string][] = [];
    const inbox = t.open({ record: (kind, { id, state }) => records.push([kind, id, state]) });
    const asked = t.ask({}, inbox).ticket.id;
    expect(records).toEqual([]);
    inbox.approve(asked, "ana");
    inbox.markExecuted(asked);
    const given = t.ask({ given: { by: "policy:auto", reason: null, grantId: null } }, inbox).ticket.id;
    expect(records).toEqual([
      ["verdict", asked, "approved"],
      ["approval.used", asked, "approved"],
      ["verdict", given, "approved"],
    ]);
  });

  it("lets go of a caller whose call was decided", () => {
    const added = vi.spyOn(t.caller.signal, "addEventListener");
    const removed = vi.spyOn(t.caller.signal, "removeEventListener");
    t.inbox.approve(t.ask().ticket.id, "ana");
    expect(removed).toHaveBeenCalledExactlyOnceWith("abort", added.mock.calls[0]![1]);
  });

  it("ends a call at its deadline, between two looks at the journal", async () => {
    const { ticket } = t.ask({ timeoutMs: 100 });
    await t.clock.advance(99);
    expect(t.inbox.get(ticket.id).state).toBe("pending");
    await t.clock.advance(1);
    expect(t.inbox.get(ticket.id).state).toBe("expired");
  });

  it("looks for the owners of other processes' tickets every five seconds, and never doubts itself", async () => {
    t.alive.add("third");
    const asked: string[] = [];
    const isOwnerAlive = (owner: string) => asked.push(owner) > 0;
    t.ask({ timeoutMs: 600_000 }, t.openOther());
    const inbox = t.open({ isOwnerAlive, owner: "third" });
    t.ask({ invocationId: "call-2", timeoutMs: 600_000 }, inbox);
    asked.length = 0;
    await t.clock.advance(4_750);
    expect(asked).toEqual([]);
    await t.clock.advance(500);
    expect(asked).toEqual(["other"]);
  });

  it("tells a change once, though a listener looks for changes while it is told", async () => {
    const events = new CoreEvents(silentLogger);
    const own = t.open({ events });
    const told: string[] = [];
    events.on("ticket.changed", ({ invocationId }) => told.push(invocationId));
    events.on("ticket.changed", () => void own.markExecuted("nope"));
    const other = t.openOther();
    for (const invocationId of ["call-2", "call-3"]) t.ask({ invocationId }, other);
    await t.clock.advance(250);
    expect(told).toEqual(["call-2", "call-3"]);
  });

  it("says in the log why it cannot begin", () => {
    t.ask();
    t.clock.jumpWall(60_000);
    t.breakWrites();
    const warn = vi.fn();
    t.open({ logger: { warn } });
    const error = expect.objectContaining({ code: "journal_unavailable" }) as unknown;
    expect(warn.mock.calls).toEqual([[expect.any(String), { error }]]);
  });
});
