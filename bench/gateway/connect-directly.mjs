// Connects to so many echo servers at once, with the SDK's client and nothing between, says so, and ends.
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

const server = join(import.meta.dirname, "echo-server.mjs");
const clients = Array.from({ length: Number(process.argv[2]) }, async () => {
  const client = new Client({ name: "bench", version: "0.0.0" });
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [server], stderr: "ignore" }));
  await client.listTools();
  return client;
});
const connected = await Promise.all(clients);
process.stdout.write("listed\n");
await Promise.all(connected.map((client) => client.close()));
