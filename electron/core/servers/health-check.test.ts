import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { serverConfigSchema } from "../../../shared/server.ts";
import { FakeClock } from "../fake-clock.ts";
import { Redactor } from "../secrets/redact.ts";
import { ServerConnection } from "./connection.ts";
import { MemoryServer } from "./fixtures/memory-server.ts";

const count = 100;

let clock: FakeClock;
let connections: { connection: ServerConnection; server: MemoryServer }[];

/** @param place in the interval, 0 to 1 */
function connectionAt(place: number): (typeof connections)[number] {
  const server = new MemoryServer();
  const config = serverConfigSchema.parse({ id: "memory", transport: "stdio", command: "memory", keep_alive: 30_000 });
  const connection = new ServerConnection(config, {
    ...{ clock, version: "0.0.0", redactor: new Redactor(), random: () => place },
    createTransport: server.createTransport,
    resolveTarget: () => ({ kind: "stdio", command: "memory", args: [], env: {}, maxResponseBytes: 1e6 }),
    ...{
      assertAllowed: () => {},
      onChange: () => {},
      onToolsChange: () => {},
      onOffersChange: () => {},
      onSession: () => {},
      onResourceUpdated: () => {},
      onProcess: () => {},
    },
  });
  return { connection, server };
}

/** Lets `seconds` go by. @returns when each server was pinged, in seconds from now */
async function pingsWithin(seconds: number): Promise<number[][]> {
  const pings: number[][] = connections.map(() => []);
  for (const { server } of connections) server.received = [];
  for (let second = 1; second <= seconds; second += 1) {
    await clock.advance(1000);
    for (const [index, { server }] of connections.entries()) {
      if (server.received.length > 0) pings[index]!.push(second);
      server.received = [];
    }
  }
  return pings;
}

beforeEach(async () => {
  clock = new FakeClock();
  connections = Array.from({ length: count }, (_, index) => connectionAt(index / count));
  await Promise.all(connections.map(({ connection }) => connection.connect()));
});

afterEach(async () => {
  await Promise.all(connections.map(({ connection }) => connection.disconnect("The test is over.")));
  expect(clock.pending).toBe(0);
});

describe("idle servers that connected at once", () => {
  it("are each pinged once an interval, together on ten beats of it", async () => {
    await clock.advance(30_000);
    const pings = await pingsWithin(60);
    expect(pings.every((each) => each.length === 2)).toBe(true);
    const onBeat = new Map<number, number>();
    for (const [first] of pings) onBeat.set(first!, (onBeat.get(first!) ?? 0) + 1);
    expect([...onBeat.keys()].toSorted((one, other) => one - other)).toEqual([3, 6, 9, 12, 15, 18, 21, 24, 27, 30]);
    expect(Math.max(...onBeat.values())).toBeLessThanOrEqual(count / 10 + 1);
  });

  it("are spread over the beats again after they were all looked at for a change of network", async () => {
    await clock.advance(31_000);
    for (const { connection } of connections) connection.checkNow();
    const pings = await pingsWithin(30);
    expect(new Set(pings.map((each) => each.at(-1))).size).toBeGreaterThanOrEqual(9);
  });

  it("are left alone for as long as they answer calls", async () => {
    const [used] = connections;
    const session = await used!.connection.session();
    await clock.advance(30_000);
    for (let round = 0; round < 6; round += 1) {
      await session.callTool("echo", {});
      const [pings] = await pingsWithin(20);
      expect(pings).toEqual([]);
    }
    const [pings] = await pingsWithin(10);
    expect(pings).toHaveLength(1);
  });
});
