/** From the start of a process to the list of its servers' tools, and the memory it rests in then. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { leanClient, sdkClient } from "./clients.ts";
import { note, restMetrics, type Measured, type Metric } from "./figures.ts";
import { residentMegabytes } from "./process-figures.ts";
import { source, untilItWorks, type Peer, type RunningPeer } from "./running-peer.ts";

const { memory, startOne, startMany } = restMetrics;
const counts = [
  [startOne, 1],
  [startMany, 20],
] as const;
/** How long a process rests before its memory is looked at. */
const restMs = 1_500;

export type StartOptions = {
  folder: (peer: Peer, servers: number) => string;
  rounds: number;
  wants: (metric: Metric) => boolean;
};

/** Connecting directly, with the SDK's client and to all at once: by a program that runs already, and by one that starts as a gateway does. */
export const runningProgram = "stdio, directly";
export const startedProgram = "the same, by a program that starts too";

export async function measureStarts(peers: readonly Peer[], options: StartOptions): Promise<Measured[]> {
  const direct: Measured = { id: "stdio", name: runningProgram, figures: new Map() };
  const started: Measured = { id: "stdio-started", name: startedProgram, figures: new Map() };
  const others = peers.map((peer) => ({
    peer,
    measured: { id: peer.id, name: peer.name, figures: new Map() } as Measured,
  }));
  for (let round = -1; round < options.rounds; round += 1) {
    for (const [metric, servers] of counts) {
      if (!options.wants(metric) && !(servers === 1 && options.wants(memory))) continue;
      const own = await connectFromStart(servers);
      if (round >= 0 && options.wants(metric)) note(started, metric, own);
      for (const { peer, measured } of round % 2 === 0 ? others : others.toReversed()) {
        if (measured.failure !== undefined || (servers > 1 && !peer.isMany)) continue;
        const beside = await connectDirectly(servers);
        try {
          const { ms, megabytes } = await startOnce(peer, servers, options);
          if (round < 0) continue;
          if (options.wants(metric)) {
            note(direct, metric, beside);
            note(measured, metric, ms, beside);
          }
          if (megabytes !== null) note(measured, memory, megabytes);
        } catch (error) {
          measured.failure = error instanceof Error ? error.message : String(error);
        }
      }
    }
  }
  return [direct, started, ...others.map(({ measured }) => measured)];
}

async function startOnce(peer: Peer, servers: number, { folder, wants }: StartOptions) {
  const into = folder(peer, servers);
  const startedAt = performance.now();
  await using running = await peer.start(servers, into);
  await untilItWorks(() => list(running, servers));
  const ms = performance.now() - startedAt;
  if (servers > 1 || !wants(memory)) return { ms, megabytes: null };
  await sleep(restMs);
  return { ms, megabytes: residentMegabytes(running.pid) };
}

/** @throws where a tool of theirs is missing yet */
async function list(running: RunningPeer, servers: number): Promise<void> {
  const client = await leanClient(running);
  try {
    await client.connect();
    const names = new Set(await client.listTools());
    const all = Array.from({ length: servers }, (_, index) => running.echo(index));
    if (!all.every((name) => names.has(name))) throw new Error("Not all of them are there yet.");
  } finally {
    client.close();
  }
}

/** @returns milliseconds until all are listed; their end is not among them */
async function connectDirectly(servers: number): Promise<number> {
  const startedAt = performance.now();
  const clients = await Promise.all(
    Array.from({ length: servers }, async () => {
      const client = await sdkClient();
      await client.listTools();
      return client;
    }),
  );
  const ms = performance.now() - startedAt;
  await Promise.all(clients.map((client) => client.close()));
  return ms;
}

async function connectFromStart(servers: number): Promise<number> {
  const startedAt = performance.now();
  const program = [join(source, "connect-directly.mjs"), String(servers)];
  const child = spawn(process.execPath, program, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  await once(child.stdout, "data");
  const ms = performance.now() - startedAt;
  await ended;
  return ms;
}
