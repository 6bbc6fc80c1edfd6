import { expect, it } from "vitest";
import { FakeClock } from "../fake-clock.ts";
import { NetworkWatch } from "./network-watch.ts";

it("tells once of each change of the machine's addresses, within five seconds, and of nothing else", async () => {
  const clock = new FakeClock();
  let network = "192.168.1.20/24";
  let changes = 0;
  using _watch = new NetworkWatch(
    clock,
    () => (changes += 1),
    () => network,
  );
  await clock.advance(60_000);
  expect(changes).toBe(0);
  network = "";
  await clock.advance(5_000);
  network = "10.0.0.7/8";
  await clock.advance(5_000);
  expect(changes).toBe(2);
  await clock.advance(60_000);
  expect(changes).toBe(2);
});

it("looks at the machine's own network, and leaves no timer", async () => {
  const clock = new FakeClock();
  let changes = 0;
  const watch = new NetworkWatch(clock, () => (changes += 1));
  await clock.advance(5_000);
  watch[Symbol.dispose]();
  expect([changes, clock.pending]).toEqual([0, 0]);
});
