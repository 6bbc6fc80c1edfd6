/** A call through the whole path, journal on, against the same call on the bare SDK client. */
import { randomUUID } from "node:crypto";
import { setMaxListeners } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, StreamableHTTPClientTransport, type Transport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { everythingProgram, startEverything } from "./everything-over-http.ts";
import { openCore } from "./open-core.ts";
import { teamPolicy } from "./policies.ts";
import { ratio, time, type Row } from "./report.ts";
import { compare, type Comparison, type Load } from "./versus.ts";

const args = { message: "hello" };
/** As many calls at once as a busy client has. */
const atOnce = 64;
const aims = { stdio: 1.15, http: 1.1 };

export type Wire = keyof typeof aims;

/** @param app the application's folder. @param rounds of each measurement; the middle one counts. */
export async function measureCallPath(wire: Wire, app: string, rounds: number): Promise<Row[]> {
  await using http = wire === "http" ? await startEverything() : null;
  const folder = mkdtempSync(join(tmpdir(), "switchgear-bench-"));
  const core = await openCore(app, folder, files(http?.url), "on-demand");
  const client = await connectBare(http?.url);
  try {
    const bare = { run: () => client.callTool({ name: "echo", arguments: args }) };
    const ours = {
      run: () => core.invoke({ id: randomUUID(), server: "bench", tool: "echo", args, client: "library" }),
      settle: () => core.journal.flush(),
    };
    const sequential: Load = { concurrency: 1, rounds, blocks: 10, callsPerBlock: 100 };
    const parallel: Load = { concurrency: atOnce, rounds, blocks: 2, callsPerBlock: 10 * atOnce };
    return [
      ...rowsOf(`${wire}, one at a time`, await compare(ours, bare, sequential), aims[wire]),
      ...rowsOf(`${wire}, ${atOnce} at once`, await compare(ours, bare, parallel)),
    ];
  } finally {
    await client.close();
    await core.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function rowsOf(name: string, { p50Ratio, timeRatio, ours, bare }: Comparison, aim?: number): Row[] {
  return [
    {
      name: `${name}: p50, ours / bare`,
      measured: ratio(p50Ratio),
      target: aim === undefined ? undefined : `≤ ${aim.toFixed(2)} ×`,
    },
    { name: "  p50, ours", measured: time(ours.p50) },
    { name: "  p50, bare", measured: time(bare.p50) },
    { name: "  whole time, writing the journal included, ours / bare", measured: ratio(timeRatio) },
  ];
}

function files(url: string | undefined): Record<string, string> {
  return { "policies/mcp_permissions.yaml": teamPolicy(["bench.echo"]), "servers/bench.yaml": serverFile(url) };
}

function serverFile(url: string | undefined): string {
  if (url !== undefined) return `id: bench\ntransport: http\nurl: ${url}\n`;
  return `id: bench\ntransport: stdio\ncommand: \${node}\nargs: [${JSON.stringify(everythingProgram)}, stdio]\n`;
}

async function connectBare(url: string | undefined): Promise<Client> {
  const transport: Transport =
    url === undefined
      ? new StdioClientTransport({ command: process.execPath, args: [everythingProgram, "stdio"], stderr: "ignore" })
      : new StreamableHTTPClientTransport(new URL(url), { fetch: quietFetch });
  const client = new Client({ name: "bench", version: "0.0.0" });
  await client.connect(transport);
  await client.listTools();
  return client;
}

/** Every request of a transport listens to the same signal until it is collected, of which Node warns by the thousand. */
const quietFetch: typeof fetch = (url, init) => {
  if (init?.signal) setMaxListeners(0, init.signal);
  return fetch(url, init);
};
