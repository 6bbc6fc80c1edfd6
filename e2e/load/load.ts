/** Many clients that call through a gateway at once, some of them waiting for a person; and a verdict on every call, line by line. */
import { createReadStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { openCore } from "../../bench/open-core.ts";
import { percentile } from "../../bench/statistics.ts";
import type { Core } from "../../electron/core/core.ts";
import type { Invocation, InvocationDetail } from "../../shared/invocation.ts";
import { MemoryTrend } from "../soak/memory.ts";
import type { Line } from "../soak/soak.ts";
import { openClient, type LoadClient } from "./clients.ts";
import { GatewayProcess, type Memory } from "./gateway-process.ts";

export type LoadOptions = {
  /** The project's folder. */
  root: string;
  /** The built command line. */
  cli: string;
  seconds: number;
  clients: number;
  /** Calls a second that are aimed at; where the machine does not keep up, it is as many as it does. */
  rate: number;
  /** Told how it goes, now and then. */
  onLook?: ((words: string) => void) | undefined;
};

/** A call in so many waits for a person, who takes a while. */
const waitEvery = 10;
const personMs = 750;
/** So many calls that wait for no person are under way at most: beyond, the machine does not keep up. */
const mostUnderWay = 128;
/** So many of those that wait: a person who has more before them does not keep up either. */
const mostWaiting = 128;
const looks = 20;
/** No trend shows in a shorter run. */
const shortestTrendSeconds = 45;
const heapMbPerMinute = 12;
const drainMs = 60_000;

const server = "counting";
const policy = `default_permission: ALWAYS\ntools:\n  "${server}.keep": { permission: REQUIRE_APPROVAL }\n`;

/** What became of the calls, by their numbers. */
type Tally = { started: number; answered: Uint8Array; wrong: string[]; latencies: number[]; seconds: number };

export async function load(options: LoadOptions): Promise<Line[]> {
  const { root, cli, clients, seconds } = options;
  const folder = mkdtempSync(join(tmpdir(), "switchgear-load-"));
  const program = JSON.stringify(join(root, "e2e/load/counting-server.mjs"));
  const files = {
    "policies/mcp_permissions.yaml": policy,
    [`servers/${server}.yaml`]: `id: ${server}\ntransport: stdio\ncommand: \${node}\nargs: [${program}]\nmax_retries: 0\n`,
  };
  // The person's own console, on the same data: it makes the tokens, approves, and reads the journal.
  const core = await openCore(root, folder, files, "on-demand");
  const opened: LoadClient[] = [];
  try {
    const { catalog, data } = core.folders;
    const env = { ...process.env, MAGSAG_MCP_ENABLED: "true", SWITCHGEAR_CATALOG: catalog, SWITCHGEAR_DATA: data };
    await using gateway = await GatewayProcess.start(cli, env);
    const tokens = Array.from(
      { length: clients },
      (_, n) => core.access.create("gateway", `load-${n}`, "console").token,
    );
    for (const token of tokens) opened.push(await openClient(gateway.url, token, opened.length));
    const memory = new MemoryTrend();
    const person = new Person(core);
    const tally = await callAll(opened, async () => memory.add(await gateway.memory()), options);
    const approved = await person.leave();
    const lines = [
      ...toldLines(tally, options, approved),
      await arrivedLine(opened[0]!, tally),
      await recordLine(core, folder, tally),
    ];
    return seconds < shortestTrendSeconds ? lines : [...lines, memoryLine(memory)];
  } finally {
    await Promise.all(opened.map((client) => client.close()));
    await core.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Approves each call some time after it came. */
class Person {
  #core: Core;
  #isHere = true;
  #approved = 0;
  #working: Promise<void>;

  constructor(core: Core) {
    this.#core = core;
    this.#working = this.#work();
  }

  /** @returns how many calls were approved */
  async leave(): Promise<number> {
    this.#isHere = false;
    await this.#working;
    return this.#approved;
  }

  async #work(): Promise<void> {
    const { approvals } = this.#core;
    while (this.#isHere) {
      await pause(personMs);
      for (const { id } of await approvals.list("pending")) {
        // Between two, the clients have their turn.
        await pause(0);
        await approvals.approve(id, "console");
        this.#approved += 1;
      }
    }
  }
}

/** Calls at the rate, or as fast as the machine allows, until time is up; and waits for every call to end. */
async function callAll(
  clients: readonly LoadClient[],
  look: () => Promise<Memory>,
  { seconds, rate, onLook }: LoadOptions,
): Promise<Tally> {
  const total = Math.round(seconds * rate);
  const tally: Tally = { started: 0, answered: new Uint8Array(total), wrong: [], latencies: [], seconds: 0 };
  const running = new Set<Promise<void>>();
  /** Those of them that wait for no person. */
  const quick = new Set<number>();
  let looked = 0;
  const startedAt = performance.now();
  const elapsed = () => (performance.now() - startedAt) / 1_000;
  const call = async (index: number) => {
    const waits = isKept(index);
    const askedAt = performance.now();
    if (!waits) quick.add(index);
    try {
      const text = await clients[index % clients.length]!.call(`${server}__${toolOf(index)}`, String(index));
      if (text === String(index)) tally.answered[index] = tally.answered[index]! + 1;
      else tally.wrong.push(`${index}: ${text.slice(0, 200)}`);
    } catch (error) {
      tally.wrong.push(`${index}: ${String(error).slice(0, 200)}`);
    } finally {
      if (quick.delete(index)) tally.latencies.push(performance.now() - askedAt);
    }
  };
  while (tally.started < total && elapsed() < seconds) {
    const due = Math.min(total, Math.ceil(elapsed() * rate));
    const hasRoom = () => quick.size < mostUnderWay && running.size - quick.size < mostWaiting;
    for (; tally.started < due && hasRoom(); tally.started += 1) {
      const made = call(tally.started);
      running.add(made);
      void made.finally(() => running.delete(made));
    }
    await pause(2);
    if (elapsed() < (looked * seconds) / looks) continue;
    looked += 1;
    const { heapMb, rssMb } = await look();
    const memory = `heap ${heapMb.toFixed(1)} MB, RSS ${rssMb.toFixed(0)} MB`;
    onLook?.(`${elapsed().toFixed(0)} s, ${tally.started} calls, ${running.size} under way, ${memory}`);
  }
  tally.seconds = elapsed();
  await Promise.race([Promise.all(running), pause(drainMs, undefined, { ref: false })]);
  return tally;
}

function isKept(index: number): boolean {
  return index % waitEvery === waitEvery - 1;
}

function toolOf(index: number): "keep" | "echo" {
  return isKept(index) ? "keep" : "echo";
}

function toldLines(
  { started, answered, wrong, latencies, seconds }: Tally,
  { clients, rate }: LoadOptions,
  approved: number,
): Line[] {
  const once = answered.filter((count) => count === 1).length;
  const kept = Math.floor(started / waitEvery);
  const ms = (share: number) => percentile(latencies, share).toFixed(1);
  return [
    {
      name: "calls",
      measured: `${started} of ${clients} clients, ${Math.round(started / seconds)} a second (aim ${rate})`,
      isGood: started > 0,
    },
    {
      name: "calls that waited for a person, who approved them",
      measured: `${approved} of ${kept}`,
      isGood: approved === kept,
    },
    {
      name: "calls that got their own answer",
      measured: [`${once}`, ...wrong.slice(0, 3)].join("\n      "),
      isGood: once === started && wrong.length === 0,
    },
    {
      name: "answered within, without a person",
      measured: `${ms(0.5)} ms half, ${ms(0.99)} ms 99 of 100`,
      isGood: true,
    },
  ];
}

/** What the server itself counted. */
async function arrivedLine(client: LoadClient, { started }: Tally): Promise<Line> {
  const told = await client.call(`${server}__counts`, "");
  const counts = JSON.parse(told) as { different: number; again: string[]; more: number };
  const again = counts.more === 0 ? "" : `, ${counts.more} of them more than once: ${counts.again.join(", ")}`;
  return {
    name: "calls that reached the server, once",
    measured: `${counts.different}${again}`,
    isGood: counts.different === started && counts.more === 0,
  };
}

/** What the journal has of each call, by its arguments. */
async function recordLine(core: Core, folder: string, { started }: Tally): Promise<Line> {
  const file = join(folder, "calls.jsonl");
  await core.exports.toFile("load", file, { filter: { server }, format: "jsonl" });
  const records = new Uint8Array(started);
  let others = 0;
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const record = JSON.parse(line) as Invocation & Pick<InvocationDetail, "timeline">;
    const received = record.timeline.find(({ kind }) => kind === "received");
    const index = received?.kind === "received" ? Number((received.args as { message?: string }).message) : NaN;
    const isIts = record.outcome === "ok" && record.tool === toolOf(index) && record.client.startsWith("load-");
    if (isIts && index < started) records[index] = records[index]! + 1;
    else if (record.tool !== "counts") others += 1;
  }
  const once = records.filter((count) => count === 1).length;
  return {
    name: "calls with exactly one record, in the journal",
    measured: others === 0 ? `${once}` : `${once}, and ${others} records of no such call`,
    isGood: once === started && others === 0,
  };
}

function memoryLine(memory: MemoryTrend): Line {
  const slope = memory.slope("heapMb");
  const measured = `${slope.toFixed(2)} MB a minute (bound ${heapMbPerMinute}); RSS by ${memory.slope("rssMb").toFixed(2)}`;
  return { name: "heap after collection grows by", measured, isGood: slope <= heapMbPerMinute };
}
