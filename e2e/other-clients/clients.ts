/** Clients that nobody here wrote, each reduced to listing tools and calling one. */
import { execFile } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { Client as OlderClient, type ClientOptions } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as OlderStdioTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport as OlderHttpTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { inject } from "vitest";
import type { Way } from "./fleet.ts";

export type Answer = { text: string; isError: boolean };

export type OtherClient = AsyncDisposable & {
  /** The names of all tools. */
  list(): Promise<string[]>;
  call(tool: string, args: Record<string, unknown>): Promise<Answer>;
};

type Listed = { tools: { name: string }[] };
type Called = { content: unknown; isError?: boolean };

/** Each by the name that its token bears. */
export const otherClients: Record<string, (way: Way) => Promise<OtherClient>> = {
  "sdk-1.32": olderSdk,
  "client-2.4": newerSdk,
  inspector: (way) => Promise.resolve(inspector(way)),
  mcporter: (way) => Promise.resolve(mcporter(way)),
};

const processMs = 120_000;

export async function connectOlder(way: Way, options: ClientOptions = {}): Promise<OlderClient> {
  const client = new OlderClient({ name: "sdk", version: "1" }, options);
  const transport =
    way.kind === "http"
      ? new OlderHttpTransport(new URL(way.url), { requestInit: bearer(way.token) })
      : new OlderStdioTransport({ ...way, stderr: "ignore" });
  await client.connect(transport);
  return client;
}

async function olderSdk(way: Way): Promise<OtherClient> {
  const client = await connectOlder(way);
  return {
    list: async () => namesOf(await client.listTools()),
    call: async (name, args) => answerOf((await client.callTool({ name, arguments: args })) as Called),
    [Symbol.asyncDispose]: () => client.close(),
  };
}

async function newerSdk(way: Way): Promise<OtherClient> {
  const client = new Client({ name: "client", version: "1" }, { versionNegotiation: { mode: "auto" } });
  const transport =
    way.kind === "http"
      ? new StreamableHTTPClientTransport(new URL(way.url), { requestInit: bearer(way.token) })
      : new StdioClientTransport({ ...way, stderr: "ignore" });
  await client.connect(transport);
  return {
    list: async () => namesOf(await client.listTools(undefined, { cacheMode: "bypass" })),
    call: async (name, args) => answerOf(await client.callTool({ name, arguments: args })),
    [Symbol.asyncDispose]: () => client.close(),
  };
}

/** `@modelcontextprotocol/inspector --cli`: one process a request. */
function inspector(way: Way): OtherClient {
  const config = writeConfig(way);
  const program = "@modelcontextprotocol/inspector/clients/launcher/build/index.js";
  const ask = (...args: string[]) => run([program, "--cli", "--config", config, "--server", "switchgear", ...args]);
  return {
    list: async () => namesOf((await ask("--method", "tools/list")) as Listed),
    call: async (tool, args) => {
      const pairs = Object.entries(args).map(
        ([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
      );
      const given = pairs.length > 0 ? ["--tool-arg", ...pairs] : [];
      return answerOf((await ask("--method", "tools/call", "--tool-name", tool, ...given)) as Called);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** `mcporter`: one process a request. Of a result that is structured it prints that alone. */
function mcporter(way: Way): OtherClient {
  const config = writeConfig(way);
  const ask = (...args: string[]) => run(["mcporter/dist/cli.js", "--config", config, ...args]);
  return {
    list: async () => namesOf((await ask("list", "switchgear", "--json")) as Listed),
    call: async (tool, args) => {
      const given = ["--args", JSON.stringify(args), "--output", "json", "--timeout", String(processMs)];
      const printed = (await ask("call", `switchgear.${tool}`, ...given)) as Called;
      return Array.isArray(printed.content) ? answerOf(printed) : { text: JSON.stringify(printed), isError: false };
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** The file that both read. */
function writeConfig(way: Way): string {
  const file = join(mkdtempSync(join(tmpdir(), "switchgear-client-")), "mcp.json");
  const { kind, ...rest } = way;
  const server =
    way.kind === "http"
      ? { type: "http", url: way.url, headers: bearer(way.token).headers }
      : { type: "stdio", ...rest };
  writeFileSync(file, JSON.stringify({ mcpServers: { switchgear: server }, ...(kind && { imports: [] }) }));
  return file;
}

/** What a program of another prints: JSON. A call that failed ends it with another code than 0, and is printed all the same. */
function run([program, ...args]: [string, ...string[]]): Promise<unknown> {
  const { node, folder } = inject("otherPackages");
  const home = mkdtempSync(join(tmpdir(), "switchgear-home-"));
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    USERPROFILE: home,
    XDG_CONFIG_HOME: home,
    MCP_AUTO_OPEN_ENABLED: "false",
  };
  return new Promise((resolve, reject) => {
    const file = join(folder, "node_modules", program);
    execFile(
      node,
      [file, ...args],
      { env, cwd: home, timeout: processMs, maxBuffer: 16 * 1_048_576 },
      (error, stdout, stderr) => {
        try {
          resolve(JSON.parse(stdout));
        } catch {
          reject(new Error(`${program} ${args.join(" ")}\n${stdout}\n${stderr}`, { cause: error }));
        }
      },
    ).stdin!.end();
  });
}

function bearer(token: string): { headers: Record<string, string> } {
  return { headers: { authorization: `Bearer ${token}` } };
}

export function namesOf({ tools }: Listed): string[] {
  return tools.map(({ name }) => name);
}

export function answerOf({ content, isError = false }: Called): Answer {
  const texts = (content as { text?: string }[]).map(({ text = "" }) => text);
  return { text: texts.join("\n"), isError };
}
