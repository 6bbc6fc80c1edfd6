import { once } from "node:events";
import { describe, expect, it, vi } from "vitest";
import { WebFixture } from "./fixtures/web-fixture.ts";

const foreignOrigins = ["http://evil.test", "null", "http://localhost.evil.com", "https://HOST", "http://127.0.0.1:1"];

describe("logging in", () => {
  it("gives a cookie that no script reads, for this site and this path alone", async () => {
    await using fixture = await WebFixture.open();
    const { status, headers, text } = await fixture.post("login", { token: fixture.core.core.access.logins.make() });
    expect(status).toBe(200);
    const port = fixture.host.split(":")[1];
    const form = new RegExp(
      `^switchgear-${port}=sg_[0-9a-f]{12}_[\\w-]{43}; Path=/console/; HttpOnly; SameSite=Strict$`,
    );
    expect(headers["set-cookie"]).toEqual([expect.stringMatching(form)]);
    expect(headers["cache-control"]).toBe("no-store");
    const { key } = JSON.parse(text) as { key: string };
    expect(headers["set-cookie"]![0]).not.toContain(key.slice(16));
  });

  it("takes each token once", async () => {
    await using fixture = await WebFixture.open();
    const token = fixture.core.core.access.logins.make();
    expect(await fixture.post("login", { token })).toMatchObject({ status: 200 });
    const again = await fixture.post("login", { token });
    expect(again.status).toBe(401);
    expect(again.headers["set-cookie"]).toBeUndefined();
    expect(JSON.parse(again.text)).toMatchObject({
      error: { code: "unauthorized", hint: expect.stringContaining("switchgear console") },
    });
  });

  it.each([
    ["made up", () => `sg_0123456789ab_${"A".repeat(43)}`],
    ["a client's", ({ core }: WebFixture) => core.core.access.create("gateway", "cursor", "console").token],
    ["missing", () => undefined],
    ["no text", () => ({ $ne: "" })],
  ])("takes no token that is %s", async (_what, tokenOf) => {
    await using fixture = await WebFixture.open();
    const answer = await fixture.post("login", { token: tokenOf(fixture) });
    expect(answer.status).toBe(401);
    expect(answer.headers["set-cookie"]).toBeUndefined();
  });

  it("takes no token from an address, and never logs one", async () => {
    await using fixture = await WebFixture.open();
    const token = fixture.core.core.access.logins.make();
    const { cookie } = await fixture.logIn();
    for (const path of [`?login=${token}`, `login?token=${token}`, `session?x=${token}`, `socket?token=${token}`]) {
      expect(await fixture.ask(path, { headers: { cookie } }), path).toMatchObject({ status: 400 });
    }
    for (const path of [token, `downloads/${token}`, `login/${token}`]) {
      expect(await fixture.ask(path, { headers: { cookie } }), path).toMatchObject({ status: 404 });
      expect(await fixture.ask(path), path).not.toMatchObject({ status: 200 });
      const { socket } = fixture.socket({ cookie, origin: fixture.origin }, path);
      await once(socket, "unexpected-response");
    }
    await fixture.post("login", { token: `${token}x` });
    await fixture.post("login", { token: "hunter2" });
    expect(fixture.logged.length).toBeGreaterThan(0);
    expect(fixture.logged.join("\n")).not.toMatch(/sg_|hunter2/);
  });

  it("is refused to pages of a foreign origin, and to those who tell none", async () => {
    await using fixture = await WebFixture.open();
    const { logins } = fixture.core.core.access;
    const token = logins.make();
    for (const origin of foreignOrigins) {
      const answer = await fixture.post("login", { token }, { origin: origin.replace("HOST", fixture.host) });
      expect(answer, origin).toMatchObject({ status: 403 });
      expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
    }
    const body = JSON.stringify({ token });
    const headers = { "content-type": "application/json" };
    expect(await fixture.ask("login", { method: "POST", headers, body })).toMatchObject({ status: 403 });
    expect(await fixture.post("login", { token }, { "sec-fetch-site": "same-site" })).toMatchObject({ status: 403 });
    expect(logins.redeem(token, "still good")).toBe(true);
  });

  it("is refused under another name, as after a rebinding", async () => {
    await using fixture = await WebFixture.open();
    const token = fixture.core.core.access.logins.make();
    const port = fixture.host.split(":")[1];
    for (const host of [`rebound.evil.com:${port}`, `localhost.evil.com:${port}`, "127.0.0.1:1", "localhost"]) {
      expect(await fixture.post("login", { token }, { host }), host).toMatchObject({ status: 403 });
      expect(await fixture.ask("", { headers: { host } }), host).toMatchObject({ status: 403 });
    }
  });

  it("takes JSON alone, and little of it", async () => {
    await using fixture = await WebFixture.open();
    expect(await fixture.post("login", {}, { "content-type": "text/plain" })).toMatchObject({ status: 415 });
    expect(await fixture.post("login", { token: "x".repeat(2_000) })).toMatchObject({ status: 413 });
    expect(await fixture.ask("login")).toMatchObject({ status: 405 });
  });

  it("bounds guessing", async () => {
    await using fixture = await WebFixture.open();
    const guesses = await Promise.all(Array.from({ length: 30 }, () => fixture.post("login", { token: "guess" })));
    expect(new Set(guesses.map(({ status }) => status))).toEqual(new Set([401, 429]));
  });
});

describe("a further origin", () => {
  const tunnel = { host: "127.0.0.1:9000", origin: "http://127.0.0.1:9000" };
  const proxy = { host: "console.example", origin: "https://console.example" };
  const open = () => WebFixture.open({}, [tunnel.origin, proxy.origin]);

  it("lets its own pages log in and open the socket, with a cookie of their own", async () => {
    await using fixture = await open();
    const { logins } = fixture.core.core.access;
    const answer = await fixture.post("login", { token: logins.make() }, tunnel);
    expect(answer.status).toBe(200);
    const [cookie] = answer.headers["set-cookie"]![0]!.split(";");
    expect(cookie).toMatch(/^switchgear-9000=/);
    expect(JSON.parse((await fixture.ask("session", { headers: { ...tunnel, cookie: cookie! } })).text)).toEqual({
      loggedIn: true,
    });
    const page = fixture.socket({ ...tunnel, cookie: cookie! });
    await page.opened;
    const proxied = await fixture.post("login", { token: logins.make() }, proxy);
    expect(proxied.headers["set-cookie"]).toEqual([expect.stringMatching(/^switchgear-web=.*; Secure$/)]);
  });

  it.each([
    ["another port", { host: "127.0.0.1:9001", origin: "http://127.0.0.1:9001" }],
    ["its name with another host", { host: tunnel.host, origin: "http://localhost:9000" }],
    ["its host with the endpoint's own origin", { host: tunnel.host, origin: "OWN" }],
    ["the endpoint's host with its origin", { host: "HOST", origin: tunnel.origin }],
    ["one listed host with another's origin", { host: tunnel.host, origin: proxy.origin }],
    ["plain HTTP where HTTPS is listed", { host: proxy.host, origin: "http://console.example" }],
    ["a name below it", { host: "evil.console.example", origin: "https://evil.console.example" }],
    ["a name that ends as it does", { host: "evilconsole.example", origin: "https://evilconsole.example" }],
    ["a name that begins as it does", { host: "console.example.evil.com", origin: "https://console.example.evil.com" }],
    ["its name at another port", { host: "console.example:8443", origin: "https://console.example:8443" }],
    ["the origin null", { host: tunnel.host, origin: "null" }],
  ])("lets nobody in by %s", async (_what, given) => {
    await using fixture = await open();
    const headers = {
      host: given.host.replace("HOST", fixture.host),
      origin: given.origin.replace("OWN", fixture.origin),
    };
    const token = fixture.core.core.access.logins.make();
    expect(await fixture.post("login", { token }, headers)).toMatchObject({ status: 403 });
    const { cookie } = await fixture.logIn();
    const [, response] = (await once(fixture.socket({ ...headers, cookie }).socket, "unexpected-response")) as [
      unknown,
      { statusCode: number },
    ];
    expect(response.statusCode).toBe(403);
  });

  it("opens the console alone, and not the gateway beside it", async () => {
    await using fixture = await open();
    expect(await fixture.ask("", { headers: tunnel })).toMatchObject({ status: 200 });
    expect(await fixture.ask("/mcp", { headers: tunnel })).toMatchObject({ status: 403 });
    expect(await fixture.ask("/consoles", { headers: tunnel })).toMatchObject({ status: 403 });
  });

  it("is what somebody is told of who comes under a name that is none", async () => {
    await using fixture = await open();
    const { status, text } = await fixture.ask("", { headers: { host: "127.0.0.1:9001" } });
    expect(status).toBe(403);
    expect(text).toContain(`Address it as ${fixture.host} or localhost`);
    expect(text).toContain("127.0.0.1:9000 or console.example");
    expect(text).toContain("--ui-origin");
  });
});

describe("the socket", () => {
  it("opens to the page that logged in, by its cookie and its key, and is answered as a window is", async () => {
    await using fixture = await WebFixture.open();
    const page = await fixture.page();
    expect(await page.call("servers.list")).toMatchObject({ ok: true, value: [{ id: "lab" }] });
    expect(await page.call("desktop.get")).toEqual({ ok: true, value: { kind: "browser", idleMinutes: 60 } });
    const call = { id: crypto.randomUUID(), server: "lab", tool: "echo", args: { message: "hello" } };
    expect(await page.call("tools.call", call)).toMatchObject({ value: { result: { content: [{ text: "hello" }] } } });
    expect(await page.call("invocations.get", { id: call.id })).toMatchObject({
      value: { invocation: { client: "browser", outcome: "ok" } },
    });
  });

  it.each([
    ["no cookie", (_cookie: string, origin: string) => ({ origin }), 401],
    [
      "a cookie that is made up",
      (cookie: string, origin: string) => ({ origin, cookie: cookie.slice(0, -4) + "AAAA" }),
      401,
    ],
    [
      "another session's secret",
      (cookie: string, origin: string) => ({ origin, cookie: cookie.replace(/sg_.{12}/, "sg_0123456789ab") }),
      401,
    ],
    ["no origin", (cookie: string) => ({ cookie }), 403],
    ["a foreign origin", (cookie: string) => ({ cookie, origin: "http://evil.test" }), 403],
    ["the origin null", (cookie: string) => ({ cookie, origin: "null" }), 403],
    ["the origin of another port", (cookie: string) => ({ cookie, origin: "http://127.0.0.1:1" }), 403],
    [
      "its other name's origin",
      (cookie: string, origin: string) => ({ cookie, origin: origin.replace("127.0.0.1", "localhost") }),
      403,
    ],
    ["a rebound name", (cookie: string, origin: string) => ({ cookie, origin, host: "rebound.evil.com" }), 403],
  ])("does not open with %s", async (_what, headersOf, status) => {
    await using fixture = await WebFixture.open();
    const { cookie } = await fixture.logIn();
    const { socket } = fixture.socket(headersOf(cookie, fixture.origin));
    const answered = await new Promise<number>((resolve) => {
      socket.once("unexpected-response", (_request, { statusCode }) => resolve(statusCode!));
      socket.once("open", () => resolve(101));
    });
    expect(answered).toBe(status);
    expect(fixture.logged.join("\n")).not.toContain("sg_");
  });

  it("tells nothing to a thief of the cookie, which goes to every port of the host", async () => {
    await using fixture = await WebFixture.open();
    const { cookie } = await fixture.logIn();
    const other = await fixture.logIn();
    for (const key of ["", "guess", `sg_0123456789ab_${"A".repeat(43)}`, other.key]) {
      const page = fixture.socket({ cookie, origin: fixture.origin });
      await page.opened;
      page.send({ kind: "hello", key });
      expect((await page.closed).code).toBe(4001);
      expect(page.frames).toEqual([]);
    }
    const page = fixture.socket({ cookie, origin: fixture.origin });
    await page.opened;
    page.send({ kind: "call", id: 0, name: "app.status" });
    expect((await page.closed).code).toBe(1008);
    expect(page.frames).toEqual([]);
  });

  it.each([
    ["is no JSON", "hello"],
    ["is of no known kind", JSON.stringify({ kind: "shutdown" })],
    ["holds more than it should", JSON.stringify({ kind: "here", twice: true })],
    ["is binary", Buffer.from(JSON.stringify({ kind: "here" }))],
    ["shows a second key", JSON.stringify({ kind: "hello", key: "x" })],
  ])("closes on a frame that %s", async (_what, frame) => {
    await using fixture = await WebFixture.open();
    const page = await fixture.page();
    page.socket.send(frame);
    expect((await page.closed).code).toBe(1008);
  });

  it("closes on a frame over the cap, before it is read", async () => {
    await using fixture = await WebFixture.open();
    const page = await fixture.page();
    page.socket.send("x".repeat(4 * 1_048_576 + 1));
    expect((await page.closed).code).toBe(1009);
  });

  it("opens to so many pages of one session, and no more", async () => {
    await using fixture = await WebFixture.open();
    const { cookie } = await fixture.logIn();
    const headers = { cookie, origin: fixture.origin };
    const pages = Array.from({ length: 64 }, () => fixture.socket(headers));
    await Promise.all(pages.map(({ opened }) => opened));
    const { socket } = fixture.socket(headers);
    const status = await new Promise((resolve) => {
      socket.once("unexpected-response", (_request, { statusCode }) => resolve(statusCode));
    });
    expect(status).toBe(429);
    for (const page of pages) page.socket.terminate();
  });

  it("answers what the contract does not know with bad_request, and goes on", async () => {
    await using fixture = await WebFixture.open();
    const page = await fixture.page();
    for (const [name, input] of [["tools.destroy"], ["__proto__"], ["app.status", { loud: true }]] as const) {
      expect(await page.call(name, input)).toMatchObject({ ok: false, error: { code: "bad_request" } });
    }
    expect(await page.call("app.status")).toMatchObject({ ok: true });
  });

  it("tells of events as they happen, secrets masked", async () => {
    await using fixture = await WebFixture.open();
    fixture.redactor.add("hunter2-4b1d-not-for-screens");
    const [page, other] = [await fixture.page(), await fixture.page()];
    fixture.core.core.notices.add({ id: "n", level: "info", message: "It is hunter2-4b1d-not-for-screens." });
    for (const each of [page, other]) {
      const { events } = await each.next("events", (frame) => JSON.stringify(frame.events).includes("It is"));
      expect(JSON.stringify(events)).toContain("It is •••.");
    }
    expect(JSON.stringify(await page.call("app.status"))).toContain("It is •••.");
  });

  it("carries the person's verdicts under a name of their own, in ticket and audit chain", async () => {
    const policy = "default_permission: ALWAYS\ntools:\n  lab.wipe: { permission: REQUIRE_APPROVAL }\n";
    await using fixture = await WebFixture.open({ "policies/mcp_permissions.yaml": policy });
    const page = await fixture.page();
    const call = fixture.core.call("wipe", { path: "/srv" });
    const { events } = await page.next("events", (frame) => frame.events.some(({ name }) => name === "ticket.changed"));
    const ticket = events.find((event) => event.name === "ticket.changed")!.payload as { id: string };
    expect(await page.call("approvals.approve", { id: ticket.id })).toMatchObject({
      value: { state: "approved", verdict: { by: "browser" } },
    });
    expect((await call).error).toBeNull();
    expect(await page.call("audit.list", { filter: { by: "browser" }, before: null, limit: 10 })).toMatchObject({
      value: { records: [{ kind: "approval.used" }, { kind: "verdict" }, { kind: "login" }] },
    });
  });

  it("answers what servers ask in the middle of a client's call, where the server's file says so", async () => {
    const lab = "id: lab\ntransport: http\nurl: ${fault-lab}/mcp\nelicitation: console\n";
    await using fixture = await WebFixture.open({ "servers/lab.yaml": lab });
    const page = await fixture.page();
    const call = fixture.core.call("ask", { question: "Who?" }, { client: "cursor" });
    const asks = ({ name }: { name: string }) => name === "question.changed";
    const { events } = await page.next("events", (frame) => frame.events.some(asks));
    const question = events.find(asks)!.payload as { id: string };
    await page.call("questions.answer", { id: question.id, answer: { action: "decline" } });
    expect(JSON.stringify((await call).result)).toContain("decline");
  });

  it("answers what servers ask in the middle of calls that were made in it", async () => {
    await using fixture = await WebFixture.open();
    const page = await fixture.page();
    const id = crypto.randomUUID();
    const call = page.call("tools.call", { id, server: "lab", tool: "ask", args: { question: "Who?" } });
    await page.next("events", (frame) => frame.events.some(({ name }) => name === "question.changed"));
    const listed = (await page.call("questions.list")) as { value: { id: string; client: string }[] };
    expect(listed.value).toMatchObject([{ client: "browser" }]);
    const answer = { action: "accept", content: { name: "Ada", colour: "blue" } };
    await page.call("questions.answer", { id: listed.value[0]!.id, answer });
    expect(JSON.stringify(await call)).toContain("Hello Ada");
    const told = (await page.call("invocations.get", { id })) as {
      value: { timeline: { kind: string; by?: string }[] };
    };
    expect(told.value.timeline.find(({ kind }) => kind === "input")).toMatchObject({ by: "browser" });
  });
});

describe("a session", () => {
  it("ends on every page of it when the person logs out, and its cookie opens nothing any more", async () => {
    await using fixture = await WebFixture.open();
    const login = await fixture.logIn();
    const [page, other, stranger] = [await fixture.page(login), await fixture.page(login), await fixture.page()];
    const { headers } = await fixture.post("logout", {}, { cookie: login.cookie });
    expect(headers["set-cookie"]![0]).toContain("Max-Age=0");
    for (const each of [page, other]) expect(await each.closed).toEqual({ code: 4001, reason: "logged-out" });
    const session = await fixture.ask("session", { headers: { cookie: login.cookie } });
    expect(JSON.parse(session.text)).toEqual({ loggedIn: false });
    expect(await stranger.call("app.status")).toMatchObject({ ok: true });
    expect(await stranger.call("audit.list", { filter: { kinds: ["logout"] }, before: null, limit: 9 })).toMatchObject({
      value: { records: [{ by: "browser", detail: { why: "logged-out" } }] },
    });
  });

  it("cannot be ended by another page", async () => {
    await using fixture = await WebFixture.open();
    const login = await fixture.logIn();
    const headers = { cookie: login.cookie, origin: "http://127.0.0.1:1" };
    expect(await fixture.post("logout", {}, headers)).toMatchObject({ status: 403 });
    await fixture.page(login);
  });

  it("takes the place of the one that the browser had before", async () => {
    await using fixture = await WebFixture.open();
    const login = await fixture.logIn();
    const page = await fixture.page(login);
    await fixture.post("login", { token: fixture.core.core.access.logins.make() }, { cookie: login.cookie });
    expect(await page.closed).toMatchObject({ code: 4001 });
  });

  it("ends with the server", async () => {
    await using fixture = await WebFixture.open();
    const page = await fixture.page();
    await fixture.console.close();
    expect(await page.closed).toEqual({ code: 4001, reason: "stopped" });
  });
});

describe("a file that is made in a browser's session", () => {
  async function exported(fixture: WebFixture) {
    await fixture.core.call("echo", { message: "hello" });
    const login = await fixture.logIn();
    const page = await fixture.page(login);
    const id = crypto.randomUUID();
    const done = page.call("invocations.export", { id, filter: {}, format: "csv" });
    const { ask, id: asked } = await page.next("ask");
    if (ask.do !== "download") throw new Error("It does not ask for a download.");
    return { login, page, done, path: ask.path, asked };
  }

  it("is fetched by the session that asked for it, once", async () => {
    await using fixture = await WebFixture.open();
    const { login, page, done, path, asked } = await exported(fixture);
    page.send({ kind: "did", id: asked, result: true });
    expect(await done).toMatchObject({
      value: { calls: 1, file: expect.stringMatching(/^switchgear-calls-.*\.csv$/) },
    });
    const { cookie } = login;
    const { headers, text } = await fixture.ask(path, { headers: { cookie } });
    expect(text.split("\n")).toHaveLength(3);
    expect(headers["content-disposition"]).toMatch(/^attachment; filename="switchgear-calls-/);
    expect(await fixture.ask(path, { headers: { cookie } })).toMatchObject({ status: 404 });
  });

  it("is fetched by nobody else, and by no other page", async () => {
    await using fixture = await WebFixture.open();
    const { login, path } = await exported(fixture);
    const stranger = await fixture.logIn();
    expect(await fixture.ask(path)).toMatchObject({ status: 401 });
    expect(await fixture.ask(path, { headers: { cookie: stranger.cookie } })).toMatchObject({ status: 404 });
    const linked = { cookie: login.cookie, "sec-fetch-site": "same-site" };
    expect(await fixture.ask(path, { headers: linked })).toMatchObject({ status: 403 });
    expect(await fixture.ask(path, { headers: { cookie: login.cookie } })).toMatchObject({ status: 200 });
  });

  it("is not kept where the session ends, or where the page goes before it has it", async () => {
    await using fixture = await WebFixture.open();
    const { login, page, path } = await exported(fixture);
    await fixture.post("logout", {}, { cookie: login.cookie });
    await page.closed;
    const headers = { cookie: (await fixture.logIn()).cookie };
    expect(await fixture.ask(path, { headers })).toMatchObject({ status: 404 });
    const other = await exported(fixture);
    other.page.socket.close();
    // A session that is over would be 401.
    await vi.waitFor(async () => {
      const asked = await fixture.ask(other.path, { headers: { cookie: other.login.cookie } });
      expect(asked).toMatchObject({ status: 404 });
    });
  });
});

describe("what a browser has in the place of a desktop", () => {
  it("reads a file that the person chose there, and shows its servers", async () => {
    await using fixture = await WebFixture.open();
    const page = await fixture.page();
    const chosen = page.call("imports.choose");
    const { id, ask } = await page.next("ask");
    expect(ask).toEqual({ do: "choose" });
    const text = JSON.stringify({ mcpServers: { docs: { url: "https://docs.test/mcp" } } });
    page.send({ kind: "did", id, result: { name: "mcp.json", text } });
    const preview = (await chosen) as { value: { id: string } };
    expect(preview).toMatchObject({ value: { file: "mcp.json", servers: [{ id: "docs" }] } });
    const servers = [{ id: "docs", enable: false, credentials: {} }];
    expect(await page.call("imports.apply", { id: preview.value.id, servers })).toMatchObject({
      value: [{ ok: true }],
    });
  });

  it("says in words what it cannot do there, and why", async () => {
    await using fixture = await WebFixture.open();
    const page = await fixture.page();
    expect(await page.call("app.revealFolder", { folder: "data" })).toMatchObject({
      error: { code: "bad_request", message: expect.stringContaining("on the machine where Switchgear runs") },
    });
    for (const [name, input] of [["updates.check"], ["desktop.startAtLogin", { on: true }]] as const) {
      expect(await page.call(name, input)).toMatchObject({ error: { code: "bad_request" } });
    }
    const failed = page.call("imports.choose");
    const { id } = await page.next("ask");
    page.send({ kind: "could-not", id, why: "big.json is larger than 3 MB." });
    expect(await failed).toMatchObject({ error: { message: "big.json is larger than 3 MB." } });
  });

  it("opens web addresses alone, and those after the person saw them", async () => {
    await using fixture = await WebFixture.open();
    const page = await fixture.page();
    for (const url of ["file:///etc/passwd", "javascript:alert(1)", "not a url"]) {
      expect(await page.call("app.openLink", { url })).toEqual({ ok: true, value: { opened: false } });
    }
    expect(page.frames.filter(({ kind }) => kind === "ask")).toEqual([]);
    const opened = page.call("app.openLink", { url: "https://example.test/" });
    const { id, ask } = await page.next("ask");
    expect(ask).toEqual({ do: "open", url: "https://example.test/", confirm: true });
    page.send({ kind: "did", id, result: true });
    expect(await opened).toEqual({ ok: true, value: { opened: true } });
  });
});
