import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { forwardWithBearer } from "./bearer-forwarder.ts";
import type { Revision, Tested } from "./suite.ts";

/** The fixture, spoken to as each revision has it, so that what it asks goes the way that the revision knows. */
const servers: Record<Revision | "tasks", { id: string; protocol: string; program: string }> = {
  "2025-11-25": { id: "older", protocol: "legacy", program: "fixture-server.js" },
  "2026-07-28": { id: "newer", protocol: "modern", program: "fixture-server.js" },
  tasks: { id: "tasks", protocol: "modern", program: "../../electron/core/fixtures/newer-task-server.mjs" },
};
const readyMs = 30_000;

const execute = promisify(execFile);

/** `switchgear serve` with the fixture behind it, which the suite reaches at the address of that one server. */
export async function openGateway(): Promise<Tested> {
  const folder = mkdtempSync(join(tmpdir(), "switchgear-conformance-"));
  const cli = join(import.meta.dirname, "cli.js");
  const env = { ...process.env, ...writeCatalog(folder) };
  const { stdout } = await execute(process.execPath, [cli, "token", "create", "gateway", "suite"], { env });
  const serving = spawn(process.execPath, [cli, "serve", "--port", "0"], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const end = async () => {
    const ended = once(serving, "close");
    if (serving.exitCode === null && serving.kill("SIGTERM")) await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const gateway = new URL(await addressOf(serving));
    const forwarder = await forwardWithBearer(gateway, stdout.trim());
    const addressOfServer = (id: string) => `${forwarder.origin}${gateway.pathname}/${id}`;
    const target: Tested["target"] = ({ revision, extension }) => addressOfServer(servers[extension ?? revision].id);
    const close = async () => {
      await forwarder.close();
      await end();
    };
    for (const { id } of Object.values(servers)) await untilOffered(addressOfServer(id));
    return { target, close };
  } catch (error) {
    await end();
    throw error;
  }
}

/** @returns the environment that makes the command line use it */
function writeCatalog(folder: string): Record<string, string> {
  const catalog = join(folder, "catalog");
  const files = Object.values(servers).map(({ id, protocol, program }) => {
    const args = [join(import.meta.dirname, program)];
    const file = {
      id,
      protocol,
      transport: "stdio",
      command: process.execPath,
      args,
      keep_alive: 0,
      sampling: "allow",
    };
    return [`servers/${id}.yaml`, JSON.stringify(file)] as const;
  });
  for (const [name, text] of [...files, ["policies/mcp_permissions.yaml", "default_permission: ALWAYS\n"] as const]) {
    mkdirSync(join(catalog, name, ".."), { recursive: true });
    writeFileSync(join(catalog, name), text);
  }
  return { SWITCHGEAR_CATALOG: catalog, SWITCHGEAR_DATA: join(folder, "data"), MAGSAG_MCP_ENABLED: "true" };
}

/** @throws where it ends instead */
async function addressOf({ stdout }: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: stdout! })) {
    const address = /^gateway at (\S+)/.exec(line)?.[1];
    if (address === undefined) continue;
    stdout!.resume();
    return address;
  }
  throw new Error("The gateway did not start.");
}

/** @throws where the server's tools do not come */
async function untilOffered(address: string): Promise<void> {
  const until = performance.now() + readyMs;
  const client = new Client({ name: "conformance", version: "1" }, { versionNegotiation: { mode: "auto" } });
  await client.connect(new StreamableHTTPClientTransport(new URL(address)));
  try {
    while ((await client.listTools(undefined, { cacheMode: "bypass" })).tools.length === 0) {
      if (performance.now() > until) throw new Error(`No tools came at ${address}.`);
      await pause(100);
    }
  } finally {
    await client.close();
  }
}
