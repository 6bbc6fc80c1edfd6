/** What stands between a client and its servers, as the measurements see it. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stop } from "../child.ts";
import { freePort } from "../../electron/core/fixtures/free-port.ts";

export type Peer = {
  /** What `--peers` calls it. */
  id: string;
  name: string;
  /** A reference is no rival: it does what no gateway may leave out. */
  kind: "reference" | "ours" | "rival";
  /** Whether several servers can stand behind one of it. */
  isMany: boolean;
  /** Starts it before so many echo servers, and resolves as soon as its process runs. */
  start(servers: number, folder: string): Promise<RunningPeer>;
};

export type RunningPeer = AsyncDisposable & {
  url: string;
  headers: Record<string, string>;
  /** `events`: the older transport, HTTP with server-sent events. */
  transport: "http" | "events";
  /** The process that stands between; not those of the servers. */
  pid: number;
  /** What the echo tool of the server with this number is called. */
  echo(server: number): string;
};

export const source = join(import.meta.dirname, "../../bench/gateway");
export const echoServer = join(source, "echo-server.mjs");
const patienceMs = 30_000;

type Program = {
  /** For Node, once the port is known. */
  args: (port: string) => string[];
  env?: Record<string, string>;
} & Partial<Pick<RunningPeer, "headers" | "transport" | "echo">>;

/** Runs a program that listens at `/mcp` of a free port. */
export async function runPeer({ args, env, headers = {}, transport = "http", echo }: Program): Promise<RunningPeer> {
  const port = await freePort();
  const child = spawn(process.execPath, args(String(port)), { stdio: "ignore", env: { ...process.env, ...env } });
  return {
    ...{ url: `http://127.0.0.1:${port}/mcp`, headers, transport, pid: child.pid! },
    echo: echo ?? (() => "echo"),
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
