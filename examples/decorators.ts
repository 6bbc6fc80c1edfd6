// Methods and functions bound to tools. Standard decorators: compile with tsc, and leave `experimentalDecorators` off.
import { createRequire } from "node:module";
import {
  callTool,
  ClientManager,
  mcpAuthenticated,
  mcpCached,
  mcpTool,
  TransportType,
  type ToolResult,
} from "switchgear/client";

const server = createRequire(import.meta.url).resolve("@modelcontextprotocol/server-everything/dist/index.js");

class Everything {
  calls = 0;

  @mcpCached({ ttlSeconds: 60, maxEntries: 100 })
  @mcpTool({ server: "everything", tool: "get-sum", timeout: 5_000, retryAttempts: 2 })
  async sum(a: number, b: number): Promise<number> {
    this.calls += 1;
    return Number(/(\d+)\.?$/.exec(textOf(await callTool({ a, b })))?.[1]);
  }

  @mcpAuthenticated({ authEnvVar: "EXAMPLE_TOKEN", authType: "bearer" })
  @mcpTool({ server: "everything", tool: "get-env" })
  async environment(): Promise<Record<string, string>> {
    return JSON.parse(textOf(await callTool()));
  }
}

/** The same as a wrapper: the type of the function stays what it is. */
const echo: (message: string) => Promise<string> = mcpTool({ server: "everything", tool: "echo" })(
  async (message: string) => textOf(await callTool({ message })),
);

function textOf({ content: [first] }: ToolResult): string {
  return first && "text" in first ? String(first.text) : "";
}

const manager = new ClientManager({
  env: { ...process.env, EXAMPLE_TOKEN: "not-a-real-token" },
  servers: {
    everything: { transport: TransportType.STDIO, config: { command: process.execPath, args: [server, "stdio"] } },
  },
});

try {
  await manager.run(async () => {
    const everything = new Everything();
    const sums = await Promise.all([everything.sum(2, 3), everything.sum(2, 3)]);
    sums.push(await everything.sum(2, 3));
    console.log(`sums: ${sums.join(", ")}; calls: ${everything.calls}`);
    console.log("echo:", await echo("hello"));
    console.log("the process has the token:", "EXAMPLE_TOKEN" in (await everything.environment()));
  });
} finally {
  await manager.closeAllSessions();
}
