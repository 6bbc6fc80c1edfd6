import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { editedMetaKey, type Ticket } from "../../shared/approval.ts";
import { CoreFixture } from "./fixtures/core-fixture.ts";

let fixture: CoreFixture;
const file = "policies/mcp_permissions.yaml";
const asking = `# whose it is
default_permission: ALWAYS
tools:
  lab.wipe: { permission: REQUIRE_APPROVAL, approval_message: Really? } # every time
context_rules:
  # keep out
  - name: closed
    condition: { tool: lab.wipe, args_match: { path: "/etc/**" } }
    permission: NEVER
`;
const open = async (policy = asking) => (fixture = await CoreFixture.open({ [file]: policy }));
const eventually = (check: () => unknown) => vi.waitFor(check, { timeout: 10_000, interval: 20 });
const wipe = (path: string, more = {}, hooks = {}) => fixture.call("wipe", { path }, more, hooks);
const policyText = () => readFileSync(fixture.policyFile, "utf8");

async function tickets(count: number): Promise<Ticket[]> {
  await eventually(() => expect(fixture.core.approvals.pendingCount()).toBe(count));
  return fixture.core.approvals.list("pending");
}
const next = async () => (await tickets(1))[0]!;

/** Makes a call and approves it with a grant. */
async function grant(scope: Parameters<typeof fixture.core.grants.give>[1], path = "/tmp/x", more = {}) {
  const call = wipe(path, more);
  await fixture.core.desk.approve((await next()).id, "ana", { grant: scope });
  expect((await call).error).toBeNull();
  return fixture.core.grants.list()[0]!;
}

afterEach(async () => fixture[Symbol.asyncDispose]());

describe("arguments that the approver changed", () => {
  it("are what is sent; ticket, timeline and caller have the difference", async () => {
    await open();
    const call = wipe("/srv/ledger");
    const { id, hash } = await next();
    const approved = await fixture.core.desk.approve(id, "ana", { args: { path: "/srv/ledger/old" } });
    expect(approved).toMatchObject({
      args: { path: "/srv/ledger" },
      hash,
      edited: { args: { path: "/srv/ledger/old" } },
    });
    expect(approved.edited!.hash).not.toBe(hash);
    const { result, invocation } = await call;
    expect(result!.content[0]).toMatchObject({ text: expect.stringContaining("/srv/ledger/old") as string });
    expect(result!._meta).toMatchObject({
      [editedMetaKey]: { ticketId: id, by: "ana", args: { path: "/srv/ledger/old" } },
    });
    const { timeline } = await fixture.core.journal.get(invocation.id);
    expect(timeline.find((step) => step.kind === "verdict")).toMatchObject({
      by: "ana",
      edited: { from: { path: "/srv/ledger" }, to: { path: "/srv/ledger/old" }, hash: approved.edited!.hash },
    });
    expect(timeline.filter((step) => step.kind === "decided")).toHaveLength(2);
  });

  it("that are the same are no change", async () => {
    await open();
    const call = wipe("/srv");
    expect((await fixture.core.desk.approve((await next()).id, "ana", { args: { path: "/srv" } })).edited).toBeNull();
    expect((await call).result!._meta).not.toHaveProperty([editedMetaKey]);
  });

  it.each([
    ["do not fit the tool's schema", { path: 5 }, "invalid_arguments"],
    ["the policy refuses", { path: "/etc/passwd" }, "policy_denied"],
    ["are larger than the server takes", { path: "/", junk: "x".repeat(2_000_000) }, "payload_too_large"],
    ["are no JSON", { path: "/\ud800" }, "invalid_arguments"],
  ])("and %s are told to the approver, and the call goes on waiting", async (_what, args, code) => {
    await open();
    const call = wipe("/srv");
    const { id } = await next();
    await expect(fixture.core.desk.approve(id, "ana", { args })).rejects.toThrow(expect.objectContaining({ code }));
    expect(fixture.core.approvals.get(id).state).toBe("pending");
    await fixture.core.desk.deny(id, "ana", "No.");
    expect((await call).error!.code).toBe("approval_denied");
  });

  it("are looked at by the path itself, whoever wrote them into the ticket", async () => {
    await open();
    const call = wipe("/srv");
    fixture.core.approvals.approve((await next()).id, "another process", { path: "/etc/passwd" });
    expect((await call).error!.code).toBe("policy_denied");
    const unfit = wipe("/srv");
    fixture.core.approvals.approve((await next()).id, "another process", { path: "" });
    expect((await unfit).error!.code).toBe("invalid_arguments");
    expect(await fixture.arrived("wipe")).toBe(0);
  });
});

describe("a grant", () => {
  it("for a time approves the tool's calls by that client, with its record in trace, ticket and timeline", async () => {
    await open();
    const given = await grant({ kind: "time", minutes: 15 });
    expect(given).toMatchObject({
      kind: "time",
      state: "active",
      by: "ana",
      client: "library",
      rule: "tools lab.wipe",
      uses: 0,
    });
    const { error, invocation } = await wipe("/tmp/other");
    expect(error).toBeNull();
    const [ticket] = fixture.core.approvals.list("resolved");
    const until = `granted by ana until ${new Date(given.expiresAt!).toISOString()}`;
    expect(ticket).toMatchObject({
      state: "approved",
      grantId: given.id,
      verdict: { by: expect.stringContaining("grant:"), reason: until },
    });
    const { timeline } = await fixture.core.journal.get(invocation.id);
    const decisions = timeline.filter((step) => step.kind === "decided");
    expect(decisions.at(-1)!.trace.at(-1)).toMatchObject({ step: "grant", outcome: "spoke", detail: until });
    expect(fixture.core.grants.get(given.id).uses).toBe(1);
    const preview = fixture.core.tools.preview({ server: "lab", tool: "wipe", args: { path: "/" }, client: "library" });
    expect(preview.decision!.trace.at(-1)).toMatchObject({ step: "grant", name: `grant ${given.id}` });
  });

  it.each<[string, object]>([
    ["another client", { client: "console" }],
    ["a caller who wants a person asked", { requireApproval: true }],
  ])("is not for %s", async (_who, more) => {
    await open();
    await grant({ kind: "session" });
    const call = wipe("/tmp/x", more);
    await fixture.core.desk.deny((await next()).id, "ana", "No.");
    expect((await call).error!.code).toBe("approval_denied");
  });

  it("is not for what another rule asks about, and never for what the policy refuses", async () => {
    const rule =
      "\n  - { name: keys, condition: { tool: lab.wipe, args_match: { path: '**.pem' } }, permission: REQUIRE_APPROVAL }\n";
    await open(asking + rule.slice(1));
    await grant({ kind: "session" });
    const call = wipe("/tmp/my.pem");
    await fixture.core.desk.deny((await next()).id, "ana", "No.");
    expect((await call).error!.code).toBe("approval_denied");
    expect((await wipe("/etc/passwd")).error!.code).toBe("policy_denied");
  });

  it("is not given where a floor asks, and does not loosen one that comes later", async () => {
    await open();
    await grant({ kind: "session" });
    const floor = "dangerous_patterns: [{ pattern: '*.wipe', permission: REQUIRE_APPROVAL, description: Dangerous }]\n";
    fixture.write(file, asking + floor);
    fixture.core.policy.reload();
    const call = wipe("/tmp/x");
    const { id } = await next();
    await expect(fixture.core.desk.approve(id, "ana", { grant: { kind: "session" } })).rejects.toThrow(
      /No grant can approve such calls/,
    );
    expect(fixture.core.approvals.get(id).state).toBe("pending");
    await fixture.core.desk.approve(id, "ana");
    expect((await call).error).toBeNull();
  });

  it("for a time outlives the process that it was given in", async () => {
    await open();
    const time = await grant({ kind: "time", minutes: 60 });
    await fixture.core.close();
    await fixture.start();
    expect(fixture.core.grants.get(time.id)).toMatchObject({ state: "active" });
    expect((await wipe("/tmp/y")).error).toBeNull();
  });
});

describe("a grant for always", () => {
  it("is a rule in the policy file, for the very arguments; every other line stays", async () => {
    await open();
    const { id } = await grant({ kind: "always" }, "/tmp/cache");
    expect(policyText().replace(/ {2}- name: always-[^]*?permission: ALWAYS\n/, "")).toBe(asking);
    const same = await wipe("/tmp/cache");
    expect(same.error).toBeNull();
    expect(same.invocation.rule).toBe(`context_rules[0] always-${id}`);
    expect(fixture.core.grants.get(id)).toMatchObject({ state: "active", args: { path: "/tmp/cache" } });
    for (const args of [{ path: "/tmp/cache2" }, { path: "/tmp/cache", force: true }]) {
      const other = fixture.call("wipe", args);
      await fixture.core.desk.deny((await next()).id, "ana", "No.");
      expect((await other).error!.code).toBe("approval_denied");
    }
  });

  it("that is revoked leaves the file, and holds no more where somebody puts the rule back", async () => {
    await open();
    const { id } = await grant({ kind: "always" });
    const withRule = policyText();
    fixture.core.grants.revoke(id, "ben", "Not any more.");
    expect(policyText()).toBe(asking);
    fixture.write(file, withRule);
    fixture.core.policy.reload();
    const call = wipe("/tmp/x");
    const { rule, trace } = await next();
    expect(rule).toBe(`grant ${id}`);
    expect(trace.at(-1)).toMatchObject({ outcome: "raised", detail: "ben revoked this grant" });
    await fixture.core.desk.deny((await next()).id, "ana", "No.");
    expect((await call).error!.code).toBe("approval_denied");
  });

  it("whose rule cannot be written approves the one call, says so, and grants nothing", async () => {
    await open();
    const call = wipe("/tmp/x");
    const { id } = await next();
    fixture.write(file, `${asking}unknown_key: 1\n`);
    await expect(fixture.core.desk.approve(id, "ana", { grant: { kind: "always" } })).rejects.toThrow(
      /was approved, but calls like it were not/,
    );
    expect(fixture.core.grants.list()).toMatchObject([{ state: "revoked", revoked: { by: "switchgear" } }]);
    fixture.write(file, asking);
    fixture.core.policy.reload();
    await call;
  });

  it("of arguments that no rule can name is refused before anything is approved", async () => {
    await open();
    const call = fixture.call("wipe", { path: "/tmp/x", "a.b": 1 });
    const { id } = await next();
    await expect(fixture.core.desk.approve(id, "ana", { grant: { kind: "always" } })).rejects.toThrow(
      /No rule can be made/,
    );
    expect(fixture.core.approvals.get(id).state).toBe("pending");
    await fixture.core.desk.deny(id, "ana", "No.");
    await call;
  });
});

describe("a verdict on many", () => {
  it("is given to each that still waits, and tells which others did not", async () => {
    await open();
    const paths = ["/a", "/b", "/c"];
    const calls = paths.map((path) => wipe(path));
    const [first, second, third] = await tickets(3);
    await fixture.core.desk.deny(second!.id, "ben", "Mine.");
    const ids = [first!.id, second!.id, third!.id, third!.id, "nobody"];
    const results = await fixture.core.desk.decideMany(ids, "ana", { kind: "approve" });
    expect(results).toMatchObject([
      { ok: true, ticket: { id: first!.id, state: "approved" } },
      {
        ok: false,
        id: second!.id,
        error: { code: "already_resolved", message: expect.stringContaining("ben") as string },
      },
      { ok: true, ticket: { id: third!.id } },
      { ok: false, id: "nobody", error: { code: "not_found" } },
    ]);
    // The calls may have come to wait in another order.
    const codes = (await Promise.all(calls)).map(({ error }) => error?.code);
    const { path: denied } = second!.args as { path: string };
    expect(codes).toEqual(paths.map((path) => (path === denied ? "approval_denied" : undefined)));
  });

  it("that denies gives everyone the reason", async () => {
    await open();
    const calls = ["/a", "/b"].map((path) => wipe(path));
    const ids = (await tickets(2)).map(({ id }) => id);
    await fixture.core.desk.decideMany(ids, "ana", { kind: "deny", reason: "Freeze." });
    for (const { error } of await Promise.all(calls)) expect(error!.message).toContain("Freeze.");
  });
});
