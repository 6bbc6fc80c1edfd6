import { randomUUID } from "node:crypto";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { CallHooks } from "../invoke.ts";
import { CoreFixture } from "../fixtures/core-fixture.ts";
import { promptCall, readCall } from "./offer-calls.ts";

const everything = `id: everything
transport: stdio
command: \${node}
args: ["\${app}/node_modules/@modelcontextprotocol/server-everything/dist/index.js", stdio]
keep_alive: 0
timeout: 20000
`;
const features = "demo://resource/static/document/features.md";
const client = "library";

let fixture: CoreFixture;

async function open(policy = "default_permission: ALWAYS\n", files: Record<string, string> = {}): Promise<void> {
  fixture = await CoreFixture.open({
    "servers/everything.yaml": everything,
    "policies/mcp_permissions.yaml": policy,
    ...files,
  });
}

async function listed(): Promise<void> {
  await fixture.core.servers.connect("everything");
  await fixture.core.servers.connection("everything").offers.settled();
}

const read = (uri: string, hooks: CallHooks = {}, server = "everything") =>
  fixture.core.report(readCall({ id: randomUUID(), server, uri, client }), hooks);
const get = (name: string, args?: Record<string, string>, server = "everything") =>
  fixture.core.report(promptCall({ id: randomUUID(), server, name, arguments: args, client }));
const complete = (ref: Parameters<typeof fixture.core.offers.complete>[0]["ref"], name: string, value: string) =>
  fixture.core.offers.complete({ server: "everything", ref, argument: { name, value }, client });
const template = { kind: "resource" as const, uriTemplate: "demo://resource/dynamic/text/{resourceId}" };

const asked = { ref: template, argument: { name: "resourceId", value: "5" }, client };

/** What the journal has of a call. */
const record = (id: string) => fixture.core.journal.get(id);

afterEach(() => fixture[Symbol.asyncDispose]());

describe("what a server offers beside tools", () => {
  it("is listed once it is connected: resources, templates and prompts, each with its permission", async () => {
    await open();
    await listed();
    const { views } = fixture.core.offers;
    const resource = views.resources(client).find(({ uri }) => uri === features);
    expect(resource).toMatchObject({
      server: "everything",
      name: "features.md",
      mimeType: "text/markdown",
      stale: false,
      permission: { level: "ALWAYS" },
    });
    expect(views.resourceTemplates(client).map(({ uriTemplate }) => uriTemplate)).toContain(template.uriTemplate);
    const prompt = views.prompts(client).find(({ name }) => name === "args-prompt");
    expect(prompt?.arguments).toEqual([
      { name: "city", title: null, description: "Name of the city", required: true },
      { name: "state", title: null, description: null, required: false },
    ]);
  });

  it("is nothing where the server says that it has none, and asking for it is told as the server would", async () => {
    await open(undefined, {});
    await fixture.core.servers.connect("lab");
    await fixture.core.servers.connection("lab").offers.settled();
    expect(fixture.core.offers.views.resources(client)).toEqual([]);
    const { error } = await read("demo://a", {}, "lab");
    expect(error).toMatchObject({ code: "protocol_error", message: '"lab" offers no resources/read.' });
  });

  it("stays listed while the server is down, marked stale, and tells of the change", async () => {
    await open();
    await listed();
    const told: string[] = [];
    fixture.core.events.on("resources.changed", ({ server }) => void told.push(server));
    await fixture.core.servers.disconnect("everything");
    expect(fixture.core.offers.views.resources(client).every(({ stale }) => stale)).toBe(true);
    expect(told).toContain("everything");
  });
});

describe("reading a resource", () => {
  it("takes the path, and is one call of the journal", async () => {
    await open();
    const { result, error, invocation } = await read(features);
    expect(error).toBeNull();
    expect(result?.contents).toEqual([
      { uri: features, mimeType: "text/markdown", text: expect.stringContaining("# ") },
    ]);
    expect(invocation).toMatchObject({ tool: "resources/read", outcome: "ok", level: "ALWAYS", attempts: 1 });
    await vi.waitFor(async () => {
      const { timeline } = await record(invocation.id);
      expect(timeline.map(({ kind }) => kind)).toEqual(["received", "decided", "attempt", "result"]);
      expect(timeline[0]).toMatchObject({ args: { uri: features } });
    });
  });

  it("gives an error of the server's as it is", async () => {
    await open();
    const { error } = await read("demo://nowhere");
    expect(error?.code).toBe("protocol_error");
  });

  it("is refused where the policy says NEVER, by method or by pattern", async () => {
    await open('default_permission: ALWAYS\ntools:\n  "everything.resources/read": { permission: NEVER }\n');
    expect((await read(features)).error?.code).toBe("policy_denied");
    expect((await get("simple-prompt")).error).toBeNull();
  });

  it("waits for a person where the policy asks for one, who may change what is read", async () => {
    await open('default_permission: ALWAYS\ntools:\n  "*.resources/read": { permission: REQUIRE_APPROVAL }\n');
    const reading = read(features);
    const ticket = await vi.waitFor(() => {
      const [first] = fixture.core.approvals.list("pending");
      return first ?? Promise.reject(new Error("Nobody is asked."));
    });
    expect(ticket).toMatchObject({ tool: "resources/read", args: { uri: features } });
    const other = features.replace("features", "startup");
    await fixture.core.desk.approve(ticket.id, "console", { args: { uri: other } });
    const { result } = await reading;
    expect(result?.contents[0]?.uri).toBe(other);
  });

  it("can be granted for a while", async () => {
    await open("default_permission: REQUIRE_APPROVAL\n");
    const reading = read(features);
    const ticket = await vi.waitFor(() => {
      const [first] = fixture.core.approvals.list("pending");
      return first ?? Promise.reject(new Error("Nobody is asked."));
    });
    await fixture.core.desk.approve(ticket.id, "console", { grant: { kind: "time", minutes: 5 } });
    expect((await reading).error).toBeNull();
    expect((await read(features)).error).toBeNull();
  });

  it("counts in the rate limits", async () => {
    await open("default_permission: ALWAYS\nrate_limits:\n  global: { calls_per_minute: 1, calls_per_hour: 10 }\n");
    expect((await read(features)).error).toBeNull();
    expect((await read(features)).error?.code).toBe("rate_limited");
  });

  it("is refused while the circuit is open", async () => {
    await open();
    fixture.core.circuits.trip("everything", null, { who: "console", why: "a test" });
    expect((await read(features)).error?.code).toBe("circuit_open");
  });
});

describe("a rule on what is read", () => {
  const byPath = `default_permission: NEVER
context_rules:
  - name: public_files
    condition: { server: everything, tool: everything.resources/read, args_match: { uri: "demo://resource/static/**" } }
    permission: ALWAYS
  - name: no_blobs
    condition: { server: everything, args_match: { uri: { contains: blob } } }
    permission: NEVER
`;
  const level = async (uri: unknown) => {
    const call = { server: "everything", method: "resources/read", tool: "resources/read", client } as const;
    return fixture.core.tools.preview({ ...call, args: { uri } }).decision?.level;
  };

  it("holds by the URI's glob", async () => {
    await open(byPath);
    expect(await level(features)).toBe("ALWAYS");
    expect(await level("demo://resource/dynamic/text/1")).toBe("NEVER");
  });

  it.each([
    "demo://resource/static/../dynamic/blob/1",
    "demo://resource/static/./x/../../dynamic/text/1",
    "demo://resource/static/..",
    "DEMO://resource/static/a",
    "demo://resource/staticky/a",
    "file:///tmp/../etc/passwd",
    ["demo://resource/static/a"],
    null,
    undefined,
  ])("does not hold for %s", async (uri) => {
    await open(byPath);
    expect(await level(uri)).toBe("NEVER");
  });

  it("lets nothing by that only looks like a path below the one allowed", async () => {
    await open(`default_permission: NEVER
context_rules:
  - name: tmp
    condition: { tool: everything.resources/read, args_match: { uri: "file:///tmp/**" } }
    permission: ALWAYS
`);
    expect(await level("file:///tmp/a/b.txt")).toBe("ALWAYS");
    for (const uri of [
      "file:///tmp/../etc/passwd",
      "file:///tmp/a/../../etc/passwd",
      "file:///tmp/%2e%2e/etc/passwd",
    ]) {
      expect([uri, await level(uri)]).toEqual([uri, "NEVER"]);
    }
  });
});

describe("getting a prompt", () => {
  it("takes the path with its name and arguments", async () => {
    await open();
    const { result, invocation } = await get("args-prompt", { city: "Lima" });
    expect(result?.messages[0]).toMatchObject({ role: "user", content: { text: expect.stringContaining("Lima") } });
    expect(invocation).toMatchObject({ tool: "prompts/get", outcome: "ok" });
  });

  it("is judged by its name and arguments", async () => {
    await open(`default_permission: ALWAYS
context_rules:
  - name: not_this_one
    condition: { tool: everything.prompts/get, args_match: { name: args-prompt, arguments.city: Lima } }
    permission: NEVER
`);
    expect((await get("args-prompt", { city: "Lima" })).error?.code).toBe("policy_denied");
    expect((await get("args-prompt", { city: "Quito" })).error).toBeNull();
    expect((await get("simple-prompt")).error).toBeNull();
  });

  it("is not sent with arguments that are no text", async () => {
    await open();
    const { error } = await get("args-prompt", { city: 5 as unknown as string });
    expect(error?.code).toBe("invalid_arguments");
  });
});

describe("completing an argument", () => {
  it("asks the server, and leaves no call behind", async () => {
    await open();
    expect(await complete({ kind: "prompt", name: "completable-prompt" }, "department", "E")).toEqual({
      values: ["Engineering"],
      total: 1,
      hasMore: false,
    });
    expect((await complete(template, "resourceId", "5")).values).toEqual(["5"]);
    expect((await fixture.core.journal.list({}, null, 10)).rows).toEqual([]);
  });

  it("hands on what stands in the other arguments", async () => {
    await open();
    const { values } = await fixture.core.offers.complete({
      ...{ server: "everything", ref: { kind: "prompt", name: "completable-prompt" }, client },
      argument: { name: "name", value: "" },
      context: { department: "Engineering" },
    });
    expect(values).toEqual(["Alice", "Bob", "Charlie"]);
  });

  it("is refused where what it is for may not be read or got", async () => {
    await open(`default_permission: ALWAYS
tools:
  "everything.prompts/get": { permission: NEVER }
context_rules:
  - name: not_seven
    condition: { tool: everything.resources/read, args_match: { uri: "demo://resource/dynamic/text/7" } }
    permission: NEVER
`);
    await expect(complete({ kind: "prompt", name: "completable-prompt" }, "department", "E")).rejects.toMatchObject({
      code: "policy_denied",
    });
    await expect(complete(template, "resourceId", "7")).rejects.toMatchObject({ code: "policy_denied" });
    expect((await complete(template, "resourceId", "8")).values).toEqual(["8"]);
  });

  it("asks nobody where reading would", async () => {
    await open("default_permission: REQUIRE_APPROVAL\n");
    expect((await complete(template, "resourceId", "5")).values).toEqual(["5"]);
    expect(fixture.core.approvals.list("pending")).toEqual([]);
  });

  it("is refused while the circuit is open", async () => {
    await open();
    fixture.core.circuits.trip("everything", null, { who: "console", why: "a test" });
    await expect(complete(template, "resourceId", "5")).rejects.toMatchObject({ code: "circuit_open" });
  });

  it("is refused while MCP is switched off", async () => {
    fixture = await CoreFixture.open({}, {});
    await expect(fixture.core.offers.complete({ ...asked, server: "lab" })).rejects.toMatchObject({
      code: "mcp_disabled",
    });
  });
});
