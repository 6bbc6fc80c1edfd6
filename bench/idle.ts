/** What servers cost that are connected and called by nobody: the core's own time, not theirs. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Core } from "../electron/core/core.ts";
import { openCore } from "./open-core.ts";
import { teamPolicy } from "./policies.ts";
import type { Row } from "./report.ts";
import { spreadOf } from "./statistics.ts";

const counts = { http: 140, webSocket: 50, stdio: 10 };
/** Until each was pinged once, and what connecting left behind is collected. */
const settleMs = 30_000;
/** Each server is pinged once in it, as by default. */
const windowMs = 30_000;
const connectLimitMs = 120_000;

type Addresses = { http: string; webSocket: string };

/** @param windows the middle one counts. */
export async function measureIdle(app: string, windows: number): Promise<Row[]> {
  const opposite = fork(join(import.meta.dirname, "idle-servers.js"));
  const folder = mkdtempSync(join(tmpdir(), "switchgear-bench-"));
  try {
    const [addresses] = (await once(opposite, "message")) as [Addresses];
    const core = await openCore(app, folder, files(addresses), "all");
    try {
      await allReady(core);
      await pause(settleMs);
      const shares: number[] = [];
      for (let index = 0; index < windows; index += 1) shares.push(await shareOfCore());
      const stillReady = core.servers.list().filter(({ connection }) => connection.kind === "ready").length;
      return [rowOf(stillReady, shares)];
    } finally {
      await core.close();
    }
  } finally {
    opposite.disconnect();
    rmSync(folder, { recursive: true, force: true });
  }
}

function rowOf(servers: number, shares: number[]): Row {
  const [median, least, most] = Object.values(spreadOf(shares)).map((share) => (100 * share).toFixed(2));
  return {
    name: `${servers} connected servers, idle: of one core`,
    measured: `${median} % (${least}–${most})`,
    target: "< 1 %",
  };
}

/** @returns processor time over time. */
async function shareOfCore(): Promise<number> {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  await pause(windowMs);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / (performance.now() - startedAt);
}

async function allReady(core: Core): Promise<void> {
  const end = performance.now() + connectLimitMs;
  for (;;) {
    const waiting = core.servers.list().filter(({ connection }) => connection.kind !== "ready");
    if (waiting.length === 0) return;
    if (performance.now() > end)
      throw new Error(`${waiting.length} servers did not connect: ${JSON.stringify(waiting[0]?.connection)}`);
    await pause(100);
  }
}

function files({ http, webSocket }: Addresses): Record<string, string> {
  const program = join(import.meta.dirname, "../../e2e/faults/stdio-server.mjs");
  const servers: object[] = [];
  for (let index = 0; index < counts.http; index += 1)
    servers.push({ transport: "http", url: http, protocol: "legacy" });
  for (let index = 0; index < counts.webSocket; index += 1) servers.push({ transport: "websocket", url: webSocket });
  for (let index = 0; index < counts.stdio; index += 1) {
    servers.push({ transport: "stdio", command: "${node}", args: [program] });
  }
  const named = servers.map((server, index) => [
    `servers/s${index}.yaml`,
    JSON.stringify({ id: `s${index}`, ...server }),
  ]);
  return { ...Object.fromEntries(named), "policies/mcp_permissions.yaml": teamPolicy([]) };
}
