import {
  Client,
  ProtocolError,
  StreamableHTTPClientTransport,
  type VersionNegotiationMode,
} from "@modelcontextprotocol/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { createSystemClock } from "../core/clock.ts";
import { createTransport } from "../core/transports/create.ts";
import { type FaultLab, startFaultLab } from "./start.ts";

let lab: FaultLab;
const clients: Client[] = [];

beforeEach(async () => {
  lab = await startFaultLab();
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await lab.close();
});

function newClient(mode: VersionNegotiationMode = "legacy"): Client {
  const capabilities = { elicitation: { form: {} } };
  const client = new Client({ name: "test", version: "1" }, { capabilities, versionNegotiation: { mode } });
  clients.push(client);
  return client;
}

async function connectHttp(mode: VersionNegotiationMode): Promise<Client> {
  const client = newClient(mode);
  await client.connect(new StreamableHTTPClientTransport(new URL("/mcp", lab.httpUrl)));
  return client;
}

async function connectWebSocket(): Promise<Client> {
  const client = newClient();
  const deps = { server: "lab", clock: createSystemClock(), onLine: () => {} };
  await client.connect(
    createTransport({ kind: "websocket", url: lab.wsUrl, headers: {}, maxResponseBytes: 1_000_000 }, deps),
  );
  return client;
}

function textOf(result: Awaited<ReturnType<Client["callTool"]>>): string {
  const [first] = result.content;
  return first?.type === "text" ? first.text : "";
}

const ways: [name: string, connect: () => Promise<Client>][] = [
  ["HTTP, sessions of 2025", () => connectHttp("legacy")],
  ["HTTP, negotiated to 2026", () => connectHttp("auto")],
  ["WebSocket", connectWebSocket],
];

describe.each(ways)("the fault lab over %s", (_name, connect) => {
  it("lists tools whose inputs make a form: described, bounded and with defaults", async () => {
    const client = await connect();
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.name).toSorted()).toEqual(
      ["ask", "change-description", "disconnect", "echo", "error", "is-error", "progress", "slow", "stats", "unavailable", "wipe"], // prettier-ignore
    );
    for (const tool of tools) {
      expect(tool.title).toBeTruthy();
      expect(tool.annotations?.readOnlyHint).toBeTypeOf("boolean");
      for (const property of Object.values(tool.inputSchema.properties ?? {})) {
        expect(property).toMatchObject({ description: expect.any(String), default: expect.anything() });
      }
    }
    expect(tools.find((tool) => tool.name === "wipe")?.annotations).toMatchObject({ destructiveHint: true });
  });

  it("answers, and counts what it was asked", async () => {
    const client = await connect();
    expect(textOf(await client.callTool({ name: "echo", arguments: { message: "hi" } }))).toBe("hi");
    expect(textOf(await client.callTool({ name: "wipe", arguments: {} }))).toContain("Wipe number 1.");
    expect(textOf(await client.callTool({ name: "wipe", arguments: {} }))).toContain("Wipe number 2.");
    const { structuredContent } = await client.callTool({ name: "stats", arguments: {} });
    expect(structuredContent).toMatchObject({ calls: { echo: 1, wipe: 2, stats: 1 } });
  });

  it("tells a protocol error from a tool's error", async () => {
    const client = await connect();
    const failed = client.callTool({ name: "error", arguments: { code: -32_050, message: "no" } });
    await expect(failed).rejects.toSatisfy((error) => ProtocolError.isInstance(error) && error.code === -32_050);
    expect(await client.callTool({ name: "is-error", arguments: { message: "ran" } })).toMatchObject({ isError: true });
  });

  it("reports progress, and stops waiting when the call is cancelled", async () => {
    const client = await connect();
    const seen: number[] = [];
    const args = { steps: 3, intervalMs: 1 };
    await client.callTool({ name: "progress", arguments: args }, { onprogress: ({ progress }) => seen.push(progress) });
    expect(seen).toEqual([1, 2, 3]);

    const cancel = new AbortController();
    const slow = client.callTool({ name: "slow", arguments: { ms: 60_000 } }, { signal: cancel.signal });
    cancel.abort();
    await expect(slow).rejects.toThrow();
    expect(textOf(await client.callTool({ name: "slow", arguments: { ms: 1 } }))).toBe("Waited 1 ms.");
  });

  it("asks the person, and takes no for an answer", async () => {
    const client = await connect();
    client.setRequestHandler("elicitation/create", async ({ params }) => {
      expect(params.message).toBe("Who?");
      return { action: "accept", content: { name: "Ada", colour: "blue" } };
    });
    expect(textOf(await client.callTool({ name: "ask", arguments: { question: "Who?" } }))).toContain("Hello Ada");
    client.setRequestHandler("elicitation/create", async () => ({ action: "decline" }));
    expect(textOf(await client.callTool({ name: "ask", arguments: { question: "Who?" } }))).toContain("decline");
  });

  it("changes its own description", async () => {
    const client = await connect();
    await client.callTool({ name: "change-description", arguments: {} });
    const { tools } = await client.listTools();
    expect(tools.find((tool) => tool.name === "change-description")?.description).toContain("description 2");
  });
});

describe("the fault lab's wire", () => {
  it("tells a client of 2025 that the list changed", async () => {
    const client = await connectWebSocket();
    const changed = vi.fn();
    client.setNotificationHandler("notifications/tools/list_changed", changed);
    await client.callTool({ name: "change-description", arguments: {} });
    await vi.waitFor(() => expect(changed).toHaveBeenCalled());
  });

  it("answers 503 with Retry-After", async () => {
    const body = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "unavailable", arguments: { retryAfterSeconds: 7 } } }; // prettier-ignore
    const headers = { "content-type": "application/json", accept: "application/json, text/event-stream" };
    const response = await fetch(new URL("/mcp", lab.httpUrl), { method: "POST", headers, body: JSON.stringify(body) });
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("7");
  });

  it("refuses what a page of another origin sends", async () => {
    const response = await fetch(new URL("/mcp", lab.httpUrl), {
      method: "POST",
      headers: { origin: "https://evil.example" },
    });
    expect(response.status).toBe(403);
    const socket = new WebSocket(lab.wsUrl, ["mcp"], { origin: "https://evil.example" });
    await expect(new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject))).rejects.toThrow(
      "403",
    );
  });

  it("says that a session it does not know is gone", async () => {
    const headers = { "mcp-session-id": "gone", accept: "text/event-stream" };
    expect((await fetch(new URL("/mcp", lab.httpUrl), { headers })).status).toBe(404);
  });
});
