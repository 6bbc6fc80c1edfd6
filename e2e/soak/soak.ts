/** Many servers that fail at random, called through a whole core for some time; and a verdict on what is left, line by line. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { openCore } from "../../bench/open-core.ts";
import { percentile } from "../../bench/statistics.ts";
import type { Core } from "../../electron/core/core.ts";
import { descendantsOf } from "../fixtures/processes.ts";
import { fleetOf, neighbour, startFaultyServers, stdioSteps, type FaultyServers } from "./faulty-servers.ts";
import { MemoryTrend } from "./memory.ts";
import { seededRandom } from "./random.ts";
import { Tally } from "./tally.ts";

export type SoakOptions = {
  /** The project's folder. */
  root: string;
  seconds: number;
  /** Beside the neighbour, which is well. */
  servers: number;
  /** Calls a second, the neighbour's included. */
  rate: number;
  /** Of the faults and their order; when each comes is the machine's. */
  seed: number;
  /** Told how it goes, now and then. */
  onLook?: ((words: string) => void) | undefined;
};

export type Line = { name: string; measured: string; isGood: boolean };

const looks = 20;
/** A call in so many is the neighbour's; a call in so many is taken back by its caller. */
const neighbourEvery = 10;
const cancelShare = 0.02;
/** No trend shows in a shorter run. */
const shortestTrendSeconds = 240;
/** The heap grows by what is kept of each server, within bounds: the last lines of its log, its last times of answering. */
const bounds = { heapMbPerMinute: 2, rssMbPerMinute: 8, neighbourMs: 2_000 };
const connectMs = 60_000;
/** Longer than the longest call with all its attempts. */
const drainMs = 20_000;
const leftMs = 10_000;

export async function soak(options: SoakOptions): Promise<Line[]> {
  const folder = mkdtempSync(join(tmpdir(), "switchgear-soak-"));
  const servers = await startFaultyServers(options.root, fleetOf(options.servers), seededRandom(options.seed));
  const before = await held();
  try {
    const core = await openCore(options.root, folder, servers.files, "all");
    let lines: Line[];
    try {
      await whenConnected(core);
      lines = await load(core, servers, options);
    } finally {
      await core.close();
    }
    return [...lines, ...(await left(before))];
  } finally {
    await servers.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Calls at the rate until time is up, waits for every call to end, and looks at the records. */
async function load(core: Core, servers: FaultyServers, { seconds, rate, seed, onLook }: SoakOptions): Promise<Line[]> {
  // Not those that the servers draw from: what is called does not depend on when they are asked.
  const random = seededRandom(seed + 1);
  const total = Math.round(seconds * rate);
  const tally = new Tally(total);
  const memory = new MemoryTrend();
  const running = new Set<Promise<void>>();
  const startedAt = performance.now();
  const neighbourMs: number[] = [];
  for (let index = 0; index < total; index += 1) {
    const lateMs = performance.now() - startedAt - (index * 1_000) / rate;
    if (lateMs < 0) await pause(-lateMs);
    const call = (index % neighbourEvery === 0 ? askNeighbour : askOther)(index);
    running.add(call);
    void call.finally(() => running.delete(call));
    if (index % Math.ceil(total / looks) === 0) {
      reconnectParked(core);
      const { heapMb, rssMb, minutes } = memory.look();
      onLook?.(`${minutes.toFixed(1)} min, ${index} calls, heap ${heapMb.toFixed(1)} MB, RSS ${rssMb.toFixed(0)} MB`);
    }
  }
  await Promise.race([Promise.all(running), pause(drainMs, undefined, { ref: false })]);
  memory.look();
  const lines = [...tally.lines(await tally.recordsOf(core)), neighbourLine(neighbourMs)];
  return seconds < shortestTrendSeconds ? lines : [...lines, ...trendLines(memory)];

  async function askNeighbour(index: number): Promise<void> {
    const askedAt = performance.now();
    const { invocation } = await core.report(callOf(index, neighbour, {}));
    neighbourMs.push(performance.now() - askedAt);
    tally.ended(index, invocation.outcome);
  }

  async function askOther(index: number): Promise<void> {
    const { id, isStdio } = servers.ids[Math.floor(random() * servers.ids.length)]!;
    const args = isStdio ? { steps: stdioSteps(random) } : {};
    const tool = random() < 0.5 ? "play" : "read";
    const signal = random() < cancelShare ? AbortSignal.timeout(Math.floor(random() * 500)) : undefined;
    const { invocation } = await core.report(callOf(index, id, args, tool), { signal });
    tally.ended(index, invocation.outcome);
  }

  function callOf(index: number, server: string, args: Record<string, unknown>, tool = "read") {
    return { id: tally.idOf(index), server, tool, args, client: "library" };
  }
}

/** Each has been tried once: two hundred at once are a load of their own, and not the one that is looked at. */
async function whenConnected(core: Core): Promise<void> {
  const end = performance.now() + connectMs;
  const isUnderWay = () =>
    core.servers.list().some(({ connection: { kind } }) => kind === "idle" || kind === "connecting");
  while (isUnderWay() && performance.now() < end) await pause(100);
}

/** As a person would: a process that ended three times is not started again by itself. */
function reconnectParked(core: Core): void {
  for (const { id, connection } of core.servers.list()) {
    if (connection.kind === "parked") core.servers.connect(id).catch(() => {});
  }
}

/** Judged by 99 of 100: the slowest may be the machine's own pause. */
function neighbourLine(latencies: number[]): Line {
  const ms = percentile(latencies, 0.99);
  const measured = `${ms.toFixed(0)} ms (bound ${bounds.neighbourMs} ms), the slowest ${Math.max(...latencies).toFixed(0)} ms`;
  return { name: "99 of 100 calls of the neighbour within", measured, isGood: ms <= bounds.neighbourMs };
}

function trendLines(memory: MemoryTrend): Line[] {
  const line = (name: string, slope: number, bound: number): Line => ({
    name,
    measured: `${slope.toFixed(2)} MB a minute (bound ${bound})`,
    isGood: slope <= bound,
  });
  return [
    line("heap after collection grows by", memory.slope("heapMb"), bounds.heapMbPerMinute),
    line("RSS grows by", memory.slope("rssMb"), bounds.rssMbPerMinute),
  ];
}

type Held = { processes: number; handles: number };

async function held(): Promise<Held> {
  const descendants = await descendantsOf(process.pid);
  return { processes: descendants.length, handles: process.getActiveResourcesInfo().length };
}

/** What is held once all is closed; it may take a moment to go. */
async function left(before: Held): Promise<Line[]> {
  const end = performance.now() + leftMs;
  let after = await held();
  while ((after.processes > before.processes || after.handles > before.handles) && performance.now() < end) {
    await pause(100);
    after = await held();
  }
  return (["processes", "handles"] as const).map((name) => ({
    name: `${name} before and after`,
    measured: `${before[name]} and ${after[name]}`,
    isGood: after[name] <= before[name],
  }));
}
