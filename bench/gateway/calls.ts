/** Calls through every way, in turns: each slice of load right after the same one over stdio, directly, and each round in another order. */
import { percentile } from "../statistics.ts";
import type { BenchClient, Connection } from "./clients.ts";
import { note, slices, type Measured, type Metric, type Slice } from "./figures.ts";
import { cpuMs } from "./process-figures.ts";
import { untilItWorks, type Peer } from "./running-peer.ts";

type Way = { measured: Measured; connection: Connection; pid: number | null };
type Load = { latencies: number[]; perSecond: number; cpuUs: number };

const warmUpCalls = 1_500;

export type CallOptions = {
  folder: (peer: Peer) => string;
  rounds: number;
  /** How long each load is kept up. */
  sliceMs: number;
  wants: (metric: Metric) => boolean;
};

/** @returns what was measured of stdio, directly, and of each peer */
export async function measureCalls(
  client: BenchClient,
  peers: readonly Peer[],
  { folder, rounds, sliceMs, wants }: CallOptions,
): Promise<Measured[]> {
  const running: { close(): Promise<unknown> }[] = [];
  try {
    const { direct, ways, all } = await openWays(client, peers, folder, running);
    for (let round = -1; round < rounds; round += 1) {
      for (const way of round % 2 === 0 ? ways : ways.toReversed()) {
        for (const slice of slices.filter(({ metrics }) => Object.values(metrics).some(wants))) {
          const beside = await load(direct, slice, sliceMs / 2);
          const through = await load(way, slice, sliceMs);
          if (round >= 0) noteSlice(slice, wants, way.measured, through, direct.measured, beside);
        }
      }
    }
    return all;
  } finally {
    for (const each of running.toReversed()) await each.close();
  }
}

/** Connects to each, and calls it once; what does not answer says why. @param running takes whatever is to be closed at the end */
async function openWays(
  client: BenchClient,
  peers: readonly Peer[],
  folder: CallOptions["folder"],
  running: { close(): Promise<unknown> }[],
): Promise<{ direct: Way; ways: Way[]; all: Measured[] }> {
  const measured = nothing("stdio", "stdio, directly");
  const direct: Way = { measured, connection: await client.connectDirectly(), pid: null };
  running.push(direct.connection);
  const all = [measured];
  const ways: Way[] = [];
  for (const peer of peers) {
    const of = nothing(peer.id, peer.name);
    all.push(of);
    try {
      const started = await peer.start(1, folder(peer));
      running.push({ close: async () => started[Symbol.asyncDispose]() });
      const connection = await untilItWorks(() => client.connect(started));
      running.push(connection);
      await untilItWorks(() => connection.call("hello"));
      await warmUp(connection);
      ways.push({ measured: of, connection, pid: started.pid });
    } catch (error) {
      of.failure = error instanceof Error ? error.message : String(error);
    }
  }
  return { direct, ways, all };
}

function noteSlice(
  { metrics }: Slice,
  wants: CallOptions["wants"],
  of: Measured,
  through: Load,
  direct: Measured,
  beside: Load,
): void {
  const take = (metric: Metric | undefined, read: (load: Load) => number) => {
    if (!metric || !wants(metric)) return;
    note(of, metric, read(through), read(beside));
    note(direct, metric, read(beside));
  };
  take(metrics.p50, ({ latencies }) => percentile(latencies, 0.5));
  take(metrics.p99, ({ latencies }) => percentile(latencies, 0.99));
  take(metrics.perSecond, ({ perSecond }) => perSecond);
  if (metrics.cpu && wants(metrics.cpu)) note(of, metrics.cpu, through.cpuUs);
}

/** Until the compilers of both sides have settled. */
async function warmUp(connection: Connection): Promise<void> {
  let left = warmUpCalls;
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      while (left-- > 0) await connection.call("hello");
    }),
  );
}

async function load({ connection, pid }: Way, { atOnce, message }: Slice, sliceMs: number): Promise<Load> {
  const latencies: number[] = [];
  const cpuBefore = pid === null ? Number.NaN : cpuMs(pid);
  const startedAt = performance.now();
  async function worker(): Promise<void> {
    for (let now = performance.now(); now < startedAt + sliceMs;) {
      await connection.call(message);
      const answeredAt = performance.now();
      latencies.push(answeredAt - now);
      now = answeredAt;
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker));
  const elapsedMs = performance.now() - startedAt;
  const calls = latencies.length;
  const cpuUs = pid === null ? Number.NaN : ((cpuMs(pid) - cpuBefore) / calls) * 1000;
  return { latencies, perSecond: (calls / elapsedMs) * 1000, cpuUs };
}

function nothing(id: string, name: string): Measured {
  return { id, name, figures: new Map() };
}
