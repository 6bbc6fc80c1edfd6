import { expect, it } from "vitest";
import type { Ticket } from "../../shared/approval.ts";
import { FakeClock } from "./fake-clock.ts";
import { tellWaiting, type Waiting } from "./tell-waiting.ts";

const ticket = { id: "t", expiresAt: 5 } as Ticket;

it("tells at once and then every ten seconds, until it ends", async () => {
  const clock = new FakeClock();
  const heard: Waiting[] = [];
  const telling = tellWaiting(clock, ticket, (waiting) => heard.push(waiting));
  await clock.advance(25_000);
  expect(heard).toEqual([0, 10_000, 20_000].map((waitedMs) => ({ ticketId: "t", waitedMs, expiresAt: 5 })));
  telling[Symbol.dispose]();
  await clock.advance(60_000);
  expect(heard).toHaveLength(3);
  expect(clock.pending).toBe(0);
});

it("needs no timer where nobody listens", () => {
  const clock = new FakeClock();
  tellWaiting(clock, ticket, undefined)[Symbol.dispose]();
  expect(clock.pending).toBe(0);
});

it("goes on where the listener fails", async () => {
  const clock = new FakeClock();
  let heard = 0;
  const telling = tellWaiting(clock, ticket, () => {
    heard += 1;
    throw new Error("deaf");
  });
  await clock.advance(10_000);
  expect(heard).toBe(2);
  telling[Symbol.dispose]();
});
