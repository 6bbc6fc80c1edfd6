/** Secrets of the vault on their way to servers, in the whole core. */

import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { EventMessage } from "../../shared/contract.ts";
import type { ConnectionState } from "../../shared/server.ts";
import { FakeKeychain } from "./fake-keychain.ts";
import { CoreFixture } from "./fixtures/core-fixture.ts";
import { createFileLogger } from "./logger.ts";
import { Redactor } from "./secrets/redact.ts";
import { readVault } from "./vault-view.ts";

const token = "t0ken+for/the vault";

type Heard = { url: string; headers: IncomingHttpHeaders };

/** A server that writes down what it is sent, and repeats it wherever it can. */
async function startEcho() {
  const heard: Heard[] = [];
  const http = createServer((request, response) => {
    const { url = "", headers } = request;
    heard.push({ url, headers });
    const said = `${headers.authorization ?? ""} ${url}`;
    const server = new McpServer({ name: `echo ${said}`, version: "1.0.0" });
    const answer = () => ({ content: [{ type: "text" as const, text: `You sent ${said}` }] });
    server.registerTool(
      "repeat",
      { title: said, description: `Knows ${said}`, annotations: { readOnlyHint: true } },
      answer,
    );
    server.registerTool("wait", {}, async () => {
      await new Promise<void>((done) => (release = done));
      return answer();
    });
    server.registerTool("fail", {}, () => Promise.reject(new Error(`It failed with ${said}`)));
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
    void server.connect(transport).then(() => transport.handleRequest(request, response));
  });
  let release: (() => void) | undefined;
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  return {
    heard,
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`,
    isWaiting: () => release !== undefined,
    /** Answers the call that waits. */
    release: () => release!(),
    close: () => {
      http.closeAllConnections();
      return new Promise((resolve) => http.close(resolve));
    },
  };
}

let echo: Awaited<ReturnType<typeof startEcho>>;
let keychain: FakeKeychain;
let fixture: CoreFixture;
let events: EventMessage[];

beforeEach(async () => {
  echo = await startEcho();
  keychain = new FakeKeychain();
  events = [];
});

afterEach(async () => {
  await fixture[Symbol.asyncDispose]();
  await echo.close();
});

const serverFile = (id: string, more = `headers: { Authorization: "Bearer secrets://github" }`) =>
  `id: ${id}\ntransport: http\nurl: ${echo.url}\nkeep_alive: 0\n${more}\n`;

async function open(files: Record<string, string> = { "servers/github.yaml": serverFile("github") }): Promise<void> {
  fixture = CoreFixture.create(files);
  await fixture.start({ connect: "all" }, { keychain });
  fixture.core.events.subscribe((event) => events.push(event));
}

const state = (id = "github"): ConnectionState => fixture.core.servers.connection(id).state;
const lastAuthorization = () => echo.heard.at(-1)?.headers.authorization;

function becomes(expected: object, id = "github"): Promise<void> {
  return vi.waitFor(() => expect(state(id)).toMatchObject(expected), { timeout: 10_000 });
}

describe("a server that refers to a secret", () => {
  it("says what is missing, and connects as soon as it is there", async () => {
    await open();
    await becomes({
      kind: "parked",
      cause: "configuration",
      reason: expect.stringContaining("secrets://github") as string,
    });
    await fixture.core.vault.set("github", token, { servers: ["github"] });
    await becomes({ kind: "ready" });
    expect(lastAuthorization()).toBe(`Bearer ${token}`);
  });

  it("gets none that is bound to another server's file, and says so", async () => {
    await open({ "servers/evil.yaml": serverFile("evil") });
    await fixture.core.vault.set("github", token, { servers: ["github"] });
    await becomes(
      { kind: "parked", cause: "configuration", reason: expect.stringContaining('not for "evil"') as string },
      "evil",
    );
    const { error } = await fixture.call("repeat", {}, { server: "evil" });
    expect(error).toMatchObject({ code: "config_invalid" });
    expect(echo.heard).toEqual([]);
    expect(fixture.core.circuits.list().find(({ server }) => server === "evil")?.state.kind ?? "closed").toBe("closed");
  });

  it("gets none once its file would send it elsewhere, and does when a person allows that", async () => {
    await open();
    await fixture.core.vault.set("github", token, { servers: ["github"] });
    await becomes({ kind: "ready" });
    const other = await startEcho();
    const file = join(fixture.core.folders.catalog, "servers/github.yaml");
    writeFileSync(file, serverFile("github").replace(echo.url, other.url));
    const reason = `was allowed to go to ${new URL(echo.url).origin}; the file of "github" would send it to ${new URL(other.url).origin}`;
    await becomes({ kind: "parked", cause: "configuration", reason: expect.stringContaining(reason) as string });
    expect((await fixture.call("repeat", {}, { server: "github" })).error).toMatchObject({ code: "config_invalid" });
    expect(other.heard).toEqual([]);
    const [moved] = (await readVault(fixture.core.vault, fixture.core.servers)).secrets[0]!.moved;
    await fixture.core.vault.allow("github", "github", "console", moved!.to.hash);
    await becomes({ kind: "ready" });
    expect(other.heard.at(-1)!.headers.authorization).toBe(`Bearer ${token}`);
    expect((await readVault(fixture.core.vault, fixture.core.servers)).secrets[0]!.moved).toEqual([]);
    await fixture.core.close();
    await other.close();
  });

  it("cannot name what Switchgear keeps for itself", async () => {
    await open({ "servers/evil.yaml": serverFile("evil", `headers: { Authorization: "secrets://oauth:github" }`) });
    await fixture.core.vault.writeInternal("oauth:github", token);
    await fixture.core.servers.connect("evil").catch(() => {});
    expect(state("evil")).toMatchObject({
      kind: "parked",
      reason: expect.stringContaining("holds no secret") as string,
    });
    expect(echo.heard).toEqual([]);
  });

  it("waits while the vault is locked, says so, and connects once it is unlocked", async () => {
    await open();
    await fixture.core.vault.set("github", token, { servers: ["github"] });
    await fixture.core.close();
    keychain.isLocked = true;
    await fixture.start({ connect: "all" }, { keychain });
    await becomes({
      kind: "parked",
      cause: "vault",
      reason: expect.stringContaining("The keychain is locked.") as string,
    });
    const { error } = await fixture.call("repeat", {}, { server: "github" });
    expect(error).toMatchObject({ code: "vault_locked", hint: expect.stringContaining("Unlock it.") as string });
    keychain.isLocked = false;
    fixture.core.wake();
    await becomes({ kind: "ready" });
  });

  it("connects anew with a secret that was changed, once its calls are answered", async () => {
    await open();
    await fixture.core.vault.set("github", token, { servers: ["github"] });
    await becomes({ kind: "ready" });
    const waiting = fixture.call("wait", {}, { server: "github" });
    await vi.waitFor(() => expect(echo.isWaiting()).toBe(true));
    await fixture.core.vault.set("github", "the next token");
    expect(state()).toMatchObject({ kind: "ready" });
    echo.release();
    const { result } = await waiting;
    expect(result?.content).toMatchObject([{ text: expect.stringContaining(token) as string }]);
    await vi.waitFor(() => expect(lastAuthorization()).toBe("Bearer the next token"));
    await becomes({ kind: "ready" });
  });

  it("is let go of at once where its secret is removed", async () => {
    await open();
    await fixture.core.vault.set("github", token, { servers: ["github"] });
    await becomes({ kind: "ready" });
    await fixture.core.vault.remove("github");
    await becomes({ kind: "parked", cause: "configuration" });
    expect((await fixture.call("repeat", {}, { server: "github" })).error).toMatchObject({ code: "config_invalid" });
  });
});

describe("a server that repeats its secret", () => {
  const files = () => ({
    "servers/github.yaml": serverFile("github"),
    "servers/query.yaml": serverFile("query", "").replace(echo.url, `${echo.url}?page=1&token=secrets://github`),
  });

  it("tells it to no list, state, event, record or file", async () => {
    await open(files());
    const { core } = fixture;
    await core.vault.set("github", token, { servers: ["github", "query"] });
    await becomes({ kind: "ready" });
    await becomes({ kind: "ready" }, "query");
    expect(echo.heard.map(({ url }) => url)).toContain(`/mcp?page=1&token=${encodeURIComponent(token)}`);
    const ids = [];
    for (const server of ["github", "query"]) {
      for (const tool of ["repeat", "fail"])
        ids.push((await fixture.call(tool, { note: token }, { server })).invocation.id);
    }
    const seen = [
      ...[
        core.status(),
        core.servers.list(),
        core.tools.list("console"),
        core.servers.log("github"),
        core.servers.log("query"),
      ],
      ...[core.approvals.list("resolved"), core.vault.list(), core.circuits.list(), events],
      ...(await Promise.all(ids.map((id) => core.journal.get(id)))),
    ];
    expect(JSON.stringify(seen)).toContain("Knows •••");
    expectNoTrace(JSON.stringify(seen));
    await core.close();
    for (const each of readdirSync(fixture.folder, { recursive: true, withFileTypes: true })) {
      if (each.isFile()) expectNoTrace(readFileSync(join(each.parentPath, each.name), "latin1"));
    }
  });

  it("does not have it kept by a call that waits for a person with it, which is approved for what it is", async () => {
    await open({ ...files(), "policies/mcp_permissions.yaml": "default_permission: REQUIRE_APPROVAL\n" });
    const { core } = fixture;
    await core.vault.set("github", token, { servers: ["github", "query"] });
    await becomes({ kind: "ready" });
    const call = fixture.call("repeat", { note: token }, { server: "github" });
    const { id, args } = await vi.waitUntil(() => core.approvals.list("pending")[0], { timeout: 10_000 });
    expect(args).toEqual({ note: "•••" });
    await expect(core.desk.approve(id, "ana", { grant: { kind: "always" } })).rejects.toThrow("hold a secret");
    await core.desk.approve(id, "ana");
    expect((await call).error).toBeNull();
    expect(core.approvals.get(id).executedAt).not.toBeNull();
    await core.close();
    for (const each of readdirSync(fixture.folder, { recursive: true, withFileTypes: true })) {
      if (each.isFile()) expectNoTrace(readFileSync(join(each.parentPath, each.name), "latin1"));
    }
  });

  it("is shown in its address without it", async () => {
    await open(files());
    const target = fixture.core.servers.list().find(({ id }) => id === "query")?.target;
    expect(target).toBe(`${echo.url}?page=1&token=secrets://github`);
  });
});

it("leaves no secret in the report of a crash", async () => {
  await open();
  const redactor = new Redactor();
  redactor.add(token);
  using logger = createFileLogger(fixture.folder, (line) => redactor.text(line));
  const cause = new Error(`cannot connect with ${token}`);
  const error = Object.assign(new Error(`It broke on ${encodeURIComponent(token)}`, { cause }), { request: { token } });
  logger.error("Something in Switchgear failed.", { error });
  const log = readFileSync(join(fixture.folder, "logs/switchgear.log"), "utf8");
  expect(log).toContain("It broke on •••");
  expectNoTrace(log);
});

function expectNoTrace(text: string): void {
  const bytes = Buffer.from(token);
  const forms = [
    token,
    encodeURIComponent(token),
    JSON.stringify(token).slice(1, -1),
    bytes.toString("base64").slice(0, 20),
  ];
  for (const form of forms) expect(text.includes(form), form).toBe(false);
}
