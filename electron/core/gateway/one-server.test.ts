/** The address of one server: that server alone, under its own names. */
import { describe, expect, it, vi } from "vitest";
import { errorKey } from "./error-answer.ts";
import { GatewayFixture, mixedPolicy, twoLabs } from "./fixtures/gateway-fixture.ts";
import { originKey } from "./origin.ts";

const pair = { ...twoLabs, "policies/mcp_permissions.yaml": mixedPolicy };
const connect = {
  newer: (fixture: GatewayFixture, server: string) => fixture.newer({}, fixture.token, server),
  older: (fixture: GatewayFixture, server: string) => fixture.older(fixture.token, {}, server),
};

describe.each(["newer", "older"] as const)("a client of the %s line at the address of one server", (line) => {
  it("sees and calls that server's tools alone, under their own names, through the path", async () => {
    await using fixture = await GatewayFixture.open(pair);
    const client = await connect[line](fixture, "lab_b");
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain("echo");
    for (const { name, _meta } of tools) expect(_meta).toMatchObject({ [originKey]: { server: "lab_b", name } });
    const result = await client.callTool({ name: "echo", arguments: { message: "hello" } });
    expect(result).toMatchObject({ content: [{ text: "hello" }] });
    await expect(client.callTool({ name: "lab__echo", arguments: { message: "hello" } })).rejects.toThrow("lab__echo");
    const { rows } = await fixture.core.core.journal.list({}, null, 10);
    expect(rows).toMatchObject([{ server: "lab_b", tool: "echo", client: "cursor", outcome: "ok" }]);
  });

  it("is refused what the policy refuses it", async () => {
    await using fixture = await GatewayFixture.open(pair);
    const client = await connect[line](fixture, "lab");
    const result = await client.callTool({ name: "error", arguments: {} });
    expect(result).toMatchObject({ isError: true, _meta: { [errorKey]: { code: "policy_denied" } } });
  });

  it("sees the tools go with the server", async () => {
    await using fixture = await GatewayFixture.open(pair);
    const client = await connect[line](fixture, "lab_b");
    fixture.core.write(
      "servers/lab_b.yaml",
      `id: lab_b\ntransport: http\nurl: http://127.0.0.1:1/mcp\nenabled: false\n`,
    );
    await vi.waitFor(async () => expect((await client.listTools()).tools).toEqual([]), { timeout: 10_000 });
  });
});

describe("the address of one server", () => {
  it("is 404 where there is no such server, or something stands behind it, and 401 without a token before that", async () => {
    await using fixture = await GatewayFixture.open(pair);
    const ask = (path: string, token: string | null) =>
      fetch(`${fixture.gateway.url}${path}`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          accept: "application/json, text/event-stream",
          ...(token !== null && { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" }),
      }).then(({ status }) => status);
    for (const path of ["/nobody", "/", "/lab/", "/lab/echo", "/LAB", "/%6cab", "x"]) {
      expect(await ask(path, fixture.token), path).toBe(404);
      expect(await ask(path, null), path).toBe(401);
    }
  });

  it("knows no session of another address", async () => {
    await using fixture = await GatewayFixture.open(pair);
    const headers = {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      authorization: `Bearer ${fixture.token}`,
    };
    const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" } };
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params });
    const begun = await fetch(fixture.address("lab"), { method: "POST", headers, body });
    await begun.text();
    const listing = (server?: string) =>
      fetch(fixture.address(server), {
        method: "POST",
        headers: { ...headers, "mcp-session-id": begun.headers.get("mcp-session-id")! },
        body: JSON.stringify({ jsonrpc: "2.0", id: 2, method: "tools/list" }),
      }).then(({ status }) => status);
    expect([await listing("lab"), await listing("lab_b"), await listing()]).toEqual([200, 404, 404]);
  });
});
