import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Ticket } from "../../../shared/approval.ts";
import { PostgresServer } from "./fixtures/postgres-server.ts";
import { askingPolicy, openMachine, type Machine } from "./fixtures/team.ts";
import { Wire } from "./fixtures/wire.ts";

const soon = { timeout: 40_000, interval: 50 };
const brief = { approvalTimeoutMs: 200 };

let postgres: PostgresServer;
let url: string;
let opened: Machine[];

beforeAll(async () => {
  postgres = await PostgresServer.start();
}, 60_000);
afterAll(async () => postgres?.[Symbol.asyncDispose]());
beforeEach(async () => {
  url = await postgres.database();
  opened = [];
});
afterEach(async () => {
  for (const each of opened) await each[Symbol.asyncDispose]();
}, 60_000);

async function machine(at = url): Promise<Machine> {
  const fixture = await openMachine(at, { "policies/mcp_permissions.yaml": askingPolicy });
  opened.push(fixture);
  return fixture;
}
const waitingAt = async ({ core }: Machine): Promise<Ticket> =>
  vi.waitFor(async () => {
    const [ticket] = await core.approvals.list("pending");
    return ticket ?? expect.fail("no call waits");
  }, soon);

describe("the connection to the shared database", { timeout: 120_000 }, () => {
  it("is opened anew where it was cut off, and a verdict that was given meanwhile is heard", async () => {
    const wire = await Wire.to(postgres.port);
    await using _wire = wire;
    const [gateway, console] = [await machine(url.replace(`:${postgres.port}/`, `:${wire.port}/`)), await machine()];
    const call = gateway.call("echo", { message: "may I?" });
    const { id } = await waitingAt(console);
    wire.cut();
    await console.core.desk.approve(id, "ana");
    await vi.waitFor(() => expect(gateway.core.status().journal.state).toBe("unavailable"), soon);
    wire.mend();
    expect((await call).error).toBeNull();
    await vi.waitFor(async () => expect((await console.core.approvals.get(id)).executedAt).not.toBeNull(), soon);
  });

  it("that carries nothing any more counts as away, until it carries something again", async () => {
    const wire = await Wire.to(postgres.port);
    await using _wire = wire;
    const gateway = await machine(url.replace(`:${postgres.port}/`, `:${wire.port}/`));
    expect(gateway.core.status().journal.state).toBe("ready");
    wire.cut();
    await vi.waitFor(() => expect(gateway.core.status().journal.state).toBe("unavailable"), soon);
    expect((await gateway.call("echo", { message: "x" })).error).toMatchObject({ code: "journal_unavailable" });
    wire.mend();
    await vi.waitFor(() => expect(gateway.core.status().journal.state).toBe("ready"), soon);
  });
});

describe("a grant for always", { timeout: 60_000 }, () => {
  it("is a rule of the machine that the call came through, and approves nothing once another takes it back", async () => {
    const [gateway, console] = [await machine(), await machine()];
    const call = gateway.call("echo", { message: "1" });
    const { id } = await waitingAt(gateway);
    await gateway.core.desk.approve(id, "ana", { grant: { kind: "always" } });
    expect((await call).error).toBeNull();
    const policy = () => readFileSync(join(gateway.folder, "catalog/policies/mcp_permissions.yaml"), "utf8");
    expect(policy()).toContain("always-");
    const again = () => gateway.call("echo", { message: "1" }, {}, brief);
    await vi.waitFor(async () => expect((await again()).error).toBeNull(), soon);
    const [grant] = await console.core.grants.list();
    expect(grant).toMatchObject({ kind: "always", state: "active" });
    await console.core.grants.revoke(grant!.id, "ben", "Enough.");
    expect((await again()).error).not.toBeNull();
    expect((await again()).error).toMatchObject({ code: "approval_expired" });
  });

  it("is refused for a call that waits on another machine, by that machine's name, and the call is still waiting", async () => {
    const [gateway, console] = [await machine(), await machine()];
    const call = gateway.call("echo", { message: "1" });
    const { id } = await waitingAt(console);
    await postgres.run(url, "UPDATE switchgear.instances SET host = 'ops-2'");
    await expect(console.core.desk.approve(id, "ana", { grant: { kind: "always" } })).rejects.toMatchObject({
      code: "bad_request",
      message: expect.stringContaining("ops-2"),
    });
    expect((await console.core.approvals.get(id)).state).toBe("pending");
    await console.core.desk.approve(id, "ana");
    expect((await call).error).toBeNull();
  });
});
