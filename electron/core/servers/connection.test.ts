import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { serverConfigSchema, type ConnectionState, type ServerConfig } from "../../../shared/server.ts";
import { MCPCancelledError, MCPClientError, MCPRefusedError, MCPTransportError } from "../errors.ts";
import type { CallLog } from "../../../shared/invocation.ts";
import { FakeClock } from "../fake-clock.ts";
import { Redactor } from "../secrets/redact.ts";
import type { ConnectionDeps } from "./connection-deps.ts";
import { ServerConnection } from "./connection.ts";
import { MemoryServer } from "./fixtures/memory-server.ts";
import type { CallAnswer } from "./session-call.ts";

const process = { id: "memory", transport: "stdio", command: "memory" };
const socket = { id: "memory", transport: "websocket", url: "ws://127.0.0.1:1" };

let clock: FakeClock;
let server: MemoryServer;
let states: ConnectionState["kind"][];
/** What is told of the last failure, each time it connects. */
let reasons: (string | undefined)[];
let connection: ServerConnection;

function connectionTo(settings: object = process, deps: Partial<ConnectionDeps> = {}): ServerConnection {
  const config: ServerConfig = serverConfigSchema.parse(settings);
  connection = new ServerConnection(config, {
    clock,
    version: "0.0.0",
    redactor: new Redactor(),
    random: () => 1,
    createTransport: server.createTransport,
    resolveTarget: () => ({ kind: "stdio", command: "memory", args: [], env: {}, maxResponseBytes: 1e6 }),
    assertAllowed: () => {},
    onChange: () => {
      const { state } = connection;
      if (states.at(-1) === state.kind) return;
      states.push(state.kind);
      if (state.kind === "connecting") reasons.push(state.reason);
    },
    onToolsChange: () => {},
    onOffersChange: () => {},
    onSession: () => {},
    onResourceUpdated: () => {},
    onProcess: () => {},
    ...deps,
  });
  return connection;
}

const until = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 1 });
const untilState = (kind: ConnectionState["kind"]) => until(() => expect(connection.state.kind).toBe(kind));
/** An error that no retry follows and no circuit counts. */
const isRefusal = (code: string) => (error: unknown) => error instanceof MCPRefusedError && error.code === code;
const toolNames = () => connection.tools.map(({ tool, stale }) => `${tool.name}${stale ? " (stale)" : ""}`);

beforeEach(() => {
  clock = new FakeClock();
  server = new MemoryServer();
  states = [];
  reasons = [];
});

afterEach(async () => {
  await connection.disconnect("The test is over.");
  expect(clock.pending).toBe(0);
  expect(server.sessions).toBe(0);
});

describe("a connection", () => {
  it("is idle until it is asked for a session, and then ready with its tools", async () => {
    connectionTo();
    expect(connection.state).toEqual({ kind: "idle" });
    await connection.session();
    expect(states).toEqual(["connecting", "ready"]);
    expect(connection.state).toMatchObject({
      serverName: "memory",
      serverVersion: "1.2.3",
      protocolVersion: "2025-11-25",
      pingMs: null,
    });
    expect(toolNames()).toEqual(["echo"]);
    expect(connection.capabilities).toEqual(["tools"]);
  });

  it("opens one session for everybody who asks at once, and keeps it", async () => {
    connectionTo();
    const sessions = await Promise.all([
      connection.session(),
      connection.session(),
      connection.connect().then(() => connection.session()),
    ]);
    expect(new Set(sessions).size).toBe(1);
    expect(await connection.session()).toBe(sessions[0]);
    expect(server.dialled).toBe(1);
  });

  it("lets one who gives up waiting go, and the others have their session", async () => {
    connectionTo();
    const controller = new AbortController();
    const impatient = connection.session(controller.signal);
    const patient = connection.session();
    controller.abort(new Error("enough"));
    await expect(impatient).rejects.toThrow("enough");
    expect((await patient).isOpen).toBe(true);
  });

  it("comes back after a drop, with its tools stale meanwhile", async () => {
    connectionTo();
    await connection.connect();
    server.crash();
    await untilState("reconnecting");
    expect(connection.state).toMatchObject({
      attempt: 1,
      nextAttemptAt: clock.wallNow() + 500,
      reason: "The process exited with code 1.",
    });
    expect(toolNames()).toEqual(["echo (stale)"]);
    server.toolNames = ["echo", "newer"];
    await clock.advance(499);
    expect(server.dialled).toBe(1);
    await clock.advance(1);
    await untilState("ready");
    expect(toolNames()).toEqual(["echo", "newer"]);
    expect(reasons).toEqual([undefined, "The process exited with code 1."]);
    expect(states).toEqual(["connecting", "ready", "reconnecting", "connecting", "ready"]);
  });

  it("spreads its attempts from nothing to a bound that doubles, up to 30 s", async () => {
    connectionTo(socket);
    server.refusal = new MCPTransportError("connection_failed", "nothing listens there", { sent: false });
    await expect(connection.connect()).rejects.toThrow("nothing listens there");
    for (const bound of [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]) {
      await untilState("reconnecting");
      expect(connection.state).toMatchObject({ nextAttemptAt: clock.wallNow() + bound });
      await clock.advance(bound);
    }
  });

  it("waits for as long as the server asks", async () => {
    connectionTo();
    server.refusal = new MCPTransportError("transport_error", "busy", { sent: true, status: 503, retryAfterMs: 7000 });
    await expect(connection.connect()).rejects.toMatchObject({ code: "connection_failed", sent: false, status: 503 });
    expect(connection.state).toMatchObject({ kind: "reconnecting", nextAttemptAt: clock.wallNow() + 7000 });
  });

  it("does not count attempts anew for a session that did not last", async () => {
    connectionTo(socket);
    await connection.connect();
    server.crash();
    await untilState("reconnecting");
    await clock.advance(500);
    await untilState("ready");
    server.crash();
    await untilState("reconnecting");
    expect(connection.state).toMatchObject({ attempt: 2 });
    await clock.advance(1000);
    await untilState("ready");
    await clock.advance(10_000);
    server.crash();
    await untilState("reconnecting");
    expect(connection.state).toMatchObject({ attempt: 1 });
  });

  it("tries at once for a call that comes during the pause", async () => {
    connectionTo();
    await connection.connect();
    server.crash();
    await untilState("reconnecting");
    expect((await connection.session()).isOpen).toBe(true);
    expect(connection.state.kind).toBe("ready");
  });

  it("parks a process that exits three times within five minutes, with its last words", async () => {
    let say: (text: string) => void = () => {};
    connectionTo(process, {
      createTransport: (target, deps) => (
        (say = (text) => deps.onLine("stderr", text)),
        server.createTransport(target, deps)
      ),
    });
    await connection.connect();
    for (const exit of [1, 2, 3]) {
      await untilState("ready");
      say(`panic ${exit}`);
      server.crash();
      await until(() => expect(connection.state.kind).not.toBe("ready"));
      if (exit < 3) await clock.advance(1000);
    }
    expect(connection.state).toMatchObject({
      kind: "parked",
      cause: "exits",
      stderr: ["panic 1", "panic 2", "panic 3"],
    });
    await clock.advance(600_000);
    expect(server.dialled).toBe(3);
    await expect(connection.session()).rejects.toSatisfy(isRefusal("connection_failed"));
    await connection.connect();
    expect(connection.state.kind).toBe("ready");
  });

  it("does not park a process whose exits are far apart", async () => {
    connectionTo({ ...process, keep_alive: 0 });
    await connection.connect();
    for (let exit = 0; exit < 4; exit++) {
      server.crash();
      await untilState("reconnecting");
      await clock.advance(1000);
      await untilState("ready");
      await clock.advance(150_000);
    }
    expect(connection.state.kind).toBe("ready");
  });

  it("parks where credentials are asked for, at the handshake or at a call", async () => {
    connectionTo();
    server.refusal = new MCPTransportError("needs_sign_in", "asks for credentials", {
      sent: true,
      status: 401,
      hint: "Add them.",
    });
    await expect(connection.connect()).rejects.toMatchObject({ code: "needs_sign_in", sent: false });
    expect(connection.state).toMatchObject({ kind: "parked", cause: "needs_sign_in", hint: "Add them." });
    await clock.advance(600_000);
    await expect(connection.session()).rejects.toSatisfy(isRefusal("needs_sign_in"));
    expect(server.dialled).toBe(1);

    server.refusal = null;
    await connection.connect();
    const session = await connection.session();
    server.crash({ code: "needs_sign_in", message: "signed out" });
    await until(() =>
      expect(connection.state).toMatchObject({ kind: "parked", cause: "needs_sign_in", reason: "signed out" }),
    );
    expect(session.isOpen).toBe(false);
  });

  it.each([
    [
      "a program that is not there",
      new MCPTransportError("connection_failed", "no program", {
        sent: false,
        cause: Object.assign(new Error(), { code: "ENOENT", syscall: "spawn x" }),
      }),
    ],
    ["a setting that cannot be used", new MCPClientError("config_invalid", "no variable")],
  ])("parks for %s", async (_, error) => {
    connectionTo(process, {
      resolveTarget: () => {
        throw error;
      },
    });
    await expect(connection.connect()).rejects.toBe(error);
    expect(connection.state).toMatchObject({ kind: "parked", cause: "configuration", reason: error.message });
    await expect(connection.session()).rejects.toSatisfy(isRefusal("config_invalid"));
  });

  it("pings a session that was silent for longer than keep_alive before it hands it out", async () => {
    connectionTo({ ...process, keep_alive: 30_000 });
    const session = await connection.session();
    server.received = [];
    // The machine slept: time went on, and no timer fired.
    const now = clock.now();
    vi.spyOn(clock, "now").mockImplementation(() => now + 30_001);
    expect(await connection.session()).toBe(session);
    expect(server.received).toEqual(["ping"]);
    expect(await connection.session()).toBe(session);
    expect(server.received).toEqual(["ping"]);
  });

  it("replaces a dead session once before a call fails", async () => {
    connectionTo({ ...process, keep_alive: 30_000 });
    const dead = await connection.session();
    const now = vi.spyOn(clock, "now").mockReturnValue(40_000);
    server.hang();
    const asked = connection.session();
    await until(() => expect(server.received.at(-1)).toBe("ping"));
    now.mockRestore();
    await clock.advance(5000);
    const next = await asked;
    expect(next).not.toBe(dead);
    expect(next.isOpen && !dead.isOpen).toBe(true);
    expect(server.dialled).toBe(2);
  });

  it("is degraded after one missed ping and connects anew after two", async () => {
    connectionTo({ ...process, keep_alive: 30_000 });
    await connection.connect();
    await clock.advance(30_000);
    await until(() => expect(connection.state).toMatchObject({ kind: "ready", pingMs: 0 }));
    server.isSilent = true;
    await clock.advance(35_000);
    await untilState("degraded");
    server.isSilent = false;
    await clock.advance(5000);
    await untilState("ready");

    server.isSilent = true;
    await clock.advance(35_000);
    await untilState("degraded");
    await clock.advance(9_000);
    await untilState("reconnecting");
    expect(connection.state).toMatchObject({ reason: expect.stringContaining("did not answer a ping") });
    server.isSilent = false;
    await clock.advance(500);
    await untilState("ready");
  });

  it("pings once for all who ask after the world changed, and hands out no session that does not answer", async () => {
    connectionTo({ ...process, keep_alive: 0 });
    const before = await connection.session();
    connection.checkNow();
    server.received = [];
    const [one, two] = await Promise.all([connection.session(), connection.session()]);
    expect([one, two]).toEqual([before, before]);
    expect(server.received.filter((method) => method === "ping").length).toBeLessThanOrEqual(2);
    await connection.session();
    server.hang();
    connection.checkNow();
    const asked = connection.session();
    await clock.advance(5_000);
    expect(await asked).not.toBe(before);
  });

  it("leaves a process alone that is at work when the world changed: it may have no time for a ping", async () => {
    connectionTo({ ...process, keep_alive: 0 });
    const session = await connection.session();
    server.hang();
    const call = new AbortController();
    const working = session.callTool("echo", {}, { signal: call.signal }).catch(() => {});
    server.received = [];
    connection.checkNow();
    expect(await connection.session()).toBe(session);
    await clock.advance(60_000);
    expect(connection.state.kind).toBe("ready");
    expect(server.received).toEqual([]);
    call.abort();
    await working;
  });

  it("looks at a server that is dialled before another call is sent to it, though it is at work", async () => {
    connectionTo({ ...socket, keep_alive: 0 });
    const before = await connection.session();
    server.hang();
    const lost = expect(before.callTool("echo", {})).rejects.toMatchObject({ code: "transport_error", sent: true });
    connection.checkNow();
    const asked = connection.session();
    await clock.advance(5_000);
    expect(await asked).not.toBe(before);
    await lost;
  });

  it("shows progress that comes after its call has ended, and tells nobody", async () => {
    connectionTo();
    const session = await connection.session();
    const onProgress = vi.fn();
    await session.callTool("echo", {}, { onProgress });
    server.notify("notifications/progress", { progressToken: 1_000_000_000, progress: 1 });
    await clock.advance(0);
    expect(onProgress).not.toHaveBeenCalled();
    expect(connection.log().at(-1)?.text).toContain("unknown token");
  });

  it("looks at once when the world changed", async () => {
    connectionTo({ ...process, keep_alive: 0 });
    await connection.connect();
    server.received = [];
    connection.checkNow();
    await until(() => expect(server.received).toEqual(["ping"]));
    server.crash();
    await untilState("reconnecting");
    connection.checkNow();
    await untilState("ready");
  });

  it("tells a call what the server logs while it is the only one, and no call where there are two", async () => {
    connectionTo();
    const session = await connection.session();
    const heard: string[] = [];
    const onLog = ({ level, logger, text }: CallLog) => void heard.push(`${level} ${logger}: ${text}`);
    const log = (data: unknown) => {
      server.notify("notifications/message", { level: "info", logger: "db", data });
      return clock.advance(0);
    };
    await log("before");
    server.hang();
    const one = new AbortController();
    const first = session.callTool("echo", {}, { signal: one.signal, onLog }).catch(() => {});
    await log("opened");
    await log({ rows: 3 });
    const two = new AbortController();
    const second = session.callTool("echo", {}, { signal: two.signal, onLog }).catch(() => {});
    await log("whose?");
    one.abort();
    await first;
    await log("alone again");
    two.abort();
    await second;
    await log("after");
    expect(heard).toEqual(["info db: opened", 'info db: {"rows":3}', "info db: alone again"]);
    expect(connection.log().map(({ text }) => text)).toContain("info: whose?");
  });

  it("tells calls apart that are made with one object of arguments", async () => {
    connectionTo();
    server.toolNames = ["echo", "echo-with-a-longer-name"];
    const session = await connection.session();
    const sizesOf = async (calls: Promise<CallAnswer>[]) =>
      (await Promise.all(calls)).map((call) => call.responseBytes);
    const apart = await sizesOf(server.toolNames.map((name) => session.callTool(name, {})));
    const args = {};
    expect(await sizesOf(server.toolNames.map((name) => session.callTool(name, args)))).toEqual(apart);
  });

  it("sends nothing for a call that was taken back before", async () => {
    connectionTo();
    const session = await connection.session();
    server.received = [];
    const signal = AbortSignal.abort(new MCPCancelledError("not needed any more"));
    await expect(session.callTool("echo", {}, { signal })).rejects.toBe(signal.reason);
    expect(server.received).toEqual([]);
    expect(session.isBusy).toBe(false);
  });

  it("lists the tools anew when the server says that they changed", async () => {
    const onToolsChange = vi.fn();
    connectionTo(process, { onToolsChange });
    await connection.connect();
    expect(onToolsChange).toHaveBeenCalledTimes(1);
    await server.changeTools("another", "third");
    await until(() => expect(toolNames()).toEqual(["echo", "another", "third"]));
    await connection.disconnect("enough");
    expect(toolNames()).toEqual(["echo (stale)", "another (stale)", "third (stale)"]);
  });

  it("declines in words what the server asks of it", async () => {
    connectionTo();
    await connection.connect();
    server.ask("elicitation/create", { message: "Your name?", requestedSchema: { type: "object", properties: {} } });
    await until(() => expect(server.answers).toHaveLength(1));
    expect(server.answers[0]).toMatchObject({
      error: { code: -32600, message: "No call is under way that this could belong to." },
    });
    expect(connection.log().at(-1)?.text).toContain("It asked for elicitation/create");
  });

  it("gives up a handshake that takes longer than the server's timeout", async () => {
    connectionTo({ ...process, timeout: 3000 });
    server.isSilent = true;
    const connecting = expect(connection.connect()).rejects.toMatchObject({ code: "connection_failed", sent: false });
    await until(() => expect(server.received).toContain("initialize"));
    await clock.advance(3000);
    await connecting;
    expect(connection.state).toMatchObject({ kind: "reconnecting", reason: expect.stringContaining("3000 ms") });
  });

  it("tries the modern protocol with a server that refuses initialize, and says what came of it", async () => {
    connectionTo();
    server.refusesHandshake = true;
    await expect(connection.connect()).rejects.toMatchObject({ code: "connection_failed", sent: false });
    expect(server.received).toEqual(["initialize", "server/discover"]);
    expect(
      connection
        .log()
        .map(({ text }) => text)
        .join(),
    ).toContain("does not speak this protocol (legacy)");
  });

  it("stays closed once closed, whatever was under way, until it is connected again", async () => {
    connectionTo();
    const asked = expect(connection.session()).rejects.toSatisfy(isRefusal("connection_failed"));
    await connection.disconnect("It was disconnected by hand.");
    await asked;
    expect(connection.state).toEqual({ kind: "closed", reason: "It was disconnected by hand." });
    await expect(connection.session()).rejects.toSatisfy(isRefusal("connection_failed"));
    await expect(connection.session()).rejects.toThrow("It was disconnected by hand.");
    expect(server.sessions).toBe(0);
    await connection.connect();
    expect(connection.state.kind).toBe("ready");
  });

  it("dials nothing where it is not allowed to", async () => {
    connectionTo(process, {
      assertAllowed: () => {
        throw new MCPRefusedError("mcp_disabled", "off");
      },
    });
    await expect(connection.session()).rejects.toMatchObject({ code: "mcp_disabled" });
    await expect(connection.connect()).rejects.toMatchObject({ code: "mcp_disabled" });
    expect(connection.state).toEqual({ kind: "idle" });
    expect(server.dialled).toBe(0);
  });
});
