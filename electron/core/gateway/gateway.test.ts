import { ToolListChangedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import { describe, expect, it, vi } from "vitest";
import { errorKey } from "./error-answer.ts";
import { GatewayFixture } from "./fixtures/gateway-fixture.ts";
import { originKey } from "./origin.ts";

type Text = { content: { text: string }[] };
const textOf = (result: unknown) => (result as Text).content[0]!.text;

const mirror = `id: mirror
transport: stdio
protocol: legacy
command: \${node}
args: ["\${app}/electron/core/gateway/fixtures/mirror-server.mjs"]
`;

describe.each(["newer", "older"] as const)("a client of the %s line", (line) => {
  it("sees the tools of every server, each under its server's name", async () => {
    await using fixture = await GatewayFixture.open();
    const client = await fixture[line]();
    const { tools } = await client.listTools();
    const names = tools.map(({ name }) => name);
    expect(names).toContain("lab__echo");
    expect(names).toContain("lab_b__echo");
    expect(names).toEqual(names.toSorted());
    const echo = tools.find(({ name }) => name === "lab__echo")!;
    expect(echo).toMatchObject({
      description: "Answers with the message it was given.",
      inputSchema: { properties: { message: { type: "string" } } },
      annotations: { readOnlyHint: true },
      _meta: { [originKey]: { server: "lab", name: "echo" } },
    });
    expect(client.getServerVersion()).toMatchObject({ name: "switchgear", version: "1.2.3" });
  });

  it("calls through the path, under its own name", async () => {
    await using fixture = await GatewayFixture.open();
    const client = await fixture[line]();
    const result = await client.callTool({ name: "lab_b__echo", arguments: { message: "hello" } });
    expect(textOf(result)).toBe("hello");
    const { rows } = await fixture.core.core.journal.list({}, null, 10);
    expect(rows).toMatchObject([{ server: "lab_b", tool: "echo", client: "cursor", outcome: "ok" }]);
  });

  it("gets structured content as it is", async () => {
    await using fixture = await GatewayFixture.open();
    const client = await fixture[line]();
    const { structuredContent } = await client.callTool({ name: "lab__stats" });
    expect(structuredContent).toMatchObject({ calls: { stats: 1 } });
  });

  it("reads why a call was refused, and what to do", async () => {
    await using fixture = await GatewayFixture.open();
    const client = await fixture[line]();
    const result = await client.callTool({ name: "lab__error", arguments: {} });
    expect(result).toMatchObject({ isError: true, _meta: { [errorKey]: { code: "policy_denied" } } });
    expect(textOf(result)).toContain("line 4 of the policy file");
    expect(await client.callTool({ name: "lab__is-error", arguments: {} })).toMatchObject({
      isError: true,
      content: [{ text: "The tool ran and failed." }],
    });
  });

  it("gets every kind of content as it is, and its own _meta reaches the server", async () => {
    await using fixture = await GatewayFixture.open({ "servers/mirror.yaml": mirror });
    const client = await fixture[line]();
    const trace = { traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "example.test/k": [1] };
    const result = await client.callTool({ name: "mirror__mirror", arguments: { deep: { a: [null] } }, _meta: trace });
    expect(result.content).toEqual([
      { type: "text", text: "seen", annotations: { audience: ["user"], priority: 0.5 } },
      { type: "image", data: "aW1hZ2U=", mimeType: "image/png" },
      { type: "audio", data: "YXVkaW8=", mimeType: "audio/wav" },
      { type: "resource_link", uri: "file:///a", name: "a" },
      { type: "resource", resource: { uri: "file:///b", text: "b", _meta: { own: true } } },
    ]);
    expect(result.structuredContent).toEqual({ sent: { deep: { a: [null] } } });
    expect(result._meta).toMatchObject({ "example.test/own": 7, received: trace });
  });

  it("gets a server's JSON-RPC error as it is", async () => {
    await using fixture = await GatewayFixture.open();
    const client = await fixture[line]();
    const args = { code: -32_050, message: "No such row." };
    await expect(client.callTool({ name: "lab_b__error", arguments: args })).rejects.toMatchObject({
      code: -32_050,
      message: expect.stringContaining("No such row."),
    });
  });

  it("is told that there is no such tool", async () => {
    await using fixture = await GatewayFixture.open();
    const client = await fixture[line]();
    await expect(client.callTool({ name: "lab__nothing", arguments: {} })).rejects.toMatchObject({ code: -32_602 });
    await expect(client.callTool({ name: "echo", arguments: {} })).rejects.toMatchObject({ code: -32_602 });
  });

  it("hears of progress", async () => {
    await using fixture = await GatewayFixture.open();
    const client = await fixture[line]();
    const heard: unknown[] = [];
    const onprogress = (progress: unknown) => void heard.push(progress);
    await client.callTool(
      { name: "lab__progress", arguments: { steps: 3, intervalMs: 20 } },
      ...options(line, { onprogress }),
    );
    expect(heard).toMatchObject([1, 2, 3].map((step) => ({ progress: step, total: 3, message: `Step ${step} of 3` })));
  });

  it("takes a call back, down to its server", async () => {
    await using fixture = await GatewayFixture.open();
    const client = await fixture[line]();
    const abort = new AbortController();
    const call = client.callTool(
      { name: "lab__slow", arguments: { ms: 60_000 } },
      ...options(line, { signal: abort.signal }),
    );
    const began = () => fixture.core.core.journal.list({}, null, 1).then(({ rows }) => rows[0]?.phase);
    await vi.waitFor(async () => expect(await began()).toBe("running"));
    abort.abort();
    await expect(call).rejects.toThrow();
    await vi.waitFor(async () => {
      const { rows } = await fixture.core.core.journal.list({}, null, 1);
      expect(rows[0]).toMatchObject({ outcome: "cancelled" });
    });
  });

  it("waits while a person is asked, and gets the answer", async () => {
    await using fixture = await GatewayFixture.open();
    const client = await fixture[line]();
    const heard: { message?: string }[] = [];
    const onprogress = (progress: { message?: string }) => void heard.push(progress);
    const call = client.callTool({ name: "lab__wipe", arguments: { path: "/a" } }, ...options(line, { onprogress }));
    const ticket = await fixture.waiting();
    expect(ticket).toMatchObject({ client: "cursor", tool: "wipe", args: { path: "/a" } });
    await vi.waitFor(() => expect(heard.map(({ message }) => message).join()).toContain(ticket.id));
    fixture.core.core.approvals.approve(ticket.id, "console");
    expect(textOf(await call)).toContain("Pretended to delete /a.");
  });

  it("reads a person's reason", async () => {
    await using fixture = await GatewayFixture.open();
    const client = await fixture[line]();
    const call = client.callTool({ name: "lab__wipe", arguments: {} });
    fixture.core.core.approvals.deny((await fixture.waiting()).id, "console", "Not on a Friday.");
    const result = await call;
    expect(result).toMatchObject({ isError: true, _meta: { [errorKey]: { code: "approval_denied" } } });
    expect(textOf(result)).toContain("Not on a Friday.");
  });

  it("gives up while a person is asked, and the ticket is cancelled", async () => {
    await using fixture = await GatewayFixture.open();
    const client = await fixture[line]();
    const abort = new AbortController();
    const call = client.callTool({ name: "lab__wipe", arguments: {} }, ...options(line, { signal: abort.signal }));
    const ticket = await fixture.waiting();
    abort.abort();
    await expect(call).rejects.toThrow();
    await vi.waitFor(() => expect(fixture.core.core.approvals.get(ticket.id).state).toBe("cancelled"));
  });

  it("is refused once its token is revoked, and its calls are taken back", async () => {
    await using fixture = await GatewayFixture.open();
    const client = await fixture[line]();
    const call = client.callTool({ name: "lab__wipe", arguments: {} });
    const ticket = await fixture.waiting();
    await fixture.core.core.access.revoke(fixture.tokenId, "console");
    expect(await call).toMatchObject({ isError: true, _meta: { [errorKey]: { code: "cancelled" } } });
    expect(fixture.core.core.approvals.get(ticket.id).state).toBe("cancelled");
    await expect(client.callTool({ name: "lab__echo", arguments: {} })).rejects.toThrow();
  });
});

describe("a list that changes", () => {
  it("is told to a newer client that listens", async () => {
    await using fixture = await GatewayFixture.open();
    const told = vi.fn();
    const client = await fixture.newer({ listChanged: { tools: { autoRefresh: false, onChanged: told } } });
    await client.callTool({ name: "lab__change-description", arguments: {} });
    await vi.waitFor(() => expect(told).toHaveBeenCalled());
  });

  it("is told to an older client", async () => {
    await using fixture = await GatewayFixture.open();
    const told = vi.fn();
    const client = await fixture.older();
    client.setNotificationHandler(ToolListChangedNotificationSchema, () => void told());
    await client.callTool({ name: "lab__change-description", arguments: {} });
    await vi.waitFor(() => expect(told).toHaveBeenCalled());
  });
});

/** The two lines take a request's options at different places. */
function options(line: "newer" | "older", given: object): [never, never] | [never] {
  return (line === "older" ? [undefined, given] : [given]) as never;
}
