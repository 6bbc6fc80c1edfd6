import { beforeEach, describe, expect, it } from "vitest";
import type { Grant, GrantScope } from "../../../shared/grant.ts";
import type { ContextRuleEntry, PolicyDecision, TraceStep } from "../../../shared/policy.ts";
import { MCPClientError } from "../errors.ts";
import { CoreEvents } from "../events.ts";
import { silentLogger } from "../logger.ts";
import { InboxFixture } from "./fixtures/inbox-fixture.ts";
import { Grants } from "./grants.ts";
import type { TicketDatabase } from "./ticket-table.ts";

let t: InboxFixture;
let grants: Grants;
let written: Map<string, ContextRuleEntry>;
let told: Grant[];
let recorded: unknown[];
let isFileBroken: boolean;

const open = (owner = "me", database: TicketDatabase = t.database) => {
  const events = new CoreEvents(silentLogger);
  events.on("grant.changed", (grant) => told.push(grant));
  const broken = () => {
    if (isFileBroken) throw new MCPClientError("config_invalid", "The policy file could not be written.");
  };
  return new Grants({
    ...{ database, clock: t.clock, events, owner },
    isOwnerAlive: (each) => t.alive.has(each),
    record: (kind, { id, by, revoked }) => void recorded.push([kind, id, revoked?.by ?? by]),
    rules: {
      add: (rule) => (broken(), void written.set(rule.name, rule)),
      remove: (name) => (broken(), void written.delete(name)),
    },
  });
};
const asks: PolicyDecision = {
  ...{ level: "REQUIRE_APPROVAL", resolvedLevel: "REQUIRE_APPROVAL", rule: "default", line: 1, autoApproved: false },
  trace: [{ step: "default", name: "default", line: 1, outcome: "spoke", level: "REQUIRE_APPROVAL", detail: "" }],
};
const call = { server: "lab", tool: "charge", client: "library", environment: "production", args: { amount: 5 } };
const floor: TraceStep = {
  step: "floor",
  name: "drift",
  line: null,
  outcome: "raised",
  level: "REQUIRE_APPROVAL",
  detail: "changed",
};
const judge = (change: Partial<typeof call> = {}, decision = asks, fingerprint = "f") => {
  const { environment, ...asked } = { ...call, ...change };
  return grants.judge(asked, environment, decision, () => fingerprint);
};
const approved = (input = {}, args?: unknown) => t.inbox.approve(t.ask(input).ticket.id, "ana", args);
const give = (scope: GrantScope) => grants.give(approved(), scope, "ana", ["amount"]);

beforeEach(() => {
  t = new InboxFixture();
  written = new Map();
  told = [];
  recorded = [];
  isFileBroken = false;
  grants = open();
});

describe("a grant for a time", () => {
  it("approves until its end, to the millisecond, and is told", async () => {
    const grant = give({ kind: "time", minutes: 1 });
    expect(told).toEqual([grant]);
    expect(grant).toMatchObject({
      state: "active",
      args: null,
      expiresAt: t.clock.wallNow() + 60_000,
      revoked: null,
      uses: 0,
    });
    expect(written.size).toBe(0);
    await t.clock.advance(59_999);
    const reason = `granted by ana until ${new Date(grant.expiresAt!).toISOString()}`;
    const step = { step: "grant", name: `grant ${grant.id}`, line: null, outcome: "spoke", level: "REQUIRE_APPROVAL" };
    expect(judge()).toEqual({
      decision: { ...asks, trace: [...asks.trace, { ...step, detail: reason }] },
      given: { grantId: grant.id, by: `grant:${grant.id.slice(0, 8)}`, reason },
    });
    expect(grants.holds(grant.id)).toBe(true);
    await t.clock.advance(1);
    expect(judge()).toEqual({ decision: asks, given: null });
    expect(grants.holds(grant.id)).toBe(false);
    expect(grants.get(grant.id).state).toBe("expired");
  });

  it("counts the calls that it approved", () => {
    const grant = give({ kind: "time", minutes: 1 });
    t.ask({ given: judge().given });
    expect(grants.list()).toMatchObject([{ id: grant.id, uses: 1 }]);
  });

  it.each([
    ["another server", { server: "other" }],
    ["another tool", { tool: "refund" }],
    ["another client", { client: "console" }],
    ["another environment", { environment: "development" }],
  ])("is not for %s", (_who, change) => {
    give({ kind: "time", minutes: 1 });
    expect(judge(change).given).toBeNull();
  });

  it("is not for another definition, another rule, a floor, or what needs no person", () => {
    give({ kind: "time", minutes: 1 });
    expect(judge({}, asks, "g").given).toBeNull();
    expect(judge({}, { ...asks, rule: "tools lab.charge" }).given).toBeNull();
    expect(judge({}, { ...asks, trace: [...asks.trace, floor] }).given).toBeNull();
    expect(judge({}, { ...asks, trace: [...asks.trace, { ...floor, step: "caller" }] }).given).toBeNull();
    expect(judge({}, { ...asks, autoApproved: true }).given).toBeNull();
    expect(judge({}, { ...asks, level: "NEVER" })).toMatchObject({ given: null, decision: { level: "NEVER" } });
    expect(judge({}, { ...asks, level: "ALWAYS" }).given).toBeNull();
  });

  it("is for a context rule wherever it stands in the list", () => {
    const rule = (index: number) => `context_rules[${index}] big`;
    grants.give(approved({ decision: { rule: rule(1), trace: [] } }), { kind: "time", minutes: 1 }, "ana", []);
    expect(judge({}, { ...asks, rule: rule(2) }).given).not.toBeNull();
  });
});

describe("a grant for the session", () => {
  it("is for the process that asked, and ends with it", () => {
    const other = t.openOther();
    const { ticket } = t.ask({}, other);
    const { id } = grants.give(t.inbox.approve(ticket.id, "ana"), { kind: "session" }, "ana", []);
    expect(judge().given).toBeNull();
    expect(open("other").judge(call, call.environment, asks, () => "f").given).toMatchObject({
      grantId: id,
      reason: "granted by ana until Switchgear stops",
    });
    expect(grants.get(id).state).toBe("active");
    t.alive.delete("other");
    expect(grants.get(id).state).toBe("ended");
  });

  it("is in force for as long as its own process asks", () => {
    const { id } = give({ kind: "session" });
    t.alive.clear();
    expect(grants.get(id).state).toBe("active");
    expect(judge().given).toMatchObject({ grantId: id });
  });
});

describe("a grant for always", () => {
  const decided = (id: string): PolicyDecision => ({ ...asks, level: "ALWAYS", rule: `context_rules[0] always-${id}` });

  it("is a rule, which holds for exactly that call", () => {
    const { id, args } = give({ kind: "always" });
    expect(args).toEqual({ amount: 5 });
    expect([...written.keys()]).toEqual([`always-${id}`]);
    expect(judge({}, decided(id)).decision.level).toBe("ALWAYS");
    const detail = "the tool or the arguments are not those that it was granted for";
    const step = {
      step: "grant",
      name: `grant ${id}`,
      line: null,
      outcome: "raised",
      level: "REQUIRE_APPROVAL",
      detail,
    };
    expect(judge({ args: { amount: 6 } }, decided(id)).decision).toEqual({
      ...{ ...decided(id), level: "REQUIRE_APPROVAL", rule: `grant ${id}`, line: null },
      trace: [...asks.trace, step],
    });
    expect(judge({}, decided(id), "g").decision.level).toBe("REQUIRE_APPROVAL");
    expect(judge({}, decided("nobody")).decision.level).toBe("ALWAYS");
    expect(judge({}, { ...asks, level: "ALWAYS" }).decision.level).toBe("ALWAYS");
  });

  it("is for the arguments as they were edited", () => {
    const { id } = grants.give(approved({}, { amount: 1 }), { kind: "always" }, "ana", []);
    expect(grants.get(id).args).toEqual({ amount: 1 });
    expect(judge({ args: { amount: 1 } }, decided(id)).decision.level).toBe("ALWAYS");
  });

  it("is known as the one of its ticket", () => {
    const ticket = approved();
    const { id } = grants.give(ticket, { kind: "always" }, "ana", []);
    expect(grants.isOf(decided(id).rule, ticket.id)).toBe(true);
    expect(grants.isOf(decided(id).rule, "another")).toBe(false);
    expect(grants.isOf(decided("nobody").rule, ticket.id)).toBe(false);
    expect(grants.isOf("default", ticket.id)).toBe(false);
  });

  it("that is revoked takes its rule away, and holds no more whether that was possible or not", () => {
    const { id } = give({ kind: "always" });
    isFileBroken = true;
    expect(() => grants.revoke(id, "ben", "no")).toThrow(expect.objectContaining({ code: "config_invalid" }));
    expect(judge({}, decided(id)).decision).toMatchObject({
      level: "REQUIRE_APPROVAL",
      trace: [{}, { detail: "ben revoked this grant" }],
    });
    const next = give.bind(null, { kind: "always" });
    expect(next).toThrow(/could not be written/);
    const [made, unmade] = recorded.slice(-2) as [string, string, string][];
    expect([made![0], unmade]).toEqual(["grant.made", ["grant.revoked", made![1], "switchgear"]]);
    expect(grants.get(made![1]).revoked).toMatchObject({
      by: "switchgear",
      reason: "Its rule could not be written into the policy file.",
    });
    isFileBroken = false;
    grants.revoke(next().id, "ben", "no");
    expect(written.size).toBe(1);
  });
});

describe("giving", () => {
  it.each([
    ["the caller wants a person", { rule: "requireApproval", trace: [{ ...floor, step: "caller" as const }] }],
    ["a floor asks", { rule: "drift", trace: [floor] }],
  ])("is refused where %s", (_why, decision) => {
    const ticket = approved({ decision });
    expect(() => grants.give(ticket, { kind: "session" }, "ana", [])).toThrow(
      expect.objectContaining({
        ...{ code: "bad_request", hint: "Approve this one alone.", ticketId: ticket.id },
        message: `No grant can approve such calls: drift, changed`,
      }),
    );
    expect(grants.list()).toEqual([]);
  });

  it("is on disk when it returns, as revoking is", () => {
    const writes: unknown[] = [];
    const { database } = t;
    const write = <T>(work: () => T, options: { durable: boolean }) => {
      writes.push(options);
      return database.write(work, options);
    };
    const watched = { all: database.all.bind(database), run: database.run.bind(database), write };
    const ticket = approved();
    const careful = open("me", watched);
    careful.revoke(careful.give(ticket, { kind: "session" }, "ana", []).id, "ben", "no");
    expect(writes).toEqual([{ durable: true }, { durable: true }]);
  });

  it("is not stopped by a floor that did not apply", () => {
    const silent = { ...floor, outcome: "silent", level: null } as const;
    expect(
      grants.give(approved({ decision: { rule: "default", trace: [silent] } }), { kind: "session" }, "ana", []).state,
    ).toBe("active");
    expect(judge({}, { ...asks, trace: [silent] }).given).not.toBeNull();
  });
});

describe("revoking", () => {
  it("is for once, with a reason and a name", async () => {
    const { id } = give({ kind: "time", minutes: 5 });
    expect(() => grants.revoke(id, "ben", " ")).toThrow(
      expect.objectContaining({ code: "bad_request", message: "Say why, so that the record means something." }),
    );
    isFileBroken = true;
    expect(grants.revoke(id, "ben", " Enough. ")).toMatchObject({
      state: "revoked",
      revoked: { by: "ben", reason: "Enough.", at: t.clock.wallNow() },
    });
    expect(judge().given).toBeNull();
    expect(grants.holds(id)).toBe(false);
    expect(() => grants.revoke(id, "ana", "again")).toThrow(
      expect.objectContaining({
        code: "already_resolved",
        message: `ben revoked this grant at ${new Date(t.clock.wallNow()).toISOString()}.`,
      }),
    );
    expect(recorded).toEqual([
      ["grant.made", id, "ana"],
      ["grant.revoked", id, "ben"],
    ]);
    expect(() => grants.revoke("nobody", "ana", "?")).toThrow(
      expect.objectContaining({ code: "not_found", message: "There is no grant nobody." }),
    );
    expect(grants.holds("nobody")).toBe(false);
  });

  it("leaves those in force at the top of the list", async () => {
    const hold = (minutes: number): GrantScope => ({ kind: "time", minutes });
    const scopes: GrantScope[] = [{ kind: "time", minutes: 1 }, { kind: "session" }, ...[60, 90].map(hold)];
    const ids: string[] = [];
    for (const scope of scopes) {
      ids.push(give(scope).id);
      await t.clock.advance(10);
    }
    grants.revoke(ids[1]!, "ben", "no");
    await t.clock.advance(60_000);
    expect(grants.list().map(({ id, state }) => [ids.indexOf(id), state])).toEqual([
      [3, "active"],
      [2, "active"],
      [0, "expired"],
      [1, "revoked"],
    ]);
  });
});
