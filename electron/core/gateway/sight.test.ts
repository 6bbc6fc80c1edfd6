/** What a client may see: neither listed nor callable is what a person has not let it see. */
import { ToolListChangedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import { describe, expect, it, vi } from "vitest";
import { GatewayFixture } from "./fixtures/gateway-fixture.ts";

const lines = ["newer", "older"] as const;

async function names(client: { listTools(): Promise<{ tools: { name: string }[] }> }): Promise<string[]> {
  return (await client.listTools()).tools.map(({ name }) => name);
}

async function failure(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => "answered",
    ({ code, message }: { code: number; message: string }) => ({ code, message: message.replaceAll(/"[^"]*"/g, "…") }),
  );
}

describe.each(lines)("a client of the %s line that may see some tools", (line) => {
  it("lists those alone, here and at a server's own address", async () => {
    await using fixture = await GatewayFixture.open();
    await fixture.show({ sees: ["lab.echo", "lab.is-*"], lazy: false });
    expect(await names(await fixture[line]())).toEqual(["lab__echo", "lab__is-error"]);
    const alone = line === "newer" ? fixture.newer({}, fixture.token, "lab") : fixture.older(fixture.token, {}, "lab");
    expect(await names(await alone)).toEqual(["echo", "is-error"]);
  });

  it("is told of another that there is none, in the words for a tool that does not exist, and the journal has the call", async () => {
    await using fixture = await GatewayFixture.open();
    await fixture.show({ sees: ["lab.echo"], lazy: false });
    const client = await fixture[line]();
    const unknown = await failure(client.callTool({ name: "lab__nothing", arguments: {} }));
    expect(unknown).toMatchObject({ code: -32_602 });
    for (const name of ["lab__slow", "lab_b__echo", "lab__wipe", "lab__error"]) {
      expect(await failure(client.callTool({ name, arguments: { code: 1 } }))).toEqual(unknown);
    }
    const { rows } = await fixture.core.core.journal.list({}, null, 10);
    expect(rows.map(({ server, tool, outcome, errorCode }) => ({ server, tool, outcome, errorCode }))).toEqual(
      ["lab.error", "lab.wipe", "lab_b.echo", "lab.slow"].map((each) => {
        const [server, tool] = each.split(".");
        return { server, tool, outcome: "refused", errorCode: "not_visible" };
      }),
    );
    expect(fixture.core.core.approvals.list("pending")).toEqual([]);
    expect(await client.callTool({ name: "lab__echo", arguments: { message: "hi" } })).toMatchObject({
      content: [{ text: "hi" }],
    });
  });

  it("sees what a person lets it see from then on, in a session that it has", async () => {
    await using fixture = await GatewayFixture.open();
    const client = await fixture[line]();
    expect(await names(client)).toContain("lab_b__echo");
    await fixture.show({ sees: ["lab"], lazy: false });
    await vi.waitFor(async () => expect(await names(client)).not.toContain("lab_b__echo"));
    await expect(client.callTool({ name: "lab_b__echo", arguments: { message: "hi" } })).rejects.toMatchObject({
      code: -32_602,
    });
    await fixture.show({ sees: null, lazy: false });
    await vi.waitFor(async () => expect(await names(client)).toContain("lab_b__echo"));
  });

  it("loses a call that waits for a person with the right to see its tool", async () => {
    await using fixture = await GatewayFixture.open();
    const client = await fixture[line]();
    const call = client.callTool({ name: "lab__wipe", arguments: { path: "/" } });
    const ended = failure(call.then((result) => Promise.reject(new Error(JSON.stringify(result)))));
    const ticket = await fixture.waiting();
    await fixture.show({ sees: ["lab_b"], lazy: false });
    await vi.waitFor(() => expect(fixture.core.core.approvals.get(ticket.id).state).toBe("cancelled"));
    expect(await ended).not.toBe("answered");
    expect(await fixture.core.arrived("wipe")).toBe(0);
  });
});

describe("what a client may see", () => {
  it("is 404 where it may see nothing of a server, as where there is none", async () => {
    await using fixture = await GatewayFixture.open();
    await fixture.show({ sees: ["lab.echo"], lazy: false });
    const ask = (server: string) =>
      fetch(fixture.address(server), {
        method: "POST",
        headers: { authorization: `Bearer ${fixture.token}`, "content-type": "application/json" },
        body: "{}",
      });
    const [hidden, missing] = await Promise.all([ask("lab_b"), ask("nobody")]);
    expect([hidden.status, missing.status]).toEqual([404, 404]);
    expect(await hidden.text()).toBe(await missing.text());
    expect((await ask("lab")).status).not.toBe(404);
  });

  it("is another client's own", async () => {
    await using fixture = await GatewayFixture.open();
    await fixture.show({ sees: [], lazy: false });
    const other = await fixture.older(fixture.core.core.access.create("gateway", "zed", "console").token);
    expect(await names(await fixture.older())).toEqual([]);
    expect(await names(other)).toContain("lab__echo");
  });

  it("holds from then on where another process changed it, and the client is told", async () => {
    await using fixture = await GatewayFixture.open();
    const client = await fixture.older();
    let told = 0;
    client.setNotificationHandler(ToolListChangedNotificationSchema, () => void (told += 1));
    await client.listTools();
    const other = fixture.otherProcess();
    await other.tokens.setView(fixture.tokenId, { sees: ["lab.echo"], lazy: false }, "terminal");
    expect(await names(client)).toEqual(["lab__echo"]);
    await vi.waitFor(() => expect(told).toBe(1), { timeout: 12_000 });
    other.database.close();
  });

  it("is nothing where its setting cannot be read", async () => {
    await using fixture = await GatewayFixture.open();
    const { database } = fixture.otherProcess();
    const unreadable = `UPDATE access_tokens SET view = '{"sees":"all"}' WHERE id = ?`;
    database.write(() => database.run(unreadable, fixture.tokenId));
    database.close();
    await vi.waitFor(async () => expect(await names(await fixture.older())).toEqual([]));
  });

  it("is looked at again right before a call that was approved is sent", async () => {
    await using fixture = await GatewayFixture.open();
    const client = await fixture.older();
    const ended = failure(client.callTool({ name: "lab__wipe", arguments: { path: "/" } }));
    const ticket = await fixture.waiting();
    // Another process, of whose change this one has not heard yet.
    const other = fixture.otherProcess();
    await other.tokens.setView(fixture.tokenId, { sees: ["lab_b"], lazy: false }, "terminal");
    other.database.close();
    fixture.core.core.approvals.approve(ticket.id, "console");
    expect(await ended).toMatchObject({ code: -32_602 });
    expect(await fixture.core.arrived("wipe")).toBe(0);
  });
});
