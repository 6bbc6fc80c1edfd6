import { describe, expect, it, vi } from "vitest";
import { askingPolicy, type Machine } from "./fixtures/team.ts";
import { SharedScene, soon } from "./fixtures/shared-scene.ts";

const scene = SharedScene.use();
const files = {
  "policies/mcp_permissions.yaml": `${askingPolicy}approval: { escalation: { escalate_after_minutes: 15, escalate_to: [] } }\n`,
};
const machine = () => scene.machine(files);

/** A call that has waited for hours already. */
async function waitedLong(gateway: Machine, more = "") {
  const gaveUp = new AbortController();
  const call = gateway.call("echo", { message: "may I?" }, {}, { signal: gaveUp.signal });
  const { id } = await scene.waitingAt(gateway);
  await touch(`requested_at = requested_at - 36000000${more}`);
  return { id, giveUp: async () => (gaveUp.abort(), await call) };
}
const touch = (set: string) =>
  scene.run(
    `UPDATE switchgear.tickets SET ${set}, revision = nextval('switchgear.revisions'); SELECT pg_notify('switchgear', '')`,
  );
const alertsOf = ({ core }: Machine) => core.alerting.alerts.list().map(({ cause }) => cause);
const isMarked = () => scene.count("SELECT 1 FROM switchgear.tickets WHERE escalated_at IS NOT NULL");

describe("a ticket that nobody answers on any machine", { timeout: 120_000 }, () => {
  it("is told of by one of them, and marked once that one has the alert on its disk", async () => {
    const machines = [await machine(), await machine()];
    const { id, giveUp } = await waitedLong(machines[0]!);
    await vi.waitFor(async () => expect(await isMarked()).toBe(1), soon);
    expect(machines.flatMap(alertsOf)).toMatchObject([{ kind: "escalation", ticketId: id, tool: "echo" }]);
    await giveUp();
  });

  it("is left to another once the claim of one that has died before it could tell is over", async () => {
    const [gateway, console] = [await machine(), await machine()];
    const { giveUp } = await waitedLong(gateway, `, escalating = 'dead', escalating_until = requested_at + 10000`);
    await vi.waitFor(async () => expect(await isMarked()).toBe(1), soon);
    expect([gateway, console].flatMap(alertsOf)).toHaveLength(1);
    expect(await scene.count(`SELECT 1 FROM switchgear.tickets WHERE escalated_at > requested_at + 36010000`)).toBe(1);
    await giveUp();
  });

  it("is not told of twice by a machine that has told of it and died before it could say so", async () => {
    const gateway = await machine();
    const { giveUp } = await waitedLong(gateway);
    await vi.waitFor(async () => expect(await isMarked()).toBe(1), soon);
    await touch("escalated_at = NULL, escalating_until = 0");
    await vi.waitFor(async () => expect(await isMarked()).toBe(1), soon);
    expect(alertsOf(gateway)).toHaveLength(1);
    await giveUp();
  });
});
