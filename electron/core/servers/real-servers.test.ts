import { createRequire } from "node:module";
import { homedir } from "node:os";
import process from "node:process";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { serverConfigSchema, type ConnectionState } from "../../../shared/server.ts";
import { createSystemClock } from "../clock.ts";
import { CoreEvents } from "../events.ts";
import { silentLogger } from "../logger.ts";
import { fakeSecrets } from "../fake-secrets.ts";
import { mask, Redactor } from "../secrets/redact.ts";
import { startHttpServer, type HttpFixture } from "./fixtures/http-server.ts";
import { ServerManager } from "./manager.ts";

const everything = createRequire(import.meta.url).resolve("@modelcontextprotocol/server-everything/dist/index.js");

let manager: ServerManager;
let pids: number[];
let fixture: HttpFixture | undefined;

function serve(settings: object): void {
  manager.apply([{ config: serverConfigSchema.parse({ id: "s", ...settings }), file: "/catalog/servers/s.yaml" }]);
}

const serveEverything = () => serve({ transport: "stdio", command: "${node}", args: [everything, "stdio"] });
const state = (): ConnectionState => manager.list()[0]?.connection as ConnectionState;
const until = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 5 });
const untilState = (kind: ConnectionState["kind"]) => until(() => expect(state().kind).toBe(kind));
const session = () => manager.connection("s").session();

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

beforeEach(() => {
  pids = [];
  fixture = undefined;
  manager = new ServerManager({
    clock: createSystemClock(),
    events: new CoreEvents(silentLogger),
    version: "0.0.0",
    enabled: true,
    random: () => 0,
    onProcess: (pid) => void pids.push(pid),
    target: {
      env: {},
      nodeRuntime: { command: process.execPath, env: {} },
      placeholders: () => ({ home: homedir() }),
      redactor: new Redactor(),
      vault: fakeSecrets(),
    },
  });
});

afterEach(async () => {
  await manager.close();
  expect(pids.filter(lives)).toEqual([]);
  await fixture?.close();
});

describe("a server over stdio", () => {
  it("is called, tells how large its answer was, and ends with the switch", async () => {
    serveEverything();
    await untilState("ready");
    expect(manager.tools().map(({ tool }) => tool.name)).toEqual(expect.arrayContaining(["echo", "get-sum"]));
    const { result, responseBytes } = await (await session()).callTool("get-sum", { a: 2, b: 3 });
    expect(result.content[0]).toMatchObject({ type: "text", text: expect.stringContaining("5") });
    expect(responseBytes).toBeGreaterThan(20);
    expect(pids.filter(lives)).toHaveLength(1);
    await manager.setEnabled(false);
    expect(pids.filter(lives)).toEqual([]);
  });

  it("spawns nothing while the switch is off", async () => {
    await manager.setEnabled(false);
    serveEverything();
    await expect(manager.connect("s")).rejects.toMatchObject({ code: "mcp_disabled" });
    await expect(session()).rejects.toMatchObject({ code: "mcp_disabled" });
    expect(pids).toEqual([]);
    expect(state().kind).toBe("idle");
  });

  it("tells of progress, and a call that is taken back frees the session", async () => {
    serveEverything();
    await untilState("ready");
    const open = await session();
    const controller = new AbortController();
    const onProgress = vi.fn(() => controller.abort());
    const call = open.callTool(
      "trigger-long-running-operation",
      { duration: 20, steps: 100 },
      { signal: controller.signal, onProgress },
    );
    await expect(call).rejects.toMatchObject({ code: "cancelled" });
    expect(onProgress).toHaveBeenCalledWith(expect.objectContaining({ progress: 1, total: 100 }));
    expect(open.isBusy).toBe(false);
    await expect(open.callTool("echo", { message: "still here" })).resolves.toBeDefined();
  });

  it("answers for a tool that there is not, and for arguments that do not fit, without harm", async () => {
    serveEverything();
    await untilState("ready");
    const open = await session();
    const unknown = await open.callTool("no-such-tool", {}).catch((error: unknown) => error);
    const misfit = await open.callTool("get-sum", { a: "x" }).catch((error: unknown) => error);
    for (const answer of [unknown, misfit]) {
      expect(answer).toSatisfy(
        (each: { code?: string; result?: object }) => each.code === "protocol_error" || each.result !== undefined,
      );
    }
    expect(await session()).toBe(open);
  });

  it("comes back as another process after it was killed in the middle of a call", async () => {
    serveEverything();
    await untilState("ready");
    const call = (await session()).callTool("trigger-long-running-operation", { duration: 20, steps: 2 });
    const failed = expect(call).rejects.toMatchObject({ code: "transport_error", sent: true });
    process.kill(pids[0] as number, "SIGKILL");
    await failed;
    expect(state().kind).not.toBe("ready");
    await untilState("ready");
    expect(pids).toHaveLength(2);
    await expect((await session()).callTool("echo", { message: "again" })).resolves.toBeDefined();
  });

  it("parks where there is no such program, and says what to do", async () => {
    serve({ transport: "stdio", command: "no-such-program-at-all" });
    await untilState("parked");
    expect(state()).toMatchObject({
      cause: "configuration",
      reason: expect.stringContaining("no-such-program-at-all"),
      hint: expect.any(String),
    });
  });

  it("parks after three exits, with what it wrote on stderr", async () => {
    serve({ transport: "stdio", command: "${node}", args: ["-e", "console.error('no database'); process.exit(3)"] });
    await untilState("parked");
    expect(pids).toHaveLength(3);
    expect(state()).toMatchObject({ cause: "exits", stderr: ["no database", "no database", "no database"] });
  });
});

/** Says its token on stderr, as its version, and in every error. */
const tattler = `
  const token = process.env.API_TOKEN;
  require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
    const { id, method, params } = JSON.parse(line);
    if (id === undefined) return;
    console.error("heard " + method + " with " + token);
    const hello = { protocolVersion: "2025-11-25", capabilities: {}, serverInfo: { name: "tattler", version: token } };
    const isWelcome = method === "initialize" && !process.argv.includes("--surly");
    const answer = isWelcome ? { result: hello } : { error: { code: -32000, message: "not with " + token } };
    console.log(JSON.stringify({ jsonrpc: "2.0", id, ...answer }));
  });
`;

describe("a server that repeats its token", () => {
  const token = "tok-0123456789";
  const serveTattler = (...more: string[]) =>
    serve({
      ...{ transport: "stdio", protocol: "legacy", env: { API_TOKEN: token } },
      ...{ command: "${node}", args: ["-e", tattler, "--", ...more] },
    });
  const shown = () => JSON.stringify([manager.list(), manager.log("s")]);

  it("does so in its log, its state and the error of connecting, masked", async () => {
    serveTattler("--surly");
    const error = await manager.connect("s").catch((failure: Error) => failure);
    expect(error).toMatchObject({ message: expect.stringContaining(`not with ${mask}`) });
    await untilState("reconnecting");
    expect(state()).toMatchObject({ reason: expect.stringContaining(`not with ${mask}`) });
    await until(() => expect(shown()).toContain(`heard initialize with ${mask}`));
    expect(shown()).not.toContain(token);
  });

  it("does so while it is connected, masked", async () => {
    serveTattler();
    await untilState("ready");
    expect(state()).toMatchObject({ serverName: "tattler", serverVersion: mask });
    await until(() => expect(shown()).toContain(`heard initialize with ${mask}`));
    expect(shown()).not.toContain(token);
  });
});

describe("a server over HTTP", () => {
  it("is asked what it is first, and spoken to in the modern protocol where it speaks it", async () => {
    fixture = await startHttpServer("modern");
    serve({ transport: "http", url: fixture.url });
    await untilState("ready");
    expect(state()).toMatchObject({ protocolVersion: "2026-07-28" });
    expect(fixture.methods[0]).toBe("server/discover");
    const { result, responseBytes } = await (await session()).callTool("echo", {});
    expect(result.content).toEqual([{ type: "text", text: "hello" }]);
    expect(responseBytes).toBeGreaterThan(20);
    await expect((await session()).ping(1000)).resolves.toBeGreaterThanOrEqual(0);
  });

  it("is spoken to as before 2026 where it does not, or where its file says so", async () => {
    fixture = await startHttpServer("sessions");
    serve({ transport: "http", url: fixture.url });
    await untilState("ready");
    expect(state()).toMatchObject({ protocolVersion: "2025-11-25", serverName: "sessions" });
    fixture.methods.length = 0;
    serve({ transport: "http", url: fixture.url, protocol: "legacy" });
    await untilState("ready");
    expect(fixture.methods[0]).toBe("initialize");
  });

  it("has a session that it forgot opened again, once, and the call goes on", async () => {
    fixture = await startHttpServer("sessions");
    serve({ transport: "http", url: fixture.url });
    await untilState("ready");
    const before = await session();
    fixture.forget();
    const answers = await Promise.all([before.callTool("echo", {}), before.callTool("echo", {})]);
    for (const { result } of answers) expect(result.content).toEqual([{ type: "text", text: "hello" }]);
    expect(await session()).not.toBe(before);
    expect(fixture.methods.filter((method) => method === "initialize")).toHaveLength(2);
  });

  it("parks where it asks for credentials, at the handshake or later", async () => {
    fixture = await startHttpServer("sessions");
    fixture.status = 401;
    serve({ transport: "http", url: fixture.url });
    await untilState("parked");
    expect(state()).toMatchObject({ cause: "needs_sign_in" });
    fixture.status = null;
    await manager.connect("s");
    const open = await session();
    fixture.status = 401;
    await expect(open.callTool("echo", {})).rejects.toMatchObject({ code: "needs_sign_in", status: 401 });
    expect(state()).toMatchObject({ kind: "parked", cause: "needs_sign_in" });
  });

  it("is not lost in silence when nothing listens any more: its call says that nothing was sent, and it is tried again", async () => {
    fixture = await startHttpServer("sessions");
    const { url } = fixture;
    serve({ transport: "http", url });
    await untilState("ready");
    const open = await session();
    await fixture.close();
    await expect(open.callTool("echo", {})).rejects.toMatchObject({ code: "connection_failed", sent: false });
    await until(() => expect(["degraded", "reconnecting", "connecting"]).toContain(state().kind));
  });
});
