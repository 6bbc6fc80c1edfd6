/** Resources, prompts and completions, as clients of both lines get them through the gateway. */
import { UriTemplate } from "@modelcontextprotocol/client";
import { describe, expect, it, vi } from "vitest";
import { FakeClock } from "../fake-clock.ts";
import { errorKey } from "./error-answer.ts";
import { GatewayFixture } from "./fixtures/gateway-fixture.ts";
import { offering, twoOffering } from "./fixtures/offering-files.ts";
import { originKey } from "./origin.ts";

const lines = ["newer", "older"] as const;
type Line = (typeof lines)[number];

const odd = "note://host/a/../b?x=1&y=%2F#part";
const at = (server: string, uri: string) => `switchgear://${server}/${uri}`;
const refused = -32_010;

async function open(line: Line, policy?: string, server?: string) {
  // The servers speak the other line, so that nothing passes but by being understood.
  const fixture = await GatewayFixture.open(twoOffering(line === "newer" ? "legacy" : "modern", policy));
  await listed(fixture);
  return { fixture, client: await connect(fixture, line, server) };
}

async function listed({ core: { core } }: GatewayFixture): Promise<void> {
  const enabled = core.servers.list().filter((server) => server.enabled);
  await Promise.all(enabled.map(({ id }) => core.servers.connection(id).offers.settled()));
}

function connect(fixture: GatewayFixture, line: Line, server?: string, token = fixture.token) {
  return line === "newer" ? fixture.newer({}, token, server) : fixture.older(token, {}, server);
}

describe.each(lines)("a client of the %s line", (line) => {
  it("sees the resources of every server, each under a URI that says whose it is", async () => {
    const { fixture, client } = await open(line);
    await using _closing = fixture;
    const { resources } = await client.listResources();
    expect(resources).toHaveLength(8);
    expect(resources.map(({ uri }) => uri)).toContain(at("notes_b", odd));
    expect(resources.find(({ uri }) => uri === at("notes", odd))).toMatchObject({
      name: odd,
      mimeType: "text/plain",
      _meta: { [originKey]: { server: "notes", uri: odd } },
    });
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates).toMatchObject(
      ["notes", "notes_b"].map((server) => ({
        uriTemplate: at(server, "note://{owner}/{+path}{?q,page}"),
        _meta: { own: 3, [originKey]: { server, uriTemplate: "note://{owner}/{+path}{?q,page}" } },
      })),
    );
  });

  it("reads a resource down the path, and gets contents under the URI that it can read again", async () => {
    const { fixture, client } = await open(line);
    await using _closing = fixture;
    for (const uri of [at("notes_b", odd), at("notes_b", "urn:isbn:0451450523")]) {
      const own = uri.slice(at("notes_b", "").length);
      const { contents } = await client.readResource({ uri });
      expect(contents).toEqual([{ uri, mimeType: "text/plain", text: `contents of ${own}`, _meta: { own: 4 } }]);
    }
    const { rows } = await fixture.core.core.journal.list({}, null, 10);
    expect(rows).toMatchObject([{}, {}].map(() => ({ server: "notes_b", tool: "resources/read", client: "cursor" })));
  });

  it("reads what it fills a template in to", async () => {
    const { fixture, client } = await open(line);
    await using _closing = fixture;
    const { resourceTemplates } = await client.listResourceTemplates();
    const uri = new UriTemplate(resourceTemplates[0]!.uriTemplate).expand({ owner: "me", path: "a/b", q: "x y" });
    const { contents } = await client.readResource({ uri });
    expect(contents).toMatchObject([{ uri, text: "contents of note://me/a/b?q=x%20y" }]);
  });

  it("sees the prompts of every server under their servers' names, and gets one down the path", async () => {
    const { fixture, client } = await open(line);
    await using _closing = fixture;
    const { prompts } = await client.listPrompts();
    const names = prompts.map(({ name }) => name);
    expect(names).toEqual(names.toSorted());
    expect(names).toEqual(expect.arrayContaining(["notes__greet", "notes_b__greet"]));
    expect(prompts.find(({ name }) => name === "notes__greet")).toMatchObject({
      title: "Greet",
      arguments: [{ name: "who", required: true }],
      _meta: { [originKey]: { server: "notes", name: "greet" } },
    });
    expect(await client.getPrompt({ name: "notes_b__greet", arguments: { who: "you" } })).toMatchObject({
      description: "A greeting",
      messages: [{ role: "user", content: { type: "text", text: "Hello, you!" } }],
    });
    const { rows } = await fixture.core.core.journal.list({}, null, 10);
    expect(rows).toMatchObject([{ server: "notes_b", tool: "prompts/get", client: "cursor", outcome: "ok" }]);
  });

  it("is pointed by tools and prompts at what it can read, and all else comes as it is", async () => {
    const { fixture, client } = await open(line);
    await using _closing = fixture;
    const expected = [
      { type: "resource_link", uri: at("notes", "note://plain"), name: "plain", _meta: { own: 1 } },
      { type: "resource_link", uri: "https://example.test/page", name: "web" },
      { type: "resource", resource: { uri: at("notes", odd), text: "inside", _meta: { own: 2 } } },
      { type: "image", data: "aW1hZ2U=", mimeType: "image/png" },
    ];
    const { content, structuredContent } = await client.callTool({ name: "notes__links", arguments: {} });
    expect(content).toEqual(expected);
    expect(structuredContent).toEqual({ uri: "note://plain" });
    const marked = (await client.listPrompts()).prompts.find(({ name }) => name.includes("links"));
    const { messages } = await client.getPrompt({ name: marked!.name });
    expect(messages.map((message) => message.content)).toEqual(expected);
  });

  it("completes arguments of prompts and of templates", async () => {
    const { fixture, client } = await open(line);
    await using _closing = fixture;
    const argument = { name: "who", value: "y" };
    const prompt = { ref: { type: "ref/prompt" as const, name: "notes_b__greet" }, argument };
    expect(await client.complete({ ...prompt, context: { arguments: { tone: "kind" } } })).toMatchObject({
      completion: { values: ["greet", "y", "kind"], total: 7, hasMore: true },
    });
    const template = "note://{owner}/{+path}{?q,page}";
    const ref = { type: "ref/resource" as const, uri: at("notes", template) };
    expect((await client.complete({ ref, argument })).completion.values).toEqual([template, "y"]);
    const nobodys = { type: "ref/prompt" as const, name: "greet" };
    await expect(client.complete({ ref: nobodys, argument })).rejects.toMatchObject({ code: -32_602 });
  });

  it("has one server's own names and URIs at its address, and no other's", async () => {
    const { fixture, client } = await open(line, undefined, "notes_b");
    await using _closing = fixture;
    expect((await client.listResources()).resources.map(({ uri }) => uri)).toContain(odd);
    expect((await client.readResource({ uri: odd })).contents[0]!.uri).toBe(odd);
    expect((await client.listPrompts()).prompts.map(({ name }) => name)).toContain("with/links");
    const { content } = await client.callTool({ name: "links", arguments: {} });
    expect(content).toMatchObject([{ uri: "note://plain" }, {}, { resource: { uri: odd } }, {}]);
    await client.readResource({ uri: at("notes", odd) });
    const { rows } = await fixture.core.core.journal.list({}, null, 10);
    expect(new Set(rows.map(({ server }) => server))).toEqual(new Set(["notes_b"]));
  });

  it("reads why a read or a prompt was refused, as an error with a code", async () => {
    const policy = `default_permission: ALWAYS
context_rules:
  - { name: secret, condition: { tool: notes.resources/read, args_match: { uri: "file:///etc/**" } }, permission: NEVER }
tools: { "notes_b.prompts/get": { permission: NEVER } }
`;
    const { fixture, client } = await open(line, policy);
    await using _closing = fixture;
    const error = {
      code: refused,
      data: { [errorKey]: { code: "policy_denied", hint: expect.any(String) as string } },
    };
    const read = client.readResource({ uri: at("notes", "file:///etc/motd") });
    await expect(read).rejects.toMatchObject({
      ...error,
      message: expect.stringContaining("secret says NEVER") as string,
    });
    await expect(client.getPrompt({ name: "notes_b__greet", arguments: { who: "a" } })).rejects.toMatchObject(error);
    expect((await client.readResource({ uri: at("notes_b", "file:///etc/motd") })).contents).toHaveLength(1);
    fixture.core.core.circuits.trip("notes", null, { who: "console", why: "a test" });
    const open_ = {
      code: refused,
      data: { [errorKey]: { code: "circuit_open", retryAt: expect.any(Number) as number } },
    };
    await expect(client.readResource({ uri: at("notes", "note://plain") })).rejects.toMatchObject(open_);
  });

  it("is told of a resource that there is none, by the gateway as by its server", async () => {
    const { fixture, client } = await open(line);
    await using _closing = fixture;
    for (const uri of ["note://plain", at("gone", "note://plain"), at("notes", "gone:1")]) {
      await expect(client.readResource({ uri })).rejects.toMatchObject({ code: -32_602, data: { uri } });
    }
    const other = client.readResource({ uri: at("notes", "odd:1") });
    await expect(other).rejects.toMatchObject({ code: -32_077, data: { kept: true } });
    await expect(client.getPrompt({ name: "greet" })).rejects.toMatchObject({ code: -32_602 });
  });

  it("waits while a person is asked whether it may read, and reads the reason where it may not", async () => {
    const { fixture, client } = await open(line, "default_permission: REQUIRE_APPROVAL\n");
    await using _closing = fixture;
    const { approvals } = fixture.core.core;
    const uri = at("notes", "note://plain");
    const reading = client.readResource({ uri });
    const ticket = await fixture.waiting();
    expect(ticket).toMatchObject({ server: "notes", tool: "resources/read", args: { uri: "note://plain" } });
    approvals.approve(ticket.id, "console");
    expect((await reading).contents[0]!.uri).toBe(uri);
    const asking = client.getPrompt({ name: "notes__greet", arguments: { who: "a" } });
    approvals.deny((await fixture.waiting()).id, "console", "Not today.");
    await expect(asking).rejects.toMatchObject({
      code: refused,
      message: expect.stringContaining("Not today.") as string,
      data: { [errorKey]: { code: "approval_denied" } },
    });
  });

  it("takes a read back while a person is asked, and the ticket is cancelled", async () => {
    const { fixture, client } = await open(line, "default_permission: REQUIRE_APPROVAL\n");
    await using _closing = fixture;
    const abort = new AbortController();
    const reading = client.readResource({ uri: at("notes", "note://plain") }, { signal: abort.signal });
    const ticket = await fixture.waiting();
    abort.abort();
    await expect(reading).rejects.toThrow();
    await vi.waitFor(() => expect(fixture.core.core.approvals.get(ticket.id).state).toBe("cancelled"));
  });

  it("neither sees nor reads nor gets nor completes what a person has not let it see", async () => {
    const { fixture, client } = await open(line);
    await using _closing = fixture;
    await fixture.show({ sees: ["notes.prompts/get", "notes_b.resources/read"], lazy: false });
    await vi.waitFor(async () => {
      const { prompts } = await client.listPrompts();
      expect(new Set(prompts.map(({ name }) => name.split("__")[0]))).toEqual(new Set(["notes"]));
    });
    const { resources } = await client.listResources();
    expect(resources.every(({ uri }) => uri.startsWith(at("notes_b", "")))).toBe(true);
    const hidden = at("notes", "note://plain");
    await expect(client.readResource({ uri: hidden })).rejects.toMatchObject({ code: -32_602, data: { uri: hidden } });
    const absent = client.getPrompt({ name: "notes_b__greet", arguments: { who: "a" } });
    await expect(absent).rejects.toMatchObject({
      code: -32_602,
      message: expect.stringContaining("Unknown prompt") as string,
    });
    const ref = { type: "ref/prompt" as const, name: "notes_b__greet" };
    await expect(client.complete({ ref, argument: { name: "who", value: "" } })).rejects.toMatchObject({
      code: -32_602,
    });
    const { rows } = await fixture.core.core.journal.list({}, null, 10);
    expect(rows).toMatchObject([
      { server: "notes_b", tool: "prompts/get", errorCode: "not_visible" },
      { server: "notes", tool: "resources/read", errorCode: "not_visible" },
    ]);
  });

  it("gets long lists a page at a time, whatever pages their servers have", async () => {
    const files = { ...twoOffering("legacy"), "servers/notes_b.yaml": offering("notes_b", "legacy", 450) };
    await using fixture = await GatewayFixture.open(files);
    await listed(fixture);
    const client = await connect(fixture, line);
    const found: string[] = [];
    const sizes: number[] = [];
    for (let cursor: string | undefined = ""; cursor !== undefined;) {
      const given: { resources: { uri: string }[]; nextCursor?: string | undefined } = await client.listResources(
        cursor === "" ? {} : { cursor },
      );
      found.push(...given.resources.map(({ uri }) => uri));
      sizes.push(given.resources.length);
      cursor = given.nextCursor;
    }
    expect(new Set(found).size).toBe(458);
    if (line === "older") expect(sizes).toEqual([200, 200, 58]);
    await expect(client.listResources({ cursor: "!" })).rejects.toMatchObject({ code: -32_602 });
  });
});

describe("a client of the older line that asked for no progress", () => {
  it("is told that its read waits for approval, and reads once when it asks again", async () => {
    const clock = new FakeClock();
    const schedule = vi.spyOn(clock, "schedule");
    const files = twoOffering("legacy", "default_permission: REQUIRE_APPROVAL\n");
    await using fixture = await GatewayFixture.open(files, { clock });
    const client = await fixture.older();
    const uri = at("notes", "note://plain");
    const reading = client.readResource({ uri });
    const rejected = expect(reading).rejects.toMatchObject({
      code: refused,
      message: expect.stringContaining("approval_pending") as string,
      data: { [errorKey]: { code: "approval_pending", ticketId: expect.any(String) as string } },
    });
    const ticket = await fixture.waiting();
    await vi.waitFor(() => expect(schedule.mock.calls.some(([ms]) => ms === 45_000)).toBe(true));
    await clock.advance(45_000);
    await rejected;
    fixture.core.core.approvals.approve(ticket.id, "console");
    expect((await client.readResource({ uri })).contents).toHaveLength(1);
    expect(fixture.core.core.approvals.list("pending")).toEqual([]);
  });
});
