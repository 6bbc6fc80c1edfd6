/** Clients that wait for a person, with a clock that moves when told to. */
import { describe, expect, it, vi } from "vitest";
import { FakeClock } from "../fake-clock.ts";
import { GatewayFixture } from "./fixtures/gateway-fixture.ts";

const textOf = (result: unknown) => (result as { content: { text: string }[] }).content[0]!.text;
const wipe = { name: "lab__wipe", arguments: { path: "/a" } };

const patienceMs = 45_000;

async function open(more: { coreClock?: FakeClock } = {}) {
  const clock = new FakeClock();
  const schedule = vi.spyOn(clock, "schedule");
  const fixture = await GatewayFixture.open(undefined, { clock, ...more });
  /** Lets the time run out for which a client is held, the nth time that one is. */
  const outlast = async (nth = 1) => {
    await vi.waitFor(() => expect(schedule.mock.calls.filter(([ms]) => ms === patienceMs)).toHaveLength(nth));
    await clock.advance(patienceMs);
  };
  return { clock, outlast, fixture };
}

describe("a newer client", () => {
  it("is sent away with a state while a person is asked, comes back with it, and is answered once", async () => {
    const { outlast, fixture: opened } = await open();
    await using fixture = opened;
    let rounds = 0;
    const client = await fixture.newer();
    const call = client.callTool(wipe, { onprogress: ({ message }) => (rounds += Number(message?.includes("round"))) });
    const ticket = await fixture.waiting();
    for (const round of [1, 2]) {
      await outlast(round);
      await vi.waitFor(() => expect(rounds).toBe(round));
    }
    fixture.core.core.approvals.approve(ticket.id, "console");
    expect(textOf(await call)).toContain("Wipe number 1.");
    expect(fixture.core.core.approvals.get(ticket.id).executedAt).not.toBeNull();
    expect(await fixture.core.arrived("wipe")).toBe(1);
  });

  it("gets what was decided while it was away, and nothing runs before it is back", async () => {
    const { clock, outlast, fixture: opened } = await open();
    await using fixture = opened;
    const client = await fixture.newer({ inputRequired: { autoFulfill: false } });
    const first = client.callTool(wipe, { allowInputRequired: true });
    const ticket = await fixture.waiting();
    let left: { requestState?: string } | undefined;
    void first.then((answer) => (left = answer as never));
    await outlast();
    await vi.waitFor(() => expect(left).toMatchObject({ resultType: "input_required" }));
    fixture.core.core.approvals.approve(ticket.id, "console");
    await clock.advance(1_000);
    expect(fixture.core.core.approvals.get(ticket.id).executedAt).toBeNull();
    const again = await client.callTool({ ...wipe, requestState: left!.requestState } as never);
    expect(textOf(again)).toContain("Wipe number 1.");
  });

  it("does not come back: the call is taken back", async () => {
    const { clock, outlast, fixture: opened } = await open();
    await using fixture = opened;
    const client = await fixture.newer({ inputRequired: { autoFulfill: false } });
    let left: unknown;
    void client.callTool(wipe, { allowInputRequired: true }).then((answer) => (left = answer));
    const ticket = await fixture.waiting();
    await outlast();
    await vi.waitFor(() => expect(left).toBeDefined());
    await clock.advance(30_000);
    await vi.waitFor(() => expect(fixture.core.core.approvals.get(ticket.id).state).toBe("cancelled"));
  });

  it("cannot come back with a state that another was given, or that it made up", async () => {
    const { outlast, fixture: opened } = await open();
    await using fixture = opened;
    const client = await fixture.newer({ inputRequired: { autoFulfill: false } });
    let left: { requestState?: string } | undefined;
    void client.callTool(wipe, { allowInputRequired: true }).then((answer) => (left = answer as never));
    await fixture.waiting();
    await outlast();
    await vi.waitFor(() => expect(left).toBeDefined());
    const other = await fixture.newer({}, fixture.core.core.access.create("gateway", "zed", "console").token);
    const withState = (requestState: string) => ({ ...wipe, requestState }) as never;
    await expect(other.callTool(withState(left!.requestState!))).rejects.toMatchObject({ code: -32_602 });
    await expect(client.callTool(withState("v1.e30.AAAA"))).rejects.toMatchObject({ code: -32_602 });
    expect(fixture.core.core.approvals.list("pending")).toHaveLength(1);
  });
});

describe("an older client", () => {
  it("that asked for progress is held, and hears every 10 s that it still waits", async () => {
    const coreClock = new FakeClock();
    const { clock, fixture: opened } = await open({ coreClock });
    await using fixture = opened;
    const heard: { progress: number; message?: string }[] = [];
    const client = await fixture.older();
    const call = client.callTool(wipe, undefined, { onprogress: (progress) => void heard.push(progress) });
    const ticket = await fixture.waiting();
    await vi.waitFor(() => expect(heard).toHaveLength(1));
    for (let n = 2; n <= 20; n++) {
      await Promise.all([clock.advance(10_000), coreClock.advance(10_000)]);
      await vi.waitFor(() => expect(heard).toHaveLength(n));
    }
    expect(heard.every(({ message }) => message!.includes(ticket.id))).toBe(true);
    const progress = heard.map((each) => each.progress);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    fixture.core.core.approvals.approve(ticket.id, "console");
    expect(textOf(await call)).toContain("Wipe number 1.");
    // What is left looks at tokens, and keeps alive the stream on which the client listens.
    expect(clock.pending).toBe(2);
  });

  it("that asked for none is told approval_pending, and the same call runs once after approval", async () => {
    const { clock, outlast, fixture: opened } = await open();
    await using fixture = opened;
    const client = await fixture.older();
    let told: unknown;
    void client.callTool(wipe).then((answer) => (told = answer));
    const ticket = await fixture.waiting();
    await outlast();
    await vi.waitFor(() => expect(told).toBeDefined());
    expect(told).toMatchObject({ isError: true });
    expect(textOf(told)).toContain(`approval_pending`);
    expect(textOf(told)).toContain(ticket.id);

    fixture.core.core.approvals.approve(ticket.id, "console");
    await clock.advance(60_000);
    expect(await fixture.core.arrived("wipe")).toBe(0);
    expect(textOf(await client.callTool(wipe))).toContain("Wipe number 1.");
    expect(fixture.core.core.approvals.list("resolved")).toHaveLength(1);

    // Once used up, the same call asks anew.
    const next = client.callTool(wipe);
    const second = await fixture.waiting();
    fixture.core.core.approvals.deny(second.id, "console", "Once is enough.");
    expect(textOf(await next)).toContain("Once is enough.");
    expect(await fixture.core.arrived("wipe")).toBe(1);
  });

  it("that calls with other arguments, or as another client, does not use the approval", async () => {
    const { outlast, fixture: opened } = await open();
    await using fixture = opened;
    const client = await fixture.older();
    let told: unknown;
    void client.callTool(wipe).then((answer) => (told = answer));
    const ticket = await fixture.waiting();
    await outlast();
    await vi.waitFor(() => expect(told).toBeDefined());
    fixture.core.core.approvals.approve(ticket.id, "console");
    const other = await fixture.older(fixture.core.core.access.create("gateway", "zed", "console").token);
    for (const [who, args] of [
      [other, { path: "/a" }],
      [client, { path: "/b" }],
    ] as const) {
      const call = who.callTool({ name: "lab__wipe", arguments: args });
      const asked = await fixture.waiting();
      expect(asked.id).not.toBe(ticket.id);
      fixture.core.core.approvals.deny(asked.id, "console", "no");
      await call;
    }
    expect(fixture.core.core.approvals.get(ticket.id).executedAt).toBeNull();
  });
});
