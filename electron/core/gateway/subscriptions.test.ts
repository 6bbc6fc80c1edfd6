/** Changes, told to those who wait for them and to nobody else. */
import {
  PromptListChangedNotificationSchema,
  ResourceListChangedNotificationSchema,
  ResourceUpdatedNotificationSchema,
  ToolListChangedNotificationSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { describe, expect, it, vi } from "vitest";
import { errorKey } from "./error-answer.ts";
import { GatewayFixture } from "./fixtures/gateway-fixture.ts";
import { twoOffering } from "./fixtures/offering-files.ts";

const lines = ["newer", "older"] as const;
const protocols = ["legacy", "modern"] as const;
type Line = (typeof lines)[number];

const at = (server: string, uri: string) => `switchgear://${server}/${uri}`;
const plain = "note://plain";

/** A client that waits for resources, and what it heard of them. */
type Waiting = { heard: string[]; acknowledged: string[]; stop: () => Promise<unknown> };

async function wait(
  fixture: GatewayFixture,
  line: Line,
  uris: string[],
  server?: string,
  token = fixture.token,
): Promise<Waiting> {
  const heard: string[] = [];
  if (line === "newer") {
    const client = await fixture.newer({}, token, server);
    client.setNotificationHandler("notifications/resources/updated", ({ params }) => void heard.push(params.uri));
    const subscription = await client.listen({ resourceSubscriptions: uris });
    const acknowledged = subscription.honoredFilter.resourceSubscriptions ?? [];
    return { heard, acknowledged, stop: () => subscription.close() };
  }
  const client = await fixture.older(token, {}, server);
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void heard.push(params.uri));
  const acknowledged: string[] = [];
  for (const uri of uris) await client.subscribeResource({ uri }).then(() => acknowledged.push(uri));
  return { heard, acknowledged, stop: () => Promise.all(uris.map((uri) => client.unsubscribeResource({ uri }))) };
}

/** Calls a tool of a server behind the gateway, past the gateway. */
async function use({ core }: GatewayFixture, server: string, tool: string, args: object = {}): Promise<string> {
  const { result } = await core.core.report({
    ...{ id: crypto.randomUUID(), server, tool, client: "library" },
    args: { ...args },
  });
  return (result!.content[0] as { text: string }).text;
}

/** What was told before is there once this is. */
async function settle(
  fixture: GatewayFixture,
  marks: readonly { waiting: Waiting; server: string; uri: string; as: string }[],
) {
  for (const { server, uri } of marks) await use(fixture, server, "touch", { uri });
  for (const { waiting, as } of marks) await vi.waitFor(() => expect(waiting.heard).toContain(as));
}

describe.each(lines)("a client of the %s line that waits for a resource", (line) => {
  it.each(protocols)(
    "hears that it changed, under the URI that it knows it by, and of no other (%s server)",
    async (protocol) => {
      await using fixture = await GatewayFixture.open(twoOffering(protocol));
      const waiting = await wait(fixture, line, [at("notes", plain), at("notes", "note://last")]);
      expect(waiting.acknowledged).toEqual([at("notes", plain), at("notes", "note://last")]);
      await use(fixture, "notes", "touch", { uri: plain });
      for (const uri of ["note://other", "note://plaine"]) await use(fixture, "notes", "touch", { uri });
      await use(fixture, "notes_b", "touch", { uri: plain });
      await use(fixture, "notes", "touch", { uri: "note://last" });
      await vi.waitFor(() => expect(waiting.heard).toEqual([at("notes", plain), at("notes", "note://last")]));
    },
  );

  it("hears nothing that another waits for, at whatever address", async () => {
    await using fixture = await GatewayFixture.open(twoOffering("legacy"));
    const other = fixture.core.core.access.create("gateway", "zed", "console").token;
    const own = await wait(fixture, line, [at("notes", plain)]);
    const anothers = await wait(fixture, line, [at("notes", "note://b")], undefined, other);
    const alone = await wait(fixture, line, [plain], "notes");
    const aloneB = await wait(fixture, line, [plain, "note://b"], "notes_b", other);
    await settle(fixture, [
      { waiting: own, server: "notes", uri: plain, as: at("notes", plain) },
      { waiting: anothers, server: "notes", uri: "note://b", as: at("notes", "note://b") },
      { waiting: aloneB, server: "notes_b", uri: "note://b", as: "note://b" },
    ]);
    expect(own.heard).toEqual([at("notes", plain)]);
    expect(anothers.heard).toEqual([at("notes", "note://b")]);
    expect(alone.heard).toEqual([plain]);
    expect(aloneB.heard).toEqual(["note://b"]);
  });

  it("keeps its server told until nobody waits any more", async () => {
    await using fixture = await GatewayFixture.open(twoOffering("legacy"));
    const first = await wait(fixture, line, [at("notes", plain)]);
    const second = await wait(fixture, "older", [at("notes", plain)]);
    expect(await use(fixture, "notes", "subscribed")).toBe(JSON.stringify([plain]));
    await second.stop();
    await settle(fixture, [{ waiting: first, server: "notes", uri: plain, as: at("notes", plain) }]);
    expect(second.heard).toEqual([]);
    await first.stop();
    await vi.waitFor(async () => expect(await use(fixture, "notes", "subscribed")).toBe("[]"));
  });

  it("is heard no more for once its token is revoked", async () => {
    await using fixture = await GatewayFixture.open(twoOffering("legacy"));
    await wait(fixture, line, [at("notes", plain)]);
    await fixture.core.core.access.revoke(fixture.tokenId, "console");
    await vi.waitFor(async () => expect(await use(fixture, "notes", "subscribed")).toBe("[]"));
  });

  it("hears no more of what a person no longer lets it see", async () => {
    await using fixture = await GatewayFixture.open(twoOffering("legacy"));
    const waiting = await wait(fixture, line, [at("notes", plain), at("notes_b", plain)]);
    await fixture.show({ sees: ["notes_b"], lazy: false });
    await use(fixture, "notes", "touch", { uri: plain });
    await settle(fixture, [{ waiting, server: "notes_b", uri: plain, as: at("notes_b", plain) }]);
    expect(waiting.heard).toEqual([at("notes_b", plain)]);
  });

  it("hears no more of what the policy no longer lets it read", async () => {
    await using fixture = await GatewayFixture.open(twoOffering("legacy"));
    const waiting = await wait(fixture, line, [at("notes", plain), at("notes_b", plain)]);
    const refusing = 'default_permission: ALWAYS\ntools: { "notes.resources/read": { permission: NEVER } }\n';
    fixture.core.write("policies/mcp_permissions.yaml", refusing);
    const { policy } = fixture.core.core;
    await vi.waitFor(() => expect(policy.text()).toBe(refusing));
    await use(fixture, "notes", "touch", { uri: plain });
    await settle(fixture, [{ waiting, server: "notes_b", uri: plain, as: at("notes_b", plain) }]);
    expect(waiting.heard).toEqual([at("notes_b", plain)]);
  });

  it("waits on when its server connects anew, and hears that it may have changed", async () => {
    await using fixture = await GatewayFixture.open(twoOffering("legacy"));
    const waiting = await wait(fixture, line, [at("notes", plain)]);
    await fixture.core.core.servers.disconnect("notes");
    await fixture.core.core.servers.connect("notes");
    await vi.waitFor(() => expect(waiting.heard).toEqual([at("notes", plain)]));
    await vi.waitFor(async () => expect(await use(fixture, "notes", "subscribed")).toBe(JSON.stringify([plain])));
    await use(fixture, "notes", "touch", { uri: plain });
    await vi.waitFor(() => expect(waiting.heard).toHaveLength(2));
  });
});

describe("waiting for what may not be read", () => {
  const policy = `default_permission: ALWAYS
context_rules:
  - { name: secret, condition: { tool: notes.resources/read, args_match: { uri: "file:///etc/**" } }, permission: NEVER }
`;
  const wanted = [
    at("notes", "file:///etc/motd"),
    at("gone", plain),
    "note://plain",
    at("notes", "gone:1"),
    at("notes", plain),
  ];

  it("is left out of what a newer client is acknowledged, and never asked of the server", async () => {
    await using fixture = await GatewayFixture.open(twoOffering("legacy", policy));
    const waiting = await wait(fixture, "newer", wanted);
    expect(waiting.acknowledged).toEqual([at("notes", plain)]);
    expect(await use(fixture, "notes", "subscribed")).toBe(JSON.stringify([plain]));
    await use(fixture, "notes", "touch", { uri: "file:///etc/motd" });
    await settle(fixture, [{ waiting, server: "notes", uri: plain, as: at("notes", plain) }]);
    expect(waiting.heard).toEqual([at("notes", plain)]);
  });

  it("is refused to an older client, with a code and in words", async () => {
    await using fixture = await GatewayFixture.open(twoOffering("legacy", policy));
    const client = await fixture.older();
    const [secret, gone, bare, unknown] = wanted as [string, string, string, string];
    await expect(client.subscribeResource({ uri: secret })).rejects.toMatchObject({
      code: -32_010,
      data: { [errorKey]: { code: "policy_denied" } },
    });
    for (const uri of [gone, bare, unknown]) {
      await expect(client.subscribeResource({ uri })).rejects.toMatchObject({ code: -32_602 });
    }
    await fixture.show({ sees: ["notes_b"], lazy: false });
    await expect(client.subscribeResource({ uri: at("notes", plain) })).rejects.toMatchObject({ code: -32_602 });
    expect(await use(fixture, "notes", "subscribed")).toBe("[]");
  });

  it("has no more streams than a client needs", async () => {
    await using fixture = await GatewayFixture.open(twoOffering("legacy"));
    const client = await fixture.newer();
    const listen = () => client.listen({ toolsListChanged: true });
    const streams = await Promise.all(Array.from({ length: 100 }, listen));
    await expect(listen()).rejects.toMatchObject({ message: expect.stringContaining("at most 100") as string });
    await streams[0]!.close();
    await vi.waitFor(async () => expect((await listen()).honoredFilter).toEqual({ toolsListChanged: true }));
  });

  it("keeps no stream open where nothing is left to wait for", async () => {
    await using fixture = await GatewayFixture.open(twoOffering("legacy", policy));
    const client = await fixture.newer();
    const subscription = await client.listen({ resourceSubscriptions: [wanted[0]!] });
    expect(subscription.honoredFilter).toEqual({});
    expect(await subscription.closed).toBe("graceful");
  });
});

describe("a list that changes", () => {
  const listeners = { tools: vi.fn(), prompts: vi.fn(), resources: vi.fn() };
  const options = Object.fromEntries(
    Object.entries(listeners).map(([kind, onChanged]) => [
      kind,
      { autoRefresh: false, debounceMs: 0, onChanged: () => void onChanged() },
    ]),
  );

  async function open(fixture: GatewayFixture, line: Line, server?: string) {
    for (const each of Object.values(listeners)) each.mockClear();
    if (line === "newer") return void (await fixture.newer({ listChanged: options }, fixture.token, server));
    const client = await fixture.older(fixture.token, {}, server);
    client.setNotificationHandler(ToolListChangedNotificationSchema, () => listeners.tools());
    client.setNotificationHandler(PromptListChangedNotificationSchema, () => listeners.prompts());
    client.setNotificationHandler(ResourceListChangedNotificationSchema, () => listeners.resources());
  }
  const told = () => Object.values(listeners).map(({ mock }) => mock.calls.length > 0);

  async function listed({ core: { core } }: GatewayFixture): Promise<void> {
    const enabled = core.servers.list().filter((server) => server.enabled);
    await Promise.all(enabled.map(({ id }) => core.servers.connection(id).offers.settled()));
  }

  it.each(lines)("is told to a client of the %s line that it concerns", async (line) => {
    await using fixture = await GatewayFixture.open(twoOffering("legacy"));
    await listed(fixture);
    await open(fixture, line);
    await use(fixture, "notes", "shift");
    await vi.waitFor(() => expect(told()).toEqual([false, true, true]));
    await fixture.core.core.pins.block("notes_b", ["touch"], { by: "console", why: "a test" });
    await vi.waitFor(() => expect(told()).toEqual([true, true, true]));
  });

  it.each(lines)("is told to a client of the %s line at the address of that server alone", async (line) => {
    await using fixture = await GatewayFixture.open(twoOffering("legacy"));
    await listed(fixture);
    await open(fixture, line, "notes_b");
    await use(fixture, "notes", "shift");
    await fixture.core.core.pins.block("notes", ["touch"], { by: "console", why: "a test" });
    await use(fixture, "notes_b", "shift");
    await vi.waitFor(() => expect(told()).toEqual([false, true, true]));
    expect(listeners.prompts).toHaveBeenCalledTimes(1);
  });

  it("is not told where what clients see of it is the same", async () => {
    await using fixture = await GatewayFixture.open(twoOffering("legacy"));
    await listed(fixture);
    await open(fixture, "older");
    const { events } = fixture.core.core;
    for (const name of ["tools.changed", "pins.changed", "prompts.changed", "resources.changed"] as const) {
      events.emit(name, { server: "notes" });
    }
    await fixture.core.core.servers.disconnect("notes");
    await fixture.core.core.servers.connect("notes");
    await use(fixture, "notes", "shift");
    await vi.waitFor(() => expect(told()).toEqual([false, true, true]));
    expect(listeners.prompts).toHaveBeenCalledTimes(1);
  });
});

describe.each(lines)("a tool in quarantine, for a client of the %s line", (line) => {
  it("is not listed until somebody accepts it, and a call of it is refused in words", async () => {
    await using fixture = await GatewayFixture.open();
    const { pins } = fixture.core.core;
    const client = await fixture[line]();
    const names = async () => (await client.listTools()).tools.map(({ name }) => name);
    const suspect = "lab_b__change-description";
    await client.callTool({ name: suspect, arguments: {} });
    await vi.waitFor(async () => expect(await names()).not.toContain(suspect));
    const refused = { isError: true, _meta: { [errorKey]: { code: "quarantined" } } };
    expect(await client.callTool({ name: suspect, arguments: {} })).toMatchObject(refused);
    await pins.block("lab_b", ["echo"], { by: "console", why: "a test" });
    await vi.waitFor(async () => expect(await names()).not.toContain("lab_b__echo"));
    expect(await client.callTool({ name: "lab_b__echo", arguments: { message: "a" } })).toMatchObject({
      isError: true,
    });
    const { fingerprint } = pins.list(new Set(["lab_b"])).find(({ tool }) => tool === "change-description")!;
    pins.accept("lab_b", [{ tool: "change-description", fingerprint }], { by: "console", why: "a test" });
    await vi.waitFor(async () => expect(await names()).toContain(suspect));
  });
});
