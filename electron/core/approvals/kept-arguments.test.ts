import { beforeEach, describe, expect, it } from "vitest";
import type { ApprovalInbox } from "./inbox.ts";
import { InboxFixture } from "./fixtures/inbox-fixture.ts";
import { isMasked } from "./kept-arguments.ts";
import { ticketHash } from "./ticket-hash.ts";

const secret = "hunter2hunter2";
const redact = (value: unknown): unknown => JSON.parse(JSON.stringify(value).replaceAll(secret, "•••"));

let t: InboxFixture;
let inbox: ApprovalInbox;

beforeEach(() => {
  t = new InboxFixture();
  inbox = t.open({ redact });
});

const stored = () => JSON.stringify(t.database.all("SELECT * FROM tickets"));
const ask = (args: Record<string, unknown>) => t.ask({ args }, inbox).ticket;

describe("a call with a secret in its arguments", () => {
  it("is kept and shown without it, and approved for what it is", () => {
    const args = { token: secret, amount: 5 };
    const ticket = ask(args);
    expect(ticket.args).toEqual({ token: "•••", amount: 5 });
    expect(isMasked(ticket)).toBe(true);
    const approved = inbox.approve(ticket.id, "ana");
    expect(approved).toMatchObject({ hash: ticketHash("lab", "charge", args, "f"), edited: null });
    expect(stored()).not.toContain(secret);
    expect(ask(args).lastApprovedArgs).toEqual({ token: "•••", amount: 5 });
  });

  it("is not unusual for being masked", () => {
    inbox.approve(ask({ token: secret }).id, "ana");
    expect(ask({ token: secret }).unusual).toEqual([]);
  });

  it("cannot be edited, as nobody could put the secret back, and goes on waiting", () => {
    const { id } = ask({ token: secret, amount: 5 });
    expect(() => inbox.approve(id, "ana", { token: "•••", amount: 1 })).toThrow(
      expect.objectContaining({
        ...{ code: "bad_request", ticketId: id },
        message: "Arguments with a secret in them cannot be edited: a ticket does not keep it.",
        hint: "Approve the call as it stands, or deny it and say what to call instead.",
      }),
    );
    expect(inbox.get(id).state).toBe("pending");
    expect(inbox.approve(id, "ana", { amount: 5, token: "•••" })).toMatchObject({ state: "approved", edited: null });
  });
});

it("a secret cannot be put into the arguments of a call", () => {
  const { id, args } = ask({ amount: 5 });
  expect(isMasked(inbox.get(id))).toBe(false);
  expect(() => inbox.approve(id, "ana", { note: secret })).toThrow(expect.objectContaining({ code: "bad_request" }));
  expect(stored()).not.toContain(secret);
  expect(args).toEqual({ amount: 5 });
  expect(inbox.approve(id, "ana", { amount: 1 }).edited).toMatchObject({ args: { amount: 1 } });
});
