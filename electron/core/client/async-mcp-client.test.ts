import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startFaultLab } from "../../fault-lab/start.ts";
import {
  MCPCircuitOpenError,
  MCPClientError,
  MCPOutcomeUnknownError,
  MCPProtocolError,
  MCPTimeoutError,
  MCPTransportError,
} from "../errors.ts";
import type { FaultLab } from "../ports.ts";
import { AsyncMCPClient, type AsyncMCPClientOptions } from "./async-mcp-client.ts";
import { arrivals, everything, overHttp, textOf } from "./fixtures/servers.ts";
import { TransportType } from "./transport-type.ts";

let lab: FaultLab;
beforeAll(async () => void (lab = await startFaultLab()));
afterAll(() => lab.close());

const open = (more: Partial<AsyncMCPClientOptions> = {}, config: object = {}) =>
  new AsyncMCPClient({ serverName: "lab", ...overHttp(lab, config), ...more } as AsyncMCPClientOptions);
const arrived = async (client: AsyncMCPClient, tool: string) => arrivals(await client.invoke({ tool: "stats" }), tool);

describe("a client over each transport", () => {
  it.each([
    ["HTTP", () => open(), { tool: "echo", args: { message: "hello" } }, "hello"],
    [
      "WEBSOCKET",
      () => open({ transport: TransportType.WEBSOCKET, config: { url: lab.wsUrl } }),
      { tool: "echo", args: { message: "hello" } },
      "hello",
    ],
    [
      "STDIO",
      () => new AsyncMCPClient({ serverName: "everything", ...everything }),
      { tool: "get-sum", args: { a: 2, b: 3 } },
      "5",
    ],
  ])("%s calls a tool, is well, and ends with its block", async (_, create, call, text) => {
    let kept: AsyncMCPClient;
    {
      await using client = create();
      kept = client;
      await client.initialize();
      expect(textOf(await client.invoke(call))).toContain(text);
      expect(await client.checkHealth()).toEqual({ healthy: true, pingMs: expect.any(Number) });
    }
    expect(kept.isClosed).toBe(true);
    await expect(kept.invoke(call)).rejects.toMatchObject({ code: "connection_failed" });
  });

  it("opens its session at the first call, and again after close and initialize", async () => {
    await using client = open();
    expect(textOf(await client.invoke({ tool: "echo", args: { message: "a" } }))).toBe("a");
    await client.close();
    await client.initialize();
    expect(textOf(await client.invoke({ tool: "echo", args: { message: "b" } }))).toBe("b");
  });
});

describe("a call that fails", () => {
  it("ends as outcome unknown where it was sent and nothing came, and is not sent again", async () => {
    await using client = open();
    const error = await client.invoke({ tool: "disconnect" }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(MCPOutcomeUnknownError);
    expect(error).toMatchObject({ code: "outcome_unknown", retryable: false, invocationId: expect.any(String) });
    expect(client.getCircuitState()).toEqual({ kind: "closed", failures: 1 });
  });

  it("is sent again where the caller says that this does no harm, as often as retryConfig says", async () => {
    await using client = open({ retryConfig: { max_attempts: 4, base_delay_ms: 1 } });
    const before = await arrived(client, "disconnect");
    await expect(client.invoke({ tool: "disconnect", idempotent: true })).rejects.toBeInstanceOf(MCPTransportError);
    expect((await arrived(client, "disconnect")) - before).toBe(4);
    await expect(client.invoke({ tool: "disconnect", idempotent: true, retryAttempts: 1 })).rejects.toThrow();
  });

  it("ends at its own time limit", async () => {
    await using client = open();
    const slow = client.invoke({
      tool: "slow",
      args: { ms: 60_000 },
      timeout: 100,
      idempotent: true,
      retryAttempts: 1,
    });
    await expect(slow).rejects.toBeInstanceOf(MCPTimeoutError);
  });

  it("is taken back by its signal", async () => {
    await using client = open();
    const caller = new AbortController();
    const slow = client.invoke({ tool: "slow", args: { ms: 60_000 }, signal: caller.signal });
    slow.catch(() => {});
    await vi.waitFor(async () => expect(await arrived(client, "slow")).toBeGreaterThan(0));
    caller.abort();
    await expect(slow).rejects.toMatchObject({ code: "cancelled" });
    expect(client.getCircuitState()).toEqual({ kind: "closed", failures: 0 });
  });

  it("with a JSON-RPC error is an answer to the circuit", async () => {
    await using client = open();
    await expect(client.invoke({ tool: "error" })).rejects.toBeInstanceOf(MCPProtocolError);
    expect(client.getCircuitState()).toEqual({ kind: "closed", failures: 0 });
  });

  it("names a tool that the server does not list, and arguments that are too large; nothing is sent", async () => {
    await using client = open({}, { max_payload_size: 20 });
    await expect(client.invoke({ tool: "ECHO" })).rejects.toMatchObject({ code: "unknown_tool" });
    const large = client.invoke({ tool: "echo", args: { message: "x".repeat(50) } });
    await expect(large).rejects.toMatchObject({ code: "payload_too_large" });
  });

  it("opens the circuit, which fails fast and says until when, until it is reset", async () => {
    await using client = open({ circuitBreakerConfig: { failure_threshold: 2 } });
    for (const _ of [1, 2]) await expect(client.invoke({ tool: "disconnect" })).rejects.toThrow();
    const error = await client.invoke({ tool: "echo" }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(MCPCircuitOpenError);
    expect(error).toBeInstanceOf(MCPClientError);
    expect((error as MCPCircuitOpenError).retryAt).toBeGreaterThan(Date.now());
    expect(client.getCircuitState()).toMatchObject({ kind: "open" });
    client.resetCircuit();
    expect(client.getCircuitState()).toEqual({ kind: "closed", failures: 0 });
    expect(textOf(await client.invoke({ tool: "echo", args: { message: "back" } }))).toBe("back");
  });
});

it("tells progress to the caller while the tool runs", async () => {
  await using client = open();
  const heard: number[] = [];
  const args = { steps: 3, intervalMs: 10 };
  await client.invoke({ tool: "progress", args, onProgress: ({ progress }) => void heard.push(progress) });
  expect(heard).toEqual([1, 2, 3]);
});

it("counts a server that cannot be reached, at initialize too", async () => {
  const config = { circuitBreakerConfig: { failure_threshold: 4 }, retryConfig: { max_attempts: 2, base_delay_ms: 1 } };
  await using client = open(config, { url: "http://127.0.0.1:9/mcp" });
  for (const _ of [1, 2]) await expect(client.initialize()).rejects.toMatchObject({ code: "connection_failed" });
  await expect(client.initialize()).rejects.toMatchObject({ code: "circuit_open" });
});

it("says why a server is not well, and throws nothing", async () => {
  await using client = open({}, { url: "http://127.0.0.1:9/mcp" });
  expect(await client.checkHealth()).toMatchObject({ healthy: false, error: { code: "connection_failed" } });
});

describe("the switch", () => {
  it.each(["false", "yes", ""])("MAGSAG_MCP_ENABLED=%j refuses every call, and dials nothing", async (value) => {
    await using client = open({ env: { MAGSAG_MCP_ENABLED: value } });
    for (const call of [client.initialize(), client.invoke({ tool: "echo" })]) {
      await expect(call).rejects.toMatchObject({ code: "mcp_disabled" });
    }
    expect(await client.checkHealth()).toMatchObject({ healthy: false, error: { code: "mcp_disabled" } });
  });

  it("MAGSAG_MCP_ENABLED=true, or none, lets the program decide", async () => {
    for (const env of [{}, { MAGSAG_MCP_ENABLED: "true" }]) {
      await using client = open({ env });
      await expect(client.initialize()).resolves.toBeUndefined();
    }
  });
});

describe("settings that cannot be used", () => {
  it.each([
    [{ serverName: "Lab" }, /id: .*lower-case/],
    [{ config: { url: "ftp://x" } }, /url: .*http/],
    [{ retryConfig: { max_attempts: 0 } }, /max_attempts/],
    [{ circuitBreakerConfig: { failure_treshold: 3 } }, /unknown key `failure_treshold`/],
  ])("%j is named before anything is dialled", (options, message) => {
    expect(() => open(options as Partial<AsyncMCPClientOptions>)).toThrow(message);
  });

  it("never repeat a secret", () => {
    const config = { url: `${lab.httpUrl}/mcp`, headers: { Authorization: 12345 } };
    expect(() => open({ config } as never)).toThrow(/^(?!.*12345)/s);
  });

  it("name a bound that is none", async () => {
    await using client = open();
    await expect(client.invoke({ tool: "echo", timeout: -1 })).rejects.toMatchObject({ code: "bad_request" });
    await expect(client.invoke({ tool: "echo", retryAttempts: 0 })).rejects.toMatchObject({ code: "bad_request" });
  });
});
