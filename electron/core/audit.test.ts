/** What the parts of a whole core leave in the audit chain. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { AuditRecord } from "../../shared/audit.ts";
import { CoreFixture } from "./fixtures/core-fixture.ts";
import { checkChain } from "./journal/audit-check.ts";
import { openDatabase } from "./journal/database.ts";

let fixture: CoreFixture;
afterEach(() => fixture[Symbol.asyncDispose]());

/** Oldest first, without what is recorded at start and of a server's first list. */
const recorded = (): AuditRecord[] =>
  fixture.core.audit
    .list({}, null, 100)
    .records.toReversed()
    .slice(1)
    .filter(({ by }) => by !== "first list");
const check = () => checkChain([fixture.core.audit.stored(0, 1_000)], fixture.core.audit.seals());
/** Makes the journal refuse to be written, as a full disk does. */
function fillDisk(): () => void {
  const { database } = openDatabase(fixture.core.status().journal.file, fixture.core.clock);
  database.exec("BEGIN IMMEDIATE");
  return () => database.exec("ROLLBACK");
}

const withVault = { MAGSAG_MCP_ENABLED: "true", SWITCHGEAR_VAULT_KEY: "a long passphrase for tests" };
const asking = "default_permission: REQUIRE_APPROVAL\n";

describe("the audit chain", () => {
  it("holds every decision, in the transaction that records its call", async () => {
    fixture = await CoreFixture.open({
      "policies/mcp_permissions.yaml": "default_permission: ALWAYS\ntools: { lab.wipe: { permission: NEVER } }\n",
    });
    await fixture.call("echo", { message: "hello" }, { client: "cursor" });
    await fixture.call("wipe", {}, { client: "cursor" });
    await fixture.core.journal.flush();
    expect(recorded()).toMatchObject([
      { kind: "decision", by: "cursor", subject: "lab.echo", detail: { level: "ALWAYS", environment: "production" } },
      { kind: "decision", by: "cursor", subject: "lab.wipe", detail: { level: "NEVER", rule: "tools lab.wipe" } },
    ]);
    expect((await check()).fault).toBeNull();
  });

  it("holds each verdict and the use of each approval before the call is sent", async () => {
    fixture = await CoreFixture.open({ "policies/mcp_permissions.yaml": asking });
    fixture.core.events.on("ticket.changed", ({ id, state }) => {
      if (state === "pending") fixture.core.approvals.approve(id, "ana");
    });
    const { result } = await fixture.call("echo", { message: "hello" });
    expect(result?.isError).not.toBe(true);
    const acts = recorded().filter(({ kind }) => kind !== "decision");
    expect(acts).toMatchObject([
      { kind: "verdict", by: "ana", subject: "lab.echo", detail: { state: "approved" } },
      { kind: "approval.used", by: "ana", subject: "lab.echo" },
    ]);
  });

  it("holds a denial with its reason, and says who let a call expire", async () => {
    fixture = await CoreFixture.open({ "policies/mcp_permissions.yaml": asking });
    const denying = fixture.core.events.on("ticket.changed", ({ id, state }) => {
      if (state === "pending") fixture.core.approvals.deny(id, "ben", "not today");
    });
    await fixture.call("echo", { message: "hello" });
    denying[Symbol.dispose]();
    await fixture.call("echo", { message: "hello" }, {}, { approvalTimeoutMs: 1 });
    const verdicts = recorded().filter(({ kind }) => kind === "verdict");
    expect(verdicts).toMatchObject([
      { by: "ben", detail: { state: "denied", reason: "not today" } },
      { by: "switchgear", detail: { state: "expired" } },
    ]);
  });

  it("holds the switch, the settings and the orders to circuits, with who and why", async () => {
    fixture = await CoreFixture.open({}, {});
    const { settings, circuits } = fixture.core;
    settings.set({ mcpEnabled: true, theme: "dark" }, "ana");
    settings.set({ mcpEnabled: true, theme: "dark" }, "ana");
    for (const action of ["trip", "probe", "reset"] as const)
      circuits[action]("lab", null, { who: "ben", why: "drill" });
    expect(recorded()).toMatchObject([
      { kind: "setting", by: "ana", subject: "theme", detail: { from: "system", to: "dark" } },
      { kind: "switch", by: "ana", subject: "mcpEnabled", detail: { from: false, to: true } },
      { kind: "circuit.trip", by: "ben", subject: "lab", detail: { why: "drill", from: "closed" } },
      { kind: "circuit.probe", by: "ben", subject: "lab", detail: { from: "open" } },
      { kind: "circuit.reset", by: "ben", subject: "lab", detail: { from: "half-open" } },
    ]);
  });

  it("holds each turn of a server's switch, and refuses to switch on what it cannot hold", async () => {
    fixture = await CoreFixture.open();
    const { serverSwitch, servers } = fixture.core;
    await serverSwitch.set("lab", false, "ana");
    await serverSwitch.set("lab", false, "ana");
    expect(servers.list()).toMatchObject([{ id: "lab", enabled: false }]);
    await serverSwitch.set("lab", true, "ben");
    const file = join(fixture.folder, "catalog/servers/lab.yaml");
    const mend = fillDisk();
    await serverSwitch.set("lab", false, "ana");
    const off = readFileSync(file, "utf8");
    await expect(serverSwitch.set("lab", true, "ana")).rejects.toMatchObject({ code: "journal_unavailable" });
    expect(readFileSync(file, "utf8")).toBe(off);
    mend();
    await fixture.call("echo", { message: "hello" });
    await fixture.core.journal.flush();
    expect(recorded().filter(({ kind }) => kind === "switch")).toMatchObject([
      { by: "ana", subject: "lab", detail: { from: true, to: false } },
      { by: "ben", subject: "lab", detail: { from: false, to: true } },
      { by: "ana", subject: "lab", detail: { from: true, to: false } },
    ]);
  });

  it("holds what was done to secrets, with who and for which servers, and never a value", async () => {
    fixture = await CoreFixture.open({}, withVault);
    const { vault } = fixture.core;
    await vault.set("github", "ghp_0123456789", { servers: ["lab"], by: "console" });
    await vault.set("github", "ghp_9876543210", { by: "console" });
    await vault.bind("github", ["lab", "other"], "console");
    await vault.remove("github", "terminal");
    await expect(vault.remove("github", "terminal")).rejects.toMatchObject({ code: "not_found" });
    expect(recorded()).toMatchObject([
      { kind: "secret.set", by: "console", subject: "github", detail: { servers: ["lab"], replaced: false } },
      { kind: "secret.set", by: "console", subject: "github", detail: { servers: ["lab"], replaced: true } },
      { kind: "secret.bound", by: "console", subject: "github", detail: { from: ["lab"], to: ["lab", "other"] } },
      { kind: "secret.removed", by: "terminal", subject: "github", detail: { servers: ["lab", "other"] } },
    ]);
    expect(JSON.stringify(recorded())).not.toMatch(/ghp_/);
    expect((await check()).fault).toBeNull();
  });

  it("holds who may come over HTTP, and who no longer may", async () => {
    fixture = await CoreFixture.open();
    const { token, access } = fixture.core.access.create("approvals-api", "phone", "console");
    await fixture.core.access.revoke(access.id, "console");
    await fixture.core.access.revoke(access.id, "console");
    expect(recorded()).toMatchObject([
      { kind: "client.made", by: "console", subject: "phone", detail: { area: "approvals-api" } },
      { kind: "client.revoked", by: "console", subject: "phone" },
    ]);
    expect(JSON.stringify(recorded())).not.toContain(token);
  });

  it("holds the policy file's hash, and what was changed in it", async () => {
    fixture = await CoreFixture.open();
    const first = fixture.core.audit.latest("policy.changed");
    expect(first).toMatchObject({ detail: { state: "valid", changes: null } });
    await fixture.core.policy.ready();
    writeFileSync(fixture.policyFile, `${asking}tools: { "lab.*": { permission: NEVER } }\n`);
    await vi.waitUntil(() => fixture.core.audit.latest("policy.changed")?.seq !== first!.seq, { timeout: 10_000 });
    expect(fixture.core.audit.latest("policy.changed")).toMatchObject({
      subject: fixture.policyFile,
      detail: {
        ...{ state: "valid", hash: expect.stringMatching(/^[0-9a-f]{64}$/), problems: [] },
        changes: [
          "line 1:",
          "-default_permission: ALWAYS",
          "+default_permission: REQUIRE_APPROVAL",
          '+tools: { "lab.*": { permission: NEVER } }',
        ],
      },
    });
  });

  it("tells of a policy that was changed while nobody watched, and says nothing where it was not", async () => {
    fixture = await CoreFixture.open();
    await fixture.core.close();
    await fixture.start();
    expect(fixture.core.audit.latest()?.seq).toBe(1);
    await fixture.core.close();
    writeFileSync(fixture.policyFile, "default_permission: SOMETIMES\n");
    await fixture.start();
    expect(fixture.core.audit.latest()).toMatchObject({
      ...{ seq: 2, kind: "policy.changed" },
      detail: { state: "invalid", problems: [expect.stringContaining("SOMETIMES")] },
    });
  });
});

describe("a policy that says log_all_invocations: false", () => {
  it("keeps the record of a call and drops its payload", async () => {
    fixture = await CoreFixture.open({
      "policies/mcp_permissions.yaml": "default_permission: ALWAYS\naudit: { log_all_invocations: false }\n",
    });
    const { invocation, result } = await fixture.call("echo", { message: "of no one's business" });
    expect(JSON.stringify(result)).toContain("of no one's business");
    const detail = await fixture.core.journal.get(invocation.id);
    expect(detail.invocation).toMatchObject({ outcome: "ok", tool: "echo", level: "ALWAYS" });
    expect(detail.timeline[0]).toMatchObject({ kind: "received", args: null, withheld: true });
    expect(JSON.stringify(detail)).not.toContain("business");
    expect(recorded()).toMatchObject([{ kind: "decision", subject: "lab.echo" }]);
  });
});

describe("where nothing can be recorded", () => {
  it("verdicts, settings and orders to circuits are refused in words, and nothing of them happens", async () => {
    fixture = await CoreFixture.open({ "policies/mcp_permissions.yaml": asking });
    const { settings, circuits, approvals } = fixture.core;
    const call = fixture.call("echo", { message: "hello" });
    const ticket = await vi.waitUntil(() => approvals.list("pending")[0], { timeout: 10_000 });
    const mend = fillDisk();
    const unavailable = expect.objectContaining({ code: "journal_unavailable", hint: expect.any(String) });
    expect(() => settings.set({ environment: "staging" })).toThrow(unavailable);
    expect(() => circuits.reset("lab", null, { who: "ana", why: "drill" })).toThrow(unavailable);
    expect(() => approvals.approve(ticket.id, "ana")).toThrow(unavailable);
    mend();
    expect(settings.environment).toBe("production");
    expect(circuits.view("lab", null).transitions).toEqual([]);
    expect(approvals.get(ticket.id).state).toBe("pending");
    approvals.deny(ticket.id, "ana", "done");
    expect((await call).error?.code).toBe("approval_denied");
  });

  it("no secret is set, bound or removed", async () => {
    fixture = await CoreFixture.open({}, withVault);
    const { vault } = fixture.core;
    await vault.set("github", "ghp_0123456789", { servers: ["lab"] });
    const before = readFileSync(vault.file, "utf8");
    const emptyDisk = fillDisk();
    for (const act of [vault.set("github", "ghp_9"), vault.bind("github", []), vault.remove("github")]) {
      await expect(act).rejects.toMatchObject({ code: "journal_unavailable" });
    }
    emptyDisk();
    expect(readFileSync(vault.file, "utf8")).toBe(before);
  });

  it("switching off still works, and is recorded as soon as it can be", async () => {
    fixture = await CoreFixture.open({}, {});
    const { settings, audit } = fixture.core;
    settings.set({ mcpEnabled: true });
    const mend = fillDisk();
    expect(settings.set({ mcpEnabled: false }, "ana").mcpEnabled.value).toBe(false);
    mend();
    await fixture.call("echo", { message: "hello" });
    await fixture.core.journal.flush();
    expect(audit.latest("switch")).toMatchObject({ by: "ana", detail: { to: false } });
  });
});
