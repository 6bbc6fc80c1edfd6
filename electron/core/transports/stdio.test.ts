import { existsSync, readFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createSystemClock } from "../clock.ts";
import { FakeClock } from "../fake-clock.ts";
import type { Clock } from "../ports.ts";
import type { StdioTarget } from "./server-transport.ts";
import { StdioTransport } from "./stdio.ts";

const fixture = fileURLToPath(new URL("./fixtures/server.mjs", import.meta.url));
const everything = fileURLToPath(
  new URL("../../../node_modules/@modelcontextprotocol/server-everything/dist/index.js", import.meta.url),
);
const open: StdioTransport[] = [];
const until = (check: () => unknown) => vi.waitFor(check, { timeout: 10_000, interval: 10 });

afterEach(async () => {
  await Promise.all(open.splice(0).map((transport) => transport.close()));
});

type Options = { clock?: Clock; target?: Partial<StdioTarget> };

function newTransport(mode: string, { clock = createSystemClock(), target = {} }: Options = {}) {
  const lines: string[] = [];
  const transport = new StdioTransport(
    { kind: "stdio", command: process.execPath, args: [fixture, mode], env: {}, maxResponseBytes: 100_000, ...target },
    { server: "fixture", clock, onLine: (stream, text) => void lines.push(`${stream}: ${text}`) },
  );
  open.push(transport);
  return { transport, lines };
}

async function connect(mode = "plain", options: Options = {}) {
  const { transport, lines } = newTransport(mode, options);
  const client = new Client({ name: "test", version: "1" });
  await client.connect(transport);
  const call = (name: string, args: Record<string, unknown> = {}) => client.callTool({ name, arguments: args });
  return { transport, lines, client, call };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // Where nobody collects orphans, as in a bare container, one that has ended stays listed as a zombie.
    const stat = `/proc/${pid}/stat`;
    return !(existsSync(stat) && / Z /.test(readFileSync(stat, "utf8")));
  } catch {
    return false;
  }
}

async function advanceUntil(promise: Promise<unknown>, clock: FakeClock): Promise<void> {
  let isSettled = false;
  void promise.finally(() => (isSettled = true)).catch(() => {});
  await until(async () => {
    await clock.advance(500);
    expect(isSettled).toBe(true);
  });
  await promise;
}

const said = (value: string) => ({ content: [{ type: "text", text: value }] });

describe("StdioTransport", () => {
  it("connects, lists and calls the official everything server", async () => {
    const target = { args: [everything, "stdio"] };
    const { client, call, transport } = await connect("", { target });
    expect((await client.listTools()).tools.map((tool) => tool.name)).toContain("echo");
    expect(await call("echo", { message: "hi" })).toMatchObject(said("Echo: hi"));
    expect(transport.pid()).toBeTypeOf("number");
    expect(transport.bytes().received).toBeGreaterThan(1_000);
  });

  it("takes any number of calls at once", async () => {
    const { call } = await connect();
    const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => call("echo", { value: `${n}é` })));
    expect(answers).toMatchObject(answers.map((_, n) => said(`${n}é`)));
  });

  it("passes a safe base environment and what is configured, nothing else", async () => {
    vi.stubEnv("SWITCHGEAR_TEST_SECRET", "x");
    const { call } = await connect("plain", { target: { env: { GIVEN: "yes" } } });
    const { content } = await call("env");
    const env = JSON.parse((content[0] as { text: string }).text);
    expect(env).toMatchObject({ GIVEN: "yes", PATH: process.env["PATH"] });
    expect(env).not.toHaveProperty("SWITCHGEAR_TEST_SECRET");
    vi.unstubAllEnvs();
  });

  it("skips and shows lines that are no messages", async () => {
    const { call, lines } = await connect("garbage");
    expect(await call("echo", { value: "ok" })).toMatchObject(said("ok"));
    expect(lines).toEqual(["protocol: Server starting…", 'protocol: {"level":"info"}']);
  });

  it("passes stderr on, line by line", async () => {
    const { call, lines } = await connect();
    await call("complain");
    await until(() => expect(lines).toEqual(["stderr: something is off"]));
  });

  it("accepts lines that end in CRLF", async () => {
    const { call } = await connect("crlf");
    expect(await call("echo", { value: "ok" })).toMatchObject(said("ok"));
  });

  it("refuses a byte order mark at once, in words", async () => {
    await expect(connect("bom")).rejects.toMatchObject({
      code: "connection_failed",
      sent: false,
      message: expect.stringContaining("byte order mark"),
    });
  });

  it("knows for each call whether it was sent and how large its answer was", async () => {
    const { client, transport } = await connect();
    const args = { value: "four" };
    expect(transport.exchangeOf(args)).toBeNull();
    await client.callTool({ name: "echo", arguments: args });
    expect(transport.exchangeOf(args)).toEqual({ sent: true, responseBytes: expect.any(Number) });
    const silent = {};
    const call = client.callTool({ name: "silent", arguments: silent }, { timeout: 20 });
    await expect(call).rejects.toMatchObject({ code: "REQUEST_TIMEOUT" });
    expect(transport.exchangeOf(silent)).toEqual({ sent: true, responseBytes: null });
  });
});

describe("a request past the SDK's client", () => {
  const ask = (transport: StdioTransport, name: string, onProgress?: (note: { progress: number }) => void) =>
    transport.request("tools/call", { name }, onProgress);

  it("gets its answer as it came, beside the client's own requests", async () => {
    const { transport, call, lines } = await connect();
    const { answer, exchange } = ask(transport, "env");
    const [own] = await Promise.all([answer, call("echo", { value: "theirs" })]);
    expect(own).toMatchObject({ result: { content: [{ type: "text" }] } });
    expect(exchange).toEqual({ sent: true, responseBytes: expect.any(Number) });
    expect(lines).toEqual([]);
  });

  it("hears of its progress before its answer", async () => {
    const { transport, client } = await connect();
    const heard: unknown[] = [];
    client.onerror = (error) => heard.push(error.constructor.name);
    const { answer } = ask(transport, "progress", ({ progress }) => heard.push(progress));
    await answer.then(() => heard.push("answer"));
    expect(heard.slice(0, 2)).toEqual([1, 2]);
    expect(heard.at(-1)).toBe("answer");
    expect(heard).not.toContain("three");
  });

  it("lets the client hear of a listener that fails, and gives the answer all the same", async () => {
    const { transport, client } = await connect();
    const errors: Error[] = [];
    client.onerror = (error) => errors.push(error);
    const { answer } = ask(transport, "progress", () => {
      throw new Error("no");
    });
    await answer;
    expect(errors[0]?.message).toBe("no");
  });

  it("that is taken back ends at once, and its server hears of it, once", async () => {
    const { transport, call } = await connect();
    const { answer, cancel, exchange } = ask(transport, "silent");
    const reason = new Error("not needed any more");
    cancel(reason);
    cancel(new Error("again"));
    await expect(answer).rejects.toBe(reason);
    expect(exchange).toEqual({ sent: true, responseBytes: null });
    const { content } = await call("takenBack");
    expect(JSON.parse((content[0] as { text: string }).text)).toEqual([
      { requestId: expect.any(Number), reason: "not needed any more" },
    ]);
  });

  it("that is taken back ends at once, too, where its server reads nothing any more", async () => {
    const { transport, client } = await connect();
    const errors: Error[] = [];
    client.onerror = (error) => errors.push(error);
    const { answer, cancel } = ask(transport, "deaf");
    const load = transport.request("tools/call", { name: "echo", arguments: { value: "x".repeat(17 * 1_048_576) } });
    const reason = new Error("not needed any more");
    expect(() => cancel(reason)).not.toThrow();
    await expect(answer).rejects.toBe(reason);
    load.cancel(reason);
    await expect(load.answer).rejects.toBe(reason);
    expect(errors[0]?.message).toContain("does not read its input");
  });

  it("fails with its process, and is not sent once that is gone", async () => {
    const { transport, call } = await connect();
    const { answer, cancel } = ask(transport, "silent");
    const failure = { code: "transport_error", message: 'The process of "fixture" exited with code 7.' };
    await Promise.all([
      expect(answer).rejects.toMatchObject({ ...failure, sent: true }),
      expect(call("crash")).rejects.toMatchObject(failure),
    ]);
    cancel(new Error("too late"));
    const late = ask(transport, "echo");
    await expect(late.answer).rejects.toMatchObject({ ...failure, sent: false });
    expect(late.exchange.sent).toBe(false);
  });
});

describe("a process that fails", () => {
  it("says what to install where the program does not exist", async () => {
    await expect(connect("", { target: { command: "no-such-program-here" } })).rejects.toMatchObject({
      code: "connection_failed",
      sent: false,
      hint: expect.stringContaining("Install no-such-program-here"),
    });
  });

  it("says that the program may not be run", async () => {
    await expect(connect("", { target: { command: fixture } })).rejects.toMatchObject({
      code: "connection_failed",
      hint: expect.stringContaining("chmod"),
    });
  });

  it("says that the folder does not exist", async () => {
    await expect(connect("", { target: { cwd: "/no/such/folder" } })).rejects.toMatchObject({
      message: expect.stringContaining("/no/such/folder"),
    });
  });

  it("tells the exit code of one that ends before it answers, as nothing sent", async () => {
    const { transport, lines } = newTransport("exit");
    const client = new Client({ name: "test", version: "1" });
    await expect(client.connect(transport)).rejects.toMatchObject({
      code: "connection_failed",
      sent: false,
      message: 'The process of "fixture" exited with code 3.',
    });
    expect(lines).toEqual(["stderr: no licence"]);
    expect(transport.pid()).toBeNull();
  });

  it("fails every call in flight with the exit code, as sent, and then closes", async () => {
    const { client, call, transport } = await connect();
    const closed = new Promise<void>((resolve) => (client.onclose = resolve));
    const silent = call("silent");
    const failure = { code: "transport_error", sent: true, message: 'The process of "fixture" exited with code 7.' };
    await Promise.all([
      expect(call("crash")).rejects.toMatchObject(failure),
      expect(silent).rejects.toMatchObject(failure),
      closed,
    ]);
    expect(transport.fault()).toMatchObject(failure);
    const late = transport.send({ jsonrpc: "2.0", id: 99, method: "ping" });
    await expect(late).rejects.toMatchObject({ code: "transport_error", sent: false });
  });

  it("fails a call that is answered with something that is no answer", async () => {
    const { call } = await connect();
    await expect(call("malformed")).rejects.toMatchObject({ code: "transport_error", sent: true });
    expect(await call("echo", { value: "still here" })).toMatchObject(said("still here"));
  });
});

describe("a line over the cap", () => {
  it.each([true, false])("fails the call that it answers and no other (its id first: %s)", async (idFirst) => {
    const { call, lines } = await connect();
    const other = call("silent");
    other.catch(() => {});
    await expect(call("huge", { bytes: 300_000, idFirst })).rejects.toMatchObject({ code: "payload_too_large" });
    expect(await call("echo", { value: "still here" })).toMatchObject(said("still here"));
    expect(lines).toEqual(["protocol: A line of more than 100000 bytes was dropped."]);
  });

  it("fails at once, without waiting for its end", async () => {
    const { call } = await connect();
    await expect(call("endless")).rejects.toMatchObject({ code: "payload_too_large" });
  });
});

describe("closing", () => {
  it("lets a server go that ends with its stdin", async () => {
    const { transport } = await connect();
    const pid = transport.pid() ?? 0;
    await transport.close();
    expect(isAlive(pid)).toBe(false);
    expect(transport.fault()).toBeNull();
  });

  it("fails what is in flight at once", async () => {
    const { call, transport } = await connect("stubborn", { clock: new FakeClock() });
    const silent = call("silent");
    const closing = transport.close();
    await expect(silent).rejects.toMatchObject({ code: "transport_error" });
    process.kill(transport.pid() ?? 0, "SIGKILL");
    await closing;
  });

  it("goes from stdin to TERM to KILL, two seconds apart", async () => {
    const clock = new FakeClock();
    const { transport } = await connect("stubborn", { clock });
    const pid = transport.pid() ?? 0;
    const closing = transport.close();
    await clock.advance(1_999);
    expect(isAlive(pid)).toBe(true);
    await clock.advance(1);
    await clock.advance(1_999);
    expect(isAlive(pid)).toBe(true);
    await clock.advance(100);
    await closing;
    expect(isAlive(pid)).toBe(false);
  });

  it("takes along what the server started, even where that ignores TERM", async () => {
    const clock = new FakeClock();
    const { call, transport } = await connect("plain", { clock });
    const grandchild = Number(((await call("child")).content[0] as { text: string }).text);
    await until(() => expect(isAlive(grandchild)).toBe(true));
    await advanceUntil(transport.close(), clock);
    await until(() => expect(isAlive(grandchild)).toBe(false));
  });

  it("takes along what a crash left behind", async () => {
    const clock = new FakeClock();
    const { call, transport } = await connect("plain", { clock });
    const grandchild = Number(((await call("child")).content[0] as { text: string }).text);
    const crashed = expect(call("crash")).rejects.toMatchObject({ message: expect.stringContaining("code 7") });
    await advanceUntil(crashed, clock);
    expect(transport.fault()).not.toBeNull();
    await advanceUntil(transport.close(), clock);
    await until(() => expect(isAlive(grandchild)).toBe(false));
  });
});
