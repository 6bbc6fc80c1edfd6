/** What stands between a client and its servers: our gateway, and the packages that others run in its place. */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stop } from "../child.ts";
import { freePort } from "../../electron/core/fixtures/free-port.ts";

export type Peer = {
  name: string;
  /** Whether several servers can stand behind one of it. */
  isMany: boolean;
  /** Starts it before so many echo servers, and resolves as soon as its process runs. */
  start(servers: number, folder: string): Promise<RunningPeer>;
};

export type RunningPeer = AsyncDisposable & {
  url: string;
  headers: Record<string, string>;
  /** The process that stands between; not those of the servers. */
  pid: number;
  /** What the echo tool of the server with this number is called. */
  echo(server: number): string;
};

/** Fixed, so that a figure means the same tomorrow. */
const versions = {
  "mcp-proxy": "6.7.19",
  supergateway: "4.0.0",
};
const source = join(import.meta.dirname, "../../bench/gateway");
export const echoServer = join(source, "echo-server.mjs");
/** Whatever a peer listens on, it listens on loopback. */
const loopback = join(source, "../../e2e/conformance/listen-on-loopback.mjs");
const patienceMs = 30_000;

/** @param app the application's folder, built */
export function ourGateway(app: string): Peer {
  const cli = join(app, "out/main/cli.js");
  return {
    name: "switchgear",
    isMany: true,
    start: async (servers, folder) => {
      const files = Object.fromEntries(
        Array.from({ length: servers }, (_, index) => [
          `servers/echo-${index}.yaml`,
          `id: echo-${index}\ntransport: stdio\ncommand: \${node}\nargs: [${JSON.stringify(echoServer)}]\n`,
        ]),
      );
      writeFiles(join(folder, "catalog"), {
        "policies/mcp_permissions.yaml": "default_permission: ALWAYS\n",
        ...files,
      });
      const env = {
        ...process.env,
        MAGSAG_MCP_ENABLED: "true",
        SWITCHGEAR_CATALOG: join(folder, "catalog"),
        SWITCHGEAR_DATA: join(folder, "data"),
      };
      const known = join(folder, "token");
      if (!existsSync(known)) {
        writeFileSync(known, execFileSync(process.execPath, [cli, "token", "create", "gateway", "bench"], { env }));
      }
      const port = await freePort();
      const headers = { authorization: `Bearer ${readFileSync(known, "utf8").trim()}` };
      const child = spawn(process.execPath, [cli, "serve", "--port", String(port)], { env, stdio: "ignore" });
      return running(child, `http://127.0.0.1:${port}/mcp`, { headers, echo: (server) => `echo-${server}__echo` });
    },
  };
}

/**
 * The packages of others that put a stdio server behind streamable HTTP, fetched from the registry into the cache. What serves the older SSE transport
 * alone, or takes HTTP servers alone, is not among them.
 */
export function fetchPeers(): Peer[] {
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "switchgear/bench-peers");
  const manifest = JSON.stringify({ private: true, dependencies: versions });
  const file = join(folder, "package.json");
  if (!existsSync(file) || readFileSync(file, "utf8") !== manifest) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, manifest);
    execFileSync("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: folder, stdio: "ignore" });
  }
  const bin = (name: string) => join(folder, "node_modules/.bin", name);
  const echo = [process.execPath, echoServer];
  return [
    {
      name: "mcp-proxy",
      isMany: false,
      start: () =>
        one(bin("mcp-proxy"), (port) => ["--host", "127.0.0.1", "--port", port, "--server", "stream", "--", ...echo]),
    },
    {
      name: "supergateway",
      isMany: false,
      start: () =>
        one(bin("supergateway"), (port) => [
          ...["--stdio", echo.join(" "), "--outputTransport", "streamableHttp", "--stateful"],
          ...["--logLevel", "none", "--port", port],
        ]),
    },
  ];
}

async function one(
  program: string,
  args: (port: string) => string[],
  echo: RunningPeer["echo"] = () => "echo",
): Promise<RunningPeer> {
  const port = await freePort();
  const child = spawn(process.execPath, ["--import", loopback, program, ...args(String(port))], { stdio: "ignore" });
  return running(child, `http://127.0.0.1:${port}/mcp`, { echo });
}

function running(
  child: ChildProcess,
  url: string,
  { headers = {}, echo }: Partial<RunningPeer> & Pick<RunningPeer, "echo">,
): RunningPeer {
  return {
    ...{ url, headers, echo, pid: child.pid! },
    [Symbol.asyncDispose]: () => stop(child),
  };
}

/** Tries until it succeeds. @throws the last failure, after half a minute */
export async function untilItWorks<T>(work: () => Promise<T>): Promise<T> {
  const until = performance.now() + patienceMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (performance.now() > until) throw error;
      await sleep(5);
    }
  }
}

function writeFiles(folder: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}
