import { beforeEach, describe, expect, it } from "vitest";
import { CoreEvents } from "../events.ts";
import { silentLogger } from "../logger.ts";
import { InboxFixture } from "./fixtures/inbox-fixture.ts";
import { Grants } from "./grants.ts";

let t: InboxFixture;
let grants: Grants;

beforeEach(() => {
  t = new InboxFixture();
  grants = new Grants({
    ...{ database: t.database, clock: t.clock, events: new CoreEvents(silentLogger), owner: "me" },
    ...{ isOwnerAlive: () => true, record: () => {}, rules: { add: () => {}, remove: () => {} } },
  });
});

describe("a grant", () => {
  it("for always is refused where the arguments hold a secret, and for a time is not", () => {
    const masking = t.open({ redact: () => ({ token: "•••" }) });
    const ticket = masking.approve(t.ask({ args: { token: "hunter2hunter2" } }, masking).ticket.id, "ana");
    expect(() => grants.give(ticket, { kind: "always" }, "ana", [])).toThrow(
      expect.objectContaining({
        ...{ code: "bad_request", hint: "Grant it for a time or for the session.", ticketId: ticket.id },
        message: "These arguments hold a secret, which no policy file may hold.",
      }),
    );
    expect(grants.give(ticket, { kind: "time", minutes: 1 }, "ana", []).state).toBe("active");
  });

  it("for always is refused where no rule can say the arguments, and for a time is not", () => {
    const args = { "a.b": 1 };
    const ticket = t.inbox.approve(t.ask({ args }).ticket.id, "ana");
    expect(() => grants.assertGrantable(ticket, { kind: "always" }, args, [])).toThrow(
      expect.objectContaining({ code: "bad_request", message: expect.stringContaining('"a.b"') as string }),
    );
    expect(() => grants.assertGrantable(ticket, { kind: "time", minutes: 1 }, args, [])).not.toThrow();
  });
});
