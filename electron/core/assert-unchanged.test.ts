import { afterEach, describe, expect, it, vi } from "vitest";
import type { Ticket } from "../../shared/approval.ts";
import { CoreFixture, labServer } from "./fixtures/core-fixture.ts";

let fixture: CoreFixture;
const file = "policies/mcp_permissions.yaml";
const eventually = (check: () => unknown) => vi.waitFor(check, { timeout: 10_000, interval: 20 });

async function nextTicket(): Promise<Ticket> {
  await eventually(() => expect(fixture.core.approvals.pendingCount()).toBe(1));
  return fixture.core.approvals.list("pending")[0]!;
}

function setPolicy(text: string): void {
  fixture.write(file, text);
  fixture.core.policy.reload();
}

afterEach(async () => fixture[Symbol.asyncDispose]());

describe("what was approved is not sent", () => {
  it("where the tool's definition changed while the person thought", async () => {
    const asksLibrary =
      "default_permission: ALWAYS\ncontext_rules:\n  - { name: ask, condition: { client: library, tool: lab.change-description }, permission: REQUIRE_APPROVAL }\n";
    fixture = await CoreFixture.open({ [file]: asksLibrary });
    const call = fixture.call("change-description");
    const ticket = await nextTicket();
    const before = fixture.core.servers.connection("lab").tool("change-description");
    await fixture.call("change-description", {}, { client: "console" });
    await eventually(() =>
      expect(fixture.core.servers.connection("lab").tool("change-description")).not.toEqual(before),
    );
    fixture.core.approvals.approve(ticket.id, "console");
    expect((await call).error).toMatchObject({ code: "policy_changed", ticketId: ticket.id });
    expect(await fixture.arrived("change-description")).toBe(1);
    expect(fixture.core.approvals.get(ticket.id).executedAt).toBeNull();
  });

  it("where the server's file changed, as it may be another server now; the circuit does not count it", async () => {
    fixture = await CoreFixture.open({ [file]: "default_permission: REQUIRE_APPROVAL\n" });
    const call = fixture.call("wipe", { path: "/" });
    const ticket = await nextTicket();
    const before = fixture.core.servers.connection("lab");
    fixture.write("servers/lab.yaml", labServer.replace("timeout: 5000", "timeout: 6000"));
    await eventually(() => expect(fixture.core.servers.connection("lab")).not.toBe(before));
    fixture.core.approvals.approve(ticket.id, "console");
    const { error, invocation } = await call;
    expect(error!.code).toBe("policy_changed");
    expect(invocation).toMatchObject({ outcome: "refused", attempts: 0 });
    expect(fixture.core.circuits.view("lab", null).state).toEqual({ kind: "closed", failures: 0 });
  });
});

describe("a call on its way", () => {
  it.each([
    ["says NEVER", "default_permission: NEVER\n", "policy_changed"],
    ["is invalid", "default_permission: PERHAPS\n", "policy_invalid"],
  ])("is not sent again where the policy now %s", async (_what, text, code) => {
    fixture = await CoreFixture.open();
    const call = fixture.call("unavailable", { retryAfterSeconds: 1 });
    await eventually(async () => expect(await fixture.arrived("unavailable")).toBe(1));
    setPolicy(text);
    expect((await call).error!.code).toBe(code);
    setPolicy("default_permission: ALWAYS\n");
    expect(await fixture.arrived("unavailable")).toBe(1);
  });
});
