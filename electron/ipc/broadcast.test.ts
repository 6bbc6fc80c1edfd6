import { describe, expect, it } from "vitest";
import type { EventMessage } from "../../shared/contract.ts";
import { CoreEvents } from "../core/events.ts";
import { FakeClock } from "../core/fake-clock.ts";
import { silentLogger } from "../core/logger.ts";
import { broadcastEvents } from "./broadcast.ts";

function start() {
  const clock = new FakeClock();
  const events = new CoreEvents(silentLogger);
  const batches: (readonly EventMessage[])[] = [];
  const broadcast = broadcastEvents(events, clock, (batch) => batches.push(batch));
  const progress = (id: string, value: number) =>
    events.emit("invocation.progress", { id, progress: value, total: null, message: null });
  return { clock, batches, broadcast, progress, events };
}

describe("the broadcast", () => {
  it("sends at most 60 batches a second, however much happens", async () => {
    const { clock, batches, progress } = start();
    for (let ms = 0; ms < 1000; ms += 1) {
      progress("a", ms);
      await clock.advance(1);
    }
    expect(batches.length).toBeGreaterThan(50);
    expect(batches.length).toBeLessThanOrEqual(60);
  });

  it("sends the newest state of each thing once a batch, in the order in which they last changed", async () => {
    const { clock, batches, progress, events } = start();
    progress("a", 1);
    progress("b", 1);
    events.emit("tools.changed", { server: "s" });
    progress("a", 2);
    await clock.advance(20);
    expect(batches).toHaveLength(1);
    expect(batches[0]!.map(({ name, payload }) => [name, "progress" in payload ? payload.progress : null])).toEqual([
      ["invocation.progress", 1],
      ["tools.changed", null],
      ["invocation.progress", 2],
    ]);
  });

  it("sends each line of a call's log, and of a flood the newest", async () => {
    const { clock, batches, events } = start();
    const log = (n: number) =>
      events.emit("invocation.log", { id: "a", at: n, level: "info", logger: null, text: "x" });
    for (const n of [1, 2]) log(n);
    await clock.advance(20);
    expect(batches.at(-1)!.map(({ payload }) => (payload as { at: number }).at)).toEqual([1, 2]);
    for (let n = 0; n < 1_000; n += 1) log(n);
    await clock.advance(20);
    expect(batches.at(-1)).toHaveLength(50);
    expect(batches.at(-1)!.at(-1)).toMatchObject({ payload: { at: 999 } });
  });

  it("sends nothing while nothing happens, and nothing once it ended", async () => {
    const { clock, batches, broadcast, progress } = start();
    await clock.advance(1000);
    progress("a", 1);
    broadcast[Symbol.dispose]();
    progress("a", 2);
    await clock.advance(1000);
    expect(batches).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});
