/** Calls to an echo server directly over stdio, through our gateway, and through what others run in its place: in one run, in turns. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { time, type Row } from "../report.ts";
import { percentile, spreadOf, type Spread } from "../statistics.ts";
import { LeanClient } from "./lean-client.ts";
import { echoServer, fetchPeers, ourGateway, untilItWorks, type Peer, type RunningPeer } from "./peers.ts";

type Call = (message: string) => Promise<unknown>;
/** One way to the echo server, ready to be called. */
type Way = { name: string; call: Call; pid: number | null; close: () => Promise<void> };
type Slice = { latencies: number[]; perSecond: number; cpuMs: number };
type Measured = { p50: number[]; p99: number[]; perSecond: Map<number, number[]>; cpuUs: number[]; large: number[] };

const alone = 200;
const crowds = [16, 64];
const callsInCrowd = 1_500;
const largeMessage = "x".repeat(64 * 1024);
const largeCalls = 200;
/** A clock tick of the kernel's accounts, milliseconds. */
const tickMs = 10;

/** @param app the application's folder, built. @param rounds of each measurement; the middle one counts. */
export async function measureGateway(app: string, rounds: number): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "switchgear-bench-"));
  const peers = [ourGateway(app), ...fetchPeers()];
  const rows: Row[] = [];
  try {
    for (const [client, connect] of [
      ["lean client", connectLean],
      ["SDK's client", connectSdk],
    ] as const) {
      rows.push(...(await measureWith(client, connect, peers, folder, rounds)));
    }
    for (const servers of [1, 20]) rows.push(...(await measureStart(peers, servers, folder, rounds)));
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function measureWith(
  client: string,
  connect: (peer: RunningPeer) => Promise<Pick<Way, "call" | "close">>,
  peers: readonly Peer[],
  folder: string,
  rounds: number,
): Promise<Row[]> {
  const ways: Way[] = [await connectDirectly()];
  try {
    const idle = new Map<string, number>();
    for (const peer of peers) {
      const running = await peer.start(1, join(folder, peer.name));
      const close = async () => running[Symbol.asyncDispose]();
      const way: Way = { name: peer.name, call: unconnected, pid: running.pid, close };
      ways.push(way);
      const connected = await untilItWorks(() => connect(running));
      way.call = connected.call;
      way.close = async () => {
        await connected.close();
        await close();
      };
      await untilItWorks(() => way.call("hello"));
      idle.set(peer.name, residentMegabytes(running.pid));
    }
    return await measureWays(client, ways, idle, rounds);
  } finally {
    await Promise.allSettled(ways.map(({ close }) => close()));
  }
}

async function measureWays(
  client: string,
  ways: readonly Way[],
  idle: ReadonlyMap<string, number>,
  rounds: number,
): Promise<Row[]> {
  const measured = new Map(ways.map(({ name }) => [name, nothing()]));
  for (let round = -1; round < rounds; round += 1) {
    // In another order each time, as the machine is not the same at the end of a round.
    const order = round % 2 === 0 ? ways : ways.toReversed();
    for (const way of order) await measureOnce(way, measured.get(way.name)!, round >= 0);
  }
  const direct = measured.get(ways[0]!.name)!;
  return ways.flatMap(({ name, pid }) =>
    rowsOf(`${name}, ${client}`, measured.get(name)!, direct, pid && idle.get(name)),
  );
}

const unconnected: Call = () => Promise.reject(new Error("It is not connected yet."));

async function measureOnce({ call, pid }: Way, into: Measured, counts: boolean): Promise<void> {
  const single = await slice(call, 1, alone, pid);
  const crowd = [];
  for (const size of crowds) crowd.push([size, await slice(call, size, callsInCrowd, pid)] as const);
  const large = await slice(() => call(largeMessage), 16, largeCalls, pid);
  if (!counts) return;
  into.p50.push(percentile(single.latencies, 0.5));
  into.p99.push(percentile(single.latencies, 0.99));
  for (const [size, { perSecond }] of crowd) into.perSecond.set(size, [...(into.perSecond.get(size) ?? []), perSecond]);
  into.cpuUs.push((crowd.at(-1)![1].cpuMs / callsInCrowd) * 1000);
  into.large.push(large.perSecond);
}

async function slice(call: Call, atOnce: number, calls: number, pid: number | null): Promise<Slice> {
  const latencies: number[] = [];
  let left = calls;
  async function worker(): Promise<void> {
    while (left > 0) {
      left -= 1;
      const startedAt = performance.now();
      await call("hello");
      latencies.push(performance.now() - startedAt);
    }
  }
  const cpuBefore = cpuMs(pid);
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: atOnce }, worker));
  const elapsedMs = performance.now() - startedAt;
  return { latencies, perSecond: (calls / elapsedMs) * 1000, cpuMs: cpuMs(pid) - cpuBefore };
}

/** From starting it to a list with the tools of so many servers. */
async function measureStart(peers: readonly Peer[], servers: number, folder: string, rounds: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (const peer of peers.filter(({ isMany }) => isMany || servers === 1)) {
    const times: number[] = [];
    for (let round = -1; round < rounds; round += 1) {
      const startedAt = performance.now();
      await using running = await peer.start(servers, join(folder, `${peer.name}-${servers}`));
      await untilItWorks(async () => {
        const client = new LeanClient(running.url, running.headers);
        try {
          await client.connect();
          const names = await client.listTools();
          if (!Array.from({ length: servers }, (_, n) => running.echo(n)).every((name) => names.includes(name)))
            throw new Error("Not all of them are there yet.");
        } finally {
          client.close();
        }
      });
      if (round >= 0) times.push(performance.now() - startedAt);
    }
    const many = servers === 1 ? "1 server" : `${servers} servers`;
    rows.push({ name: `${peer.name}: from its start to the tools of ${many}`, measured: time(spreadOf(times)) });
  }
  return rows;
}

function rowsOf(name: string, of: Measured, direct: Measured, idleMegabytes: number | null | undefined): Row[] {
  const beside = (ours: readonly number[], theirs: readonly number[]) => {
    const { median } = spreadOf(ours.map((value, round) => value / theirs[round]!));
    return `${median.toFixed(2)} × direct`;
  };
  const rows: Row[] = [
    { name: `${name}: p50 of a call alone`, measured: `${time(spreadOf(of.p50))}  ${beside(of.p50, direct.p50)}` },
    { name: "  p99", measured: time(spreadOf(of.p99)) },
  ];
  for (const [size, perSecond] of of.perSecond) {
    const than = beside(perSecond, direct.perSecond.get(size)!);
    rows.push({ name: `  calls a second, ${size} at once`, measured: `${count(spreadOf(perSecond))}  ${than}` });
  }
  rows.push({ name: "  calls a second of 64 KB, 16 at once", measured: count(spreadOf(of.large)) });
  if (idleMegabytes != null) {
    rows.push({ name: "  CPU of its process a call, 64 at once", measured: `${count(spreadOf(of.cpuUs))} µs` });
    rows.push({ name: "  memory before the first load", measured: `${idleMegabytes.toFixed(0)} MB` });
  }
  return rows;
}

function nothing(): Measured {
  return { p50: [], p99: [], perSecond: new Map(), cpuUs: [], large: [] };
}

function count({ median, least, most }: Spread): string {
  return `${median.toFixed(0)} (${least.toFixed(0)}–${most.toFixed(0)})`;
}

async function connectDirectly(): Promise<Way> {
  const client = new Client({ name: "bench", version: "0.0.0" });
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [echoServer], stderr: "ignore" }));
  const call: Call = (message) => client.callTool({ name: "echo", arguments: { message } });
  return { name: "stdio, directly", call, pid: null, close: () => client.close() };
}

async function connectLean(peer: RunningPeer): Promise<Pick<Way, "call" | "close">> {
  const client = new LeanClient(peer.url, peer.headers);
  await client.connect();
  return { call: (message) => client.call(peer.echo(0), message), close: async () => client.close() };
}

async function connectSdk(peer: RunningPeer): Promise<Pick<Way, "call" | "close">> {
  const client = new Client({ name: "bench", version: "0.0.0" });
  await client.connect(
    new StreamableHTTPClientTransport(new URL(peer.url), { requestInit: { headers: peer.headers } }),
  );
  const call: Call = (message) => client.callTool({ name: peer.echo(0), arguments: { message } });
  return { call, close: () => client.close() };
}

/** What a process has used of the CPUs, where the system tells. */
function cpuMs(pid: number | null): number {
  if (pid === null || process.platform !== "linux") return Number.NaN;
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}

function residentMegabytes(pid: number): number {
  if (process.platform !== "linux") return Number.NaN;
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}
