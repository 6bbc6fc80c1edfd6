import { afterEach, describe, expect, it, vi } from "vitest";
import { randomUUID } from "node:crypto";
import { CoreFixture } from "../fixtures/core-fixture.ts";
import { offering } from "../gateway/fixtures/offering-files.ts";
import { OwnSubscriptions } from "./own-subscriptions.ts";

const plain = "note://plain";
const client = "library";

let fixture: CoreFixture;
/** What `resource.updated` told, of `notes` alone. */
let told: string[];

async function open(protocol: "legacy" | "modern" = "legacy", policy = "default_permission: ALWAYS\n") {
  fixture = await CoreFixture.open({
    "servers/notes.yaml": offering("notes", protocol),
    "policies/mcp_permissions.yaml": policy,
  });
  told = [];
  fixture.core.events.on("resource.updated", ({ uri }) => void told.push(uri));
}

const subscribe = (uri: string, signal?: AbortSignal) =>
  fixture.core.offers.subscriptions.subscribe({ server: "notes", uri, client }, signal);

async function use(tool: string, args: Record<string, unknown> = {}): Promise<string> {
  const { result } = await fixture.core.report({ id: randomUUID(), server: "notes", tool, args, client });
  return (result!.content[0] as { text: string }).text;
}
const touch = (uri: string) => use("touch", { uri });
/** What the server was asked for. */
const asked = async () => JSON.parse(await use("subscribed")) as string[];

afterEach(() => fixture[Symbol.asyncDispose]());

describe.each(["legacy", "modern"] as const)("waiting for a resource of a %s server to change", (protocol) => {
  it("opens its session, and tells of each change until it is over", async () => {
    await open(protocol);
    const subscription = await subscribe(plain);
    await touch("note://other");
    await touch(plain);
    await vi.waitFor(() => expect(told).toEqual([plain]));
    const other = await subscribe("note://other");
    await subscription[Symbol.asyncDispose]();
    await touch(plain);
    await touch("note://other");
    await vi.waitFor(() => expect(told).toEqual([plain, "note://other"]));
    await other[Symbol.asyncDispose]();
  });

  it("goes on in the next session, and takes what is waited for to have changed meanwhile", async () => {
    await open(protocol);
    await subscribe(plain);
    await fixture.core.servers.disconnect("notes");
    await fixture.core.servers.connect("notes");
    await vi.waitFor(() => expect(told).toEqual([plain]));
    await touch(plain);
    await vi.waitFor(() => expect(told).toEqual([plain, plain]));
  });
});

describe("several who wait for the same", () => {
  it("are one to the server, until the last of them has gone", async () => {
    await open();
    const [first, second] = await Promise.all([subscribe(plain), subscribe(plain)]);
    expect(await asked()).toEqual([plain]);
    await first[Symbol.asyncDispose]();
    await first[Symbol.asyncDispose]();
    expect(await asked()).toEqual([plain]);
    await second[Symbol.asyncDispose]();
    expect(await asked()).toEqual([]);
  });

  it("are told once of one change", async () => {
    await open();
    await Promise.all([subscribe(plain), subscribe(plain), subscribe("note://b")]);
    await touch(plain);
    await touch("note://b");
    await vi.waitFor(() => expect(told).toEqual([plain, "note://b"]));
  });
});

describe("a change of a part", () => {
  it("is one of the whole that is waited for, and not of what only begins alike", async () => {
    await open();
    await Promise.all([subscribe("note://box"), subscribe("note://shelf/")]);
    for (const uri of ["note://boxes", "note://box/a", "note://shelf", "note://shelf/b/c"]) await touch(uri);
    await vi.waitFor(() => expect(told).toEqual(["note://box", "note://shelf/"]));
  });
});

describe("waiting for what may not be read", () => {
  it("is refused before the server hears of it", async () => {
    await open(
      "legacy",
      `default_permission: ALWAYS
context_rules:
  - { name: secret, condition: { tool: notes.resources/read, args_match: { uri: "file:///etc/**" } }, permission: NEVER }
`,
    );
    await expect(subscribe("file:///etc/motd")).rejects.toMatchObject({ code: "policy_denied" });
    expect(await asked()).toEqual([]);
  });

  it("is refused while the circuit is open", async () => {
    await open();
    fixture.core.circuits.trip("notes", null, { who: "console", why: "a test" });
    await expect(subscribe(plain)).rejects.toMatchObject({ code: "circuit_open" });
  });

  it("is refused while MCP is switched off", async () => {
    fixture = await CoreFixture.open({ "servers/notes.yaml": offering("notes", "legacy") }, {});
    await expect(subscribe(plain)).rejects.toMatchObject({ code: "mcp_disabled" });
  });

  it("is refused where the server does not tell of changes", async () => {
    await open();
    const { subscriptions } = fixture.core.offers;
    const refused = subscriptions.subscribe({ server: "lab", uri: plain, client });
    await expect(refused).rejects.toMatchObject({ code: "protocol_error" });
    const nowhere = subscriptions.subscribe({ server: "gone", uri: plain, client });
    await expect(nowhere).rejects.toMatchObject({ code: "unknown_server" });
  });

  it("is refused where the server knows no such resource", async () => {
    await open();
    await expect(subscribe("gone:1")).rejects.toMatchObject({ code: "protocol_error" });
    expect(await asked()).toEqual([]);
    await subscribe(plain);
    expect(await asked()).toEqual([plain]);
  });

  it("ends with whoever asks for it", async () => {
    await open();
    await expect(subscribe(plain, AbortSignal.abort(new Error("enough")))).rejects.toThrow();
    expect(await asked()).toEqual([]);
  });
});

describe("what one holds", () => {
  it("is each resource once, and nothing once it is cleared", async () => {
    await open();
    const own = new OwnSubscriptions(fixture.core.offers.subscriptions, client);
    const note = { server: "notes", uri: plain };
    await Promise.all([own.add(note), own.add(note), own.add({ ...note, uri: "note://b" })]);
    expect(own.list()).toHaveLength(2);
    await own.remove(note);
    expect([own.has(note), await asked()]).toEqual([false, ["note://b"]]);
    await own.clear();
    expect([own.list(), await asked()]).toEqual([[], []]);
  });

  it("is not what was refused", async () => {
    await open();
    const own = new OwnSubscriptions(fixture.core.offers.subscriptions, client);
    const gone = { server: "notes", uri: "gone:1" };
    await expect(own.add(gone)).rejects.toThrow();
    expect(own.has(gone)).toBe(false);
    await own.remove(gone);
  });
});
