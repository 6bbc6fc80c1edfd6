import { afterEach, describe, expect, it, vi } from "vitest";
import { CoreFixture } from "../fixtures/core-fixture.ts";
import { ClientManager } from "./client-manager.ts";
import { textOf } from "./fixtures/servers.ts";
import { callTool, mcpTool } from "./mcp-tool.ts";

let fixture: CoreFixture;
const policy = (text: string) => ({ "policies/mcp_permissions.yaml": text });
const open = async (text: string, env?: Record<string, string>) => {
  fixture = await CoreFixture.open(policy(text), env);
  return new ClientManager({ core: fixture.core });
};
const nextTicket = async () => {
  await vi.waitFor(() => expect(fixture.core.approvals.pendingCount()).toBe(1), { timeout: 5000 });
  return fixture.core.approvals.list("pending")[0]!;
};

afterEach(() => fixture[Symbol.asyncDispose]());

describe("a manager with a core", () => {
  it("calls as the client `library`, and the journal has it", async () => {
    const manager = await open("default_permission: ALWAYS\n");
    expect(textOf(await manager.call("lab", "echo", { message: "hello" }))).toBe("hello");
    const { rows } = await fixture.core.journal.list({}, null, 10);
    expect(rows[0]).toMatchObject({ client: "library", tool: "echo", outcome: "ok" });
  });

  it("is refused what the policy refuses", async () => {
    const manager = await open("default_permission: ALWAYS\ntools:\n  lab.wipe: { permission: NEVER }\n");
    await expect(manager.call("lab", "wipe", { path: "/" })).rejects.toMatchObject({ code: "policy_denied" });
  });

  it("waits for the person whom the policy asks for, and hears a no with its reason", async () => {
    const manager = await open("default_permission: REQUIRE_APPROVAL\n");
    const call = manager.call("lab", "wipe", { path: "/" });
    call.catch(() => {});
    fixture.core.approvals.deny((await nextTicket()).id, "console", "Not on a Friday");
    await expect(call).rejects.toMatchObject({ code: "approval_denied", message: expect.stringContaining("Friday") });
  });

  it("has a person asked where the caller wants that, though the policy says ALWAYS", async () => {
    const manager = await open("default_permission: ALWAYS\n");
    const wipe = mcpTool({ server: "lab", tool: "wipe", requireApproval: true, manager })(async (path: string) =>
      textOf(await callTool({ path })),
    );
    const call = wipe("/tmp/x");
    const ticket = await nextTicket();
    fixture.core.approvals.approve(ticket.id, "console");
    expect(await call).toContain("Pretended to delete /tmp/x");
    const { invocation, timeline } = await fixture.core.journal.get(ticket.invocationId);
    expect(invocation).toMatchObject({ level: "REQUIRE_APPROVAL", rule: "requireApproval" });
    const decided = timeline.find(({ kind }) => kind === "decided") as { trace: object[] };
    expect(decided.trace.at(-1)).toMatchObject({ step: "caller", outcome: "raised", level: "REQUIRE_APPROVAL" });
    expect(ticket.trace.at(-1)).toMatchObject({ step: "caller" });
  });

  it("has a person asked, and not the policy's automatic approval", async () => {
    const automatic = "approval: { auto_approve_enabled: true, auto_approve_patterns: [lab.*] }\n";
    const manager = await open(`default_permission: REQUIRE_APPROVAL\n${automatic}`);
    expect(textOf(await manager.call("lab", "echo", { message: "by itself" }))).toBe("by itself");
    const asked = manager.call("lab", "echo", { message: "asked" }, { requireApproval: true });
    fixture.core.approvals.approve((await nextTicket()).id, "console");
    expect(textOf(await asked)).toBe("asked");
  });

  it("never loosens a NEVER by asking", async () => {
    const manager = await open("default_permission: NEVER\n");
    const call = manager.call("lab", "echo", {}, { requireApproval: true });
    await expect(call).rejects.toMatchObject({ code: "policy_denied" });
  });

  it("is bound by its own time limit and attempts", async () => {
    const manager = await open("default_permission: ALWAYS\n");
    await manager.call("lab", "echo");
    const slow = manager.call("lab", "slow", { ms: 60_000 }, { timeout: 300, retryAttempts: 1 });
    await expect(slow).rejects.toMatchObject({ code: "timeout" });
    const { rows } = await fixture.core.journal.list({}, null, 10);
    expect(rows[0]).toMatchObject({ outcome: "timeout", attempts: 1 });
  });

  it("is governed by the same switch", async () => {
    const manager = await open("default_permission: ALWAYS\n", { MAGSAG_MCP_ENABLED: "false" });
    await expect(manager.call("lab", "echo")).rejects.toMatchObject({ code: "mcp_disabled" });
  });

  it("takes no credentials from callers: sessions are the core's", async () => {
    const manager = await open("default_permission: ALWAYS\n");
    const call = manager.call("lab", "echo", {}, { auth: { authEnvVar: "TOKEN" } });
    await expect(call).rejects.toMatchObject({ code: "config_invalid" });
    expect(() => manager.getCircuitState("lab")).toThrow(/core/);
  });
});
