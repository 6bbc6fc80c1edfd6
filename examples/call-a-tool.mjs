// Calls one tool of one server, here a process, and hears of its progress while it runs.
import { createRequire } from "node:module";
import { AsyncMCPClient, TransportType } from "switchgear/client";

const server = createRequire(import.meta.url).resolve("@modelcontextprotocol/server-everything/dist/index.js");

const client = new AsyncMCPClient({
  serverName: "everything",
  transport: TransportType.STDIO,
  config: { command: process.execPath, args: [server, "stdio"], timeout: 10_000 },
  retryConfig: { max_attempts: 3, base_delay_ms: 100 },
  circuitBreakerConfig: { failure_threshold: 5, timeout_seconds: 60 },
});

try {
  await client.initialize();
  console.log("health:", (await client.checkHealth()).healthy);

  const sum = await client.invoke({ tool: "get-sum", args: { a: 2, b: 3 } });
  console.log("sum:", sum.content[0]);

  await client.invoke({
    tool: "trigger-long-running-operation",
    args: { duration: 0.3, steps: 3 },
    onProgress: ({ progress, total }) => console.log(`progress: ${progress} of ${total}`),
  });

  console.log("circuit:", client.getCircuitState().kind);
} finally {
  await client.close();
}
