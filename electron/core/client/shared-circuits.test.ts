import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { startFaultLab } from "../../fault-lab/start.ts";
import type { FaultLab } from "../ports.ts";
import { RedisServer } from "../resilience/fixtures/redis-server.ts";
import { AsyncMCPClient } from "./async-mcp-client.ts";
import { ClientManager } from "./client-manager.ts";
import { overHttp, textOf } from "./fixtures/servers.ts";

let lab: FaultLab;
let redis: RedisServer;
beforeAll(async () => {
  lab = await startFaultLab();
  redis = await RedisServer.start();
});
afterAll(async () => {
  await lab.close();
  await redis.kill();
});

const options = () => ({
  ...overHttp(lab),
  circuitBreakerConfig: { failure_threshold: 2 },
  env: { SWITCHGEAR_REDIS_URL: redis.url },
});

it("a client and a manager of another program have one circuit for a server, until one resets it", async () => {
  await using client = new AsyncMCPClient({ serverName: "lab", ...options() });
  await using manager = new ClientManager({ servers: { lab: overHttp(lab) }, env: options().env });
  await manager.call("lab", "echo", { message: "a" });
  for (const _ of [1, 2]) await expect(client.invoke({ tool: "disconnect" })).rejects.toThrow();
  expect(client.getCircuitState()).toMatchObject({ kind: "open" });
  await vi.waitFor(() => expect(manager.getCircuitState("lab")).toMatchObject({ kind: "open" }));
  await expect(manager.call("lab", "echo", { message: "b" })).rejects.toMatchObject({ code: "circuit_open" });
  client.resetCircuit();
  await vi.waitFor(() => expect(manager.getCircuitState("lab")).toMatchObject({ kind: "closed" }));
  expect(textOf(await manager.call("lab", "echo", { message: "c" }))).toBe("c");
  await manager.closeAllSessions();
  expect(textOf(await manager.call("lab", "echo", { message: "d" }))).toBe("d");
});

it("a closed client has left Redis, and a call of it opens nothing", async () => {
  const client = new AsyncMCPClient({ serverName: "lab", ...options() });
  await client.initialize();
  await client.close();
  await expect(client.invoke({ tool: "echo" })).rejects.toMatchObject({ code: "connection_failed" });
  const { createClient } = await import("redis");
  const admin = await createClient({ url: redis.url }).connect();
  expect(await admin.zCard("switchgear:instances")).toBe(0);
  await vi.waitFor(async () => expect(await admin.clientList()).toHaveLength(1));
  admin.destroy();
});

it.each([AsyncMCPClient, ClientManager])("a URL that cannot be used is named before anything is dialled", (Client) => {
  const env = { SWITCHGEAR_REDIS_URL: "http://:hunter2@cache" };
  const create = () => new Client({ serverName: "lab", servers: {}, ...overHttp(lab), env });
  expect(create).toThrow(/^SWITCHGEAR_REDIS_URL cannot be used(?!.*hunter2)/);
});
