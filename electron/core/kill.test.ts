import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import { afterAll, beforeAll, expect, it } from "vitest";
import { build } from "vite";
import { z } from "zod";
import { createSystemClock } from "./clock.ts";
import { AuditLog } from "./journal/audit-chain.ts";
import { checkChain } from "./journal/audit-check.ts";
import { openDatabase } from "./journal/database.ts";

/** `npm run kill-test` kills a thousand times. */
const kills = Number(process.env.KILL_TEST_COUNT ?? 10);
/** A start takes about a second; the last kill comes long before this. */
const perKillMs = 6_000;
/** A core lives this long at most once its first call was made, milliseconds: long enough for many more. */
const mostLifeMs = 300;
/** One in so many is killed while it starts, and finishes what the one before left. */
const earlyOneIn = 8;

const app = resolve(import.meta.dirname, "../..");
let folder: string;
let child: string;
let server: Server;
/** How often the server was really asked to wipe a path. */
const arrived = new Map<string, number>();
/** How many were killed before they had made a call. */
let deathsAtStart = 0;

beforeAll(async () => {
  mkdirSync(join(app, ".cache"), { recursive: true });
  folder = mkdtempSync(join(app, ".cache/kill-"));
  await build({
    ...{ configFile: false, root: app, logLevel: "warn" },
    ssr: { noExternal: true, external: ["libsql"] },
    build: {
      ...{ ssr: "electron/core/fixtures/kill-child.ts", outDir: join(folder, "built"), target: "node20" },
      rolldownOptions: { output: { entryFileNames: "child.js", codeSplitting: false } },
    },
  });
  child = join(folder, "built/child.js");
  server = await startServer();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
  for (const [name, text] of [
    ["servers/files.yaml", `id: files\ntransport: http\nurl: ${url}\n`],
    ["policies/mcp_permissions.yaml", "default_permission: REQUIRE_APPROVAL\n"],
  ] as const) {
    mkdirSync(join(folder, "catalog", name, ".."), { recursive: true });
    writeFileSync(join(folder, "catalog", name), text);
  }
}, 60_000);

afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

it(
  "killed at random moments while tickets are made, approved and executed, loses no acknowledged ticket, executes none twice, and its chain verifies",
  async () => {
    const acknowledged = new Map<string, Set<string>>();
    for (let kill = 0; kill < kills; kill += 1) await liveAndDie(acknowledged);

    const { database } = openDatabase(join(folder, "data/journal.sqlite"), createSystemClock());
    const rows = database.all("SELECT id, state, executed_at, args FROM tickets");
    const tickets = new Map(rows.map((row) => [String(row.id), row]));
    for (const [id, told] of acknowledged) {
      const ticket = tickets.get(id);
      expect(ticket, `ticket ${id} was acknowledged as ${[...told].join(", ")}`).toBeDefined();
      if (told.has("approved")) expect(ticket!.state).toBe("approved");
      if (told.has("executed")) expect(ticket!.executed_at).not.toBeNull();
    }
    const executed = rows.filter((row) => row.executed_at !== null);
    const paths = executed.map((row) => (JSON.parse(String(row.args)) as { path: string }).path);
    for (const [path, count] of arrived) {
      expect(count, `calls for ${path}`).toBe(1);
      expect(paths).toContain(path);
    }
    expect(arrived.size).toBeGreaterThan(0);
    expect(acknowledged.size).toBeGreaterThan(kills);
    const audit = new AuditLog({ database, clock: createSystemClock(), redact: (value) => value });
    const chain = await checkChain([audit.stored(0, Number.MAX_SAFE_INTEGER)], audit.seals());
    expect(chain.fault).toBeNull();
    database.close();
    const countOf = (state: string) => rows.filter((row) => row.state === state).length;
    const figures = {
      ...{ kills, killedAtStart: deathsAtStart, tickets: rows.length, acknowledged: acknowledged.size },
      ...{ approved: countOf("approved"), interrupted: countOf("interrupted"), executed: executed.length },
      ...{ arrived: arrived.size, auditRecords: chain.records },
    };
    if (process.env.KILL_TEST_REPORT) writeFileSync(process.env.KILL_TEST_REPORT, JSON.stringify(figures));
  },
  60_000 + kills * perKillMs,
);

/** Starts a core on the folder, lets it live for a random while, and kills it by its id. */
async function liveAndDie(acknowledged: Map<string, Set<string>>): Promise<void> {
  const core = spawn(process.execPath, [child, folder, app], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(core, "exit");
  const dead = setTimeout(() => core.kill("SIGKILL"), perKillMs);
  const kill = (mostMs: number) => setTimeout(() => core.kill("SIGKILL"), Math.random() * mostMs);
  if (Math.random() < 1 / earlyOneIn) kill(1_000);
  let isCalling = false;
  const lines = createInterface(core.stdout);
  lines.on("line", (line) => {
    const [what = "", id] = line.split(" ");
    if (what === "called" && !isCalling) kill(mostLifeMs);
    isCalling ||= what === "called";
    if (id !== undefined) acknowledged.set(id, (acknowledged.get(id) ?? new Set()).add(what));
  });
  const [code, signal] = (await ended) as [number | null, string | null];
  clearTimeout(dead);
  if (!isCalling) deathsAtStart += 1;
  expect({ code, signal }).toEqual({ code: null, signal: "SIGKILL" });
}

async function startServer(): Promise<Server> {
  const handler = createMcpHandler(() => {
    const files = new McpServer({ name: "files", version: "1.0.0" });
    files.registerTool("wipe", { description: "wipes", inputSchema: z.object({ path: z.string() }) }, ({ path }) => {
      arrived.set(path, (arrived.get(path) ?? 0) + 1);
      return { content: [{ type: "text", text: path }] };
    });
    return files;
  });
  const http = createServer((request, response) => {
    void (async () => {
      let body = "";
      for await (const chunk of request) body += String(chunk);
      const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]);
      const asked = { method: request.method ?? "POST", headers, ...(body !== "" && { body }) };
      const answer = await handler.fetch(new Request(`http://${request.headers.host}${request.url}`, asked));
      response.writeHead(answer.status, Object.fromEntries(answer.headers));
      for await (const chunk of answer.body ?? []) response.write(chunk);
      response.end();
    })().catch(() => response.destroy());
  });
  await new Promise<void>((listening) => http.listen(0, "127.0.0.1", listening));
  return http;
}
