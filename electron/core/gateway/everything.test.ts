/** All that the protocol's own example server offers, through the gateway, to the SDK's clients of both lines. */
import { ResourceUpdatedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import { Client, UriTemplate } from "@modelcontextprotocol/client";
import { describe, expect, it, vi } from "vitest";
import { GatewayFixture } from "./fixtures/gateway-fixture.ts";

const files = {
  "servers/everything.yaml": `id: everything
transport: stdio
command: \${node}
args: ["\${app}/node_modules/@modelcontextprotocol/server-everything/dist/index.js", stdio]
keep_alive: 0
timeout: 20000
`,
  "policies/mcp_permissions.yaml": "default_permission: ALWAYS\n",
};
const at = (uri: string) => `switchgear://everything/${uri}`;
const features = at("demo://resource/static/document/features.md");
/** Its subscribers are told every five seconds. */
const updateMs = 14_000;

async function open(line: "newer" | "older") {
  const fixture = await GatewayFixture.open(files);
  await fixture.core.core.servers.connection("everything").offers.settled();
  return { fixture, client: await fixture[line]() };
}

describe.each(["newer", "older"] as const)("a client of the %s line, of the everything server", (line) => {
  it("lists, reads and fills in its resources", async () => {
    const { fixture, client } = await open(line);
    await using _closing = fixture;
    expect((await client.listResources()).resources.map(({ uri }) => uri)).toContain(features);
    expect((await client.readResource({ uri: features })).contents).toMatchObject([{ uri: features }]);
    const { resourceTemplates } = await client.listResourceTemplates();
    const text = resourceTemplates.find(({ uriTemplate }) => uriTemplate.includes("/text/"))!;
    const uri = new UriTemplate(text.uriTemplate).expand({ resourceId: "7" });
    expect((await client.readResource({ uri })).contents).toMatchObject([{ uri, mimeType: "text/plain" }]);
    const ref = { type: "ref/resource" as const, uri: text.uriTemplate };
    const { completion } = await client.complete({ ref, argument: { name: "resourceId", value: "5" } });
    expect(completion.values).toEqual(["5"]);
  });

  it("follows the links that its tools and prompts give", async () => {
    const { fixture, client } = await open(line);
    await using _closing = fixture;
    const answer = await client.callTool({ name: "everything__get-resource-links", arguments: { count: 2 } });
    const links = (answer.content as { type: string; uri?: string }[]).filter(({ type }) => type === "resource_link");
    expect(links).toHaveLength(2);
    for (const { uri } of links) {
      expect((await client.readResource({ uri: uri! })).contents[0]!.uri).toBe(uri);
    }
    const prompt = { name: "everything__resource-prompt", arguments: { resourceType: "Text", resourceId: "1" } };
    const { messages } = await client.getPrompt(prompt);
    const embedded = messages.map(({ content }) => content).find(({ type }) => type === "resource");
    const { uri } = (embedded as { resource: { uri: string } }).resource;
    expect((await client.readResource({ uri })).contents[0]!.uri).toBe(uri);
  });

  it("gets its prompts, with completed arguments", async () => {
    const { fixture, client } = await open(line);
    await using _closing = fixture;
    expect((await client.listPrompts()).prompts.map(({ name }) => name)).toContain("everything__args-prompt");
    const { messages } = await client.getPrompt({ name: "everything__args-prompt", arguments: { city: "Lima" } });
    expect(JSON.stringify(messages)).toContain("Lima");
    const ref = { type: "ref/prompt" as const, name: "everything__completable-prompt" };
    const { completion } = await client.complete({
      ...{ ref, argument: { name: "name", value: "" } },
      context: { arguments: { department: "Engineering" } },
    });
    expect(completion.values).toEqual(["Alice", "Bob", "Charlie"]);
  });

  it("hears of a resource that it subscribed to", { timeout: 40_000 }, async () => {
    const { fixture, client } = await open(line);
    await using _closing = fixture;
    const heard: string[] = [];
    if (client instanceof Client) {
      client.setNotificationHandler("notifications/resources/updated", ({ params }) => void heard.push(params.uri));
      await client.listen({ resourceSubscriptions: [features] });
    } else {
      client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void heard.push(params.uri));
      await client.subscribeResource({ uri: features });
    }
    await client.callTool({ name: "everything__toggle-subscriber-updates", arguments: {} });
    await vi.waitFor(() => expect(heard).toContain(features), { timeout: updateMs });
    expect(new Set(heard)).toEqual(new Set([features]));
  });
});
