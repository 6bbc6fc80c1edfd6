import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { EventMessage } from "../../../shared/contract.ts";
import { serverConfigSchema } from "../../../shared/server.ts";
import type { CatalogServer } from "../catalog/load-servers.ts";
import { CoreEvents } from "../events.ts";
import { FakeClock } from "../fake-clock.ts";
import { silentLogger } from "../logger.ts";
import { fakeSecrets } from "../fake-secrets.ts";
import { Redactor } from "../secrets/redact.ts";
import { MemoryServer } from "./fixtures/memory-server.ts";
import { ServerManager } from "./manager.ts";

let clock: FakeClock;
let memory: MemoryServer;
let heard: EventMessage[];
let manager: ServerManager;

const entry = (id: string, settings: object = {}): CatalogServer => ({
  config: serverConfigSchema.parse({ id, transport: "websocket", url: "ws://127.0.0.1:1", ...settings }),
  file: `/catalog/servers/${id}.yaml`,
});

const until = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 1 });
const kinds = () => Object.fromEntries(manager.list().map(({ id, connection }) => [id, connection.kind]));
const heardOf = (name: EventMessage["name"]) =>
  heard.filter((event) => event.name === name).map(({ payload }) => payload);

function managerThat(connect: "all" | "on-demand"): ServerManager {
  const events = new CoreEvents(silentLogger);
  events.subscribe((event) => void heard.push(event));
  return new ServerManager({
    clock,
    events,
    version: "0.0.0",
    enabled: true,
    connect,
    random: () => 1,
    createTransport: memory.createTransport,
    target: {
      env: {},
      nodeRuntime: { command: "node", env: {} },
      placeholders: () => ({}),
      redactor: new Redactor(),
      vault: fakeSecrets(),
    },
  });
}

beforeEach(() => {
  clock = new FakeClock();
  memory = new MemoryServer();
  heard = [];
  manager = managerThat("all");
});

afterEach(async () => {
  await manager.close();
  expect(memory.sessions).toBe(0);
  expect(clock.pending).toBe(0);
});

describe("ServerManager", () => {
  it("connects every enabled server, and shows the rest", async () => {
    manager.apply([entry("a"), entry("b", { title: "Bee", description: "b" }), entry("c", { enabled: false })]);
    await until(() => expect(kinds()).toEqual({ a: "ready", b: "ready", c: "idle" }));
    expect(manager.list()[1]).toMatchObject({
      title: "Bee",
      target: "ws://127.0.0.1:1",
      file: "/catalog/servers/b.yaml",
      toolCount: 1,
      toolsStale: false,
      capabilities: ["tools"],
    });
    expect(manager.tools().map(({ server, tool }) => `${server}.${tool.name}`)).toEqual(["a.echo", "b.echo"]);
    expect(manager.log("a").map(({ text }) => text)).toEqual(["Connected: memory, protocol 2025-11-25."]);
    await expect(manager.connect("c")).rejects.toMatchObject({ code: "server_disabled" });
    expect(() => manager.connection("d")).toThrow(expect.objectContaining({ code: "unknown_server" }));
  });

  it("leaves the sessions of the others alone when one file is edited, and replaces that one's", async () => {
    manager.apply([entry("a"), entry("b")]);
    await until(() => expect(kinds()).toEqual({ a: "ready", b: "ready" }));
    const [a, b] = [await manager.connection("a").session(), await manager.connection("b").session()];
    manager.apply([entry("a"), entry("b", { timeout: 1234 })]);
    await until(() => expect(memory.dialled).toBe(3));
    await until(() => expect(kinds()).toEqual({ a: "ready", b: "ready" }));
    expect(await manager.connection("a").session()).toBe(a);
    expect(b.isOpen).toBe(false);
    expect(memory.sessions).toBe(2);
    expect(manager.list()[1]).toMatchObject({ timeoutMs: 1234 });
  });

  it("connects a server when it is asked for a session, where that is wanted", async () => {
    manager = managerThat("on-demand");
    manager.apply([entry("a"), entry("b")]);
    expect(kinds()).toEqual({ a: "idle", b: "idle" });
    await manager.connection("b").session();
    expect(kinds()).toEqual({ a: "idle", b: "ready" });
  });

  it("closes a server whose file is gone, and says so", async () => {
    manager.apply([entry("a"), entry("b")]);
    await until(() => expect(kinds()).toEqual({ a: "ready", b: "ready" }));
    heard = [];
    manager.apply([entry("a")]);
    expect(heard).toEqual([
      { name: "server.removed", payload: { server: "b" } },
      { name: "tools.changed", payload: { server: "b" } },
    ]);
    await until(() => expect(memory.sessions).toBe(1));
  });

  it("dials nothing while it is off, whoever asks", async () => {
    await manager.setEnabled(false);
    manager.apply([entry("a")]);
    await expect(manager.connect("a")).rejects.toMatchObject({ code: "mcp_disabled" });
    await expect(manager.connection("a").session()).rejects.toMatchObject({ code: "mcp_disabled" });
    manager.checkNow();
    await clock.advance(120_000);
    expect(memory.dialled).toBe(0);
  });

  it("closes everything when it is switched off, and connects again when it is on", async () => {
    manager.apply([entry("a"), entry("b")]);
    await until(() => expect(kinds()).toEqual({ a: "ready", b: "ready" }));
    await manager.setEnabled(false);
    expect(memory.sessions).toBe(0);
    expect(manager.list()[0]?.connection).toEqual({ kind: "closed", reason: "MCP is switched off." });
    expect(manager.tools().every(({ stale }) => stale)).toBe(true);
    await clock.advance(120_000);
    expect(memory.dialled).toBe(2);
    await manager.setEnabled(true);
    await until(() => expect(kinds()).toEqual({ a: "ready", b: "ready" }));
  });

  it("closes what is still connecting, too", async () => {
    memory.isSilent = true;
    manager.apply([entry("a")]);
    await until(() => expect(memory.received).toContain("initialize"));
    await manager.setEnabled(false);
    expect(memory.sessions).toBe(0);
    expect(kinds()).toEqual({ a: "closed" });
  });

  it("tells of real changes alone", async () => {
    manager.apply([entry("a")]);
    await until(() => expect(kinds()).toEqual({ a: "ready" }));
    const shown = heardOf("server.changed").map((view) => JSON.stringify(view));
    expect(new Set(shown).size).toBe(shown.length);
    expect(heardOf("tools.changed")).toEqual([{ server: "a" }]);
    heard = [];
    manager.apply([entry("a")]);
    await manager.connect("a");
    await manager.setEnabled(true);
    expect(heard).toEqual([]);
    await manager.disconnect("a");
    expect(heard.at(-1)).toMatchObject({ payload: { connection: { kind: "closed" }, toolsStale: true } });
    expect(heardOf("tools.changed")).toEqual([{ server: "a" }]);
  });

  it("connects the others where one cannot be connected", async () => {
    manager.apply([entry("a"), entry("b", { url: "${fault-lab-ws}" })]);
    await until(() => expect(kinds()).toEqual({ a: "ready", b: "parked" }));
    expect(manager.list()[1]).toMatchObject({
      target: "ws://127.0.0.1:‹free port›",
      connection: { cause: "configuration" },
    });
  });
});
