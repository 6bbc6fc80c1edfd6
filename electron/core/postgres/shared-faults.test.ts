import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { asking, brief, SharedScene, soon } from "./fixtures/shared-scene.ts";
import { Wire } from "./fixtures/wire.ts";

const scene = SharedScene.use();

describe("the connection to the shared database", { timeout: 120_000 }, () => {
  it("is opened anew where it was cut off, and a verdict that was given meanwhile is heard", async () => {
    const wire = await Wire.to(scene.postgres.port);
    await using _wire = wire;
    const [gateway, console] = [await scene.machine(asking, scene.urlBy(wire.port)), await scene.machine(asking)];
    const call = gateway.call("echo", { message: "may I?" });
    const { id } = await scene.askedBy(gateway, console);
    wire.cut();
    await console.core.desk.approve(id, "ana");
    await vi.waitFor(() => expect(gateway.core.status().journal.state).toBe("unavailable"), soon);
    wire.mend();
    expect((await call).error).toBeNull();
    await vi.waitFor(async () => expect((await console.core.approvals.get(id)).executedAt).not.toBeNull(), soon);
  });

  it("that is cut off while its machine changes something leaves the turn to others, before they give up", async () => {
    const wire = await Wire.to(scene.postgres.port);
    await using _wire = wire;
    const [cutOff, other] = [await scene.link("cut off", scene.urlBy(wire.port)), await scene.link("other")];
    let lost: Promise<void>;
    await new Promise<void>((hasTurn) => {
      lost = cutOff.inTurn(async ({ query }) => {
        wire.cut();
        hasTurn();
        await query("SELECT 1");
      });
    });
    await Promise.all([
      expect(lost!).rejects.toMatchObject({ code: "journal_unavailable" }),
      expect(other.inTurn(async () => "done")).resolves.toBe("done"),
    ]);
  });

  it("that all lose for long, as the database was away, costs no call that waits: whoever is back first gives the others time", async () => {
    const wire = await Wire.to(scene.postgres.port);
    await using _wire = wire;
    const [gateway, console] = [await scene.machine(asking, scene.urlBy(wire.port)), await scene.machine(asking)];
    const call = gateway.call("echo", { message: "may I?" });
    const { id } = await scene.askedBy(gateway, console);
    wire.cut();
    await scene.postgres.stop();
    await vi.waitFor(() => expect(console.core.status().journal.state).toBe("unavailable"), soon);
    await scene.postgres.start();
    await scene.run("UPDATE switchgear.instances SET seen_at = 0");
    await vi.waitFor(() => expect(console.core.status().journal.state).toBe("ready"), soon);
    expect(await console.core.desk.approve(id, "ana")).toMatchObject({ state: "approved" });
    wire.mend();
    expect((await call).error).toBeNull();
  });

  it("that one machine loses and finds again leaves it in doubt whether others are gone, for as long as they have to come back", async () => {
    const wire = await Wire.to(scene.postgres.port);
    await using _wire = wire;
    const link = await scene.link("away", scene.urlBy(wire.port), 10_000);
    expect(link.patienceMs).toBe(10_000);
    wire.cut();
    await vi.waitFor(() => expect(link.unavailable).not.toBeNull(), soon);
    wire.mend();
    await vi.waitFor(() => expect(link.unavailable).toBeNull(), soon);
    expect(link.patienceMs).toBe(Infinity);
  });

  it("that carries nothing any more counts as away, until it carries something again", async () => {
    const wire = await Wire.to(scene.postgres.port);
    await using _wire = wire;
    const gateway = await scene.machine(asking, scene.urlBy(wire.port));
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
    const [gateway, console] = [await scene.machine(asking), await scene.machine(asking)];
    const call = gateway.call("echo", { message: "1" });
    const { id } = await scene.waitingAt(gateway);
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
    const [gateway, console] = [await scene.machine(asking), await scene.machine(asking)];
    const call = gateway.call("echo", { message: "1" });
    const { id } = await scene.waitingAt(console);
    await scene.run("UPDATE switchgear.instances SET host = 'ops-2'");
    await expect(console.core.desk.approve(id, "ana", { grant: { kind: "always" } })).rejects.toMatchObject({
      code: "bad_request",
      message: expect.stringContaining("ops-2"),
    });
    expect((await console.core.approvals.get(id)).state).toBe("pending");
    await console.core.desk.approve(id, "ana");
    expect((await call).error).toBeNull();
  });
});
