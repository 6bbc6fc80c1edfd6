import { connect } from "node:net";
import { request as tlsRequest } from "node:https";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, vi } from "vitest";
import { createAuthority } from "./fixtures/certificates.ts";
import { EndpointFixture } from "./fixtures/endpoint-fixture.ts";
import { HttpEndpoint } from "./http-endpoint.ts";

const json = { "content-type": "application/json" };

describe("an endpoint", () => {
  it("keeps a connection that nobody uses for longer than clients do, so that no request meets its end", async () => {
    await using fixture = await EndpointFixture.open();
    const { headers } = await fixture.ask("/", { connection: "keep-alive" });
    expect(headers["keep-alive"]).toBe("timeout=75");
  });
});

describe("the guard", () => {
  it("lets a request with a token through, and says who asks", async () => {
    await using fixture = await EndpointFixture.open();
    const answer = await fixture.ask("/mcp", json, { body: '{"a":1}' });
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toMatchObject({
      ...{ method: "POST", path: "/mcp", body: '{"a":1}' },
      caller: { name: "cursor" },
    });
    expect((await fixture.ask("/", { host: `localhost:${fixture.endpoint.port}` })).status).toBe(200);
  });

  it.each([
    "http://evil.test",
    "null",
    "http://localhost.evil.com",
    "https://127.0.0.1:1",
    "http://localhost:3000",
    "file://",
  ])("refuses the page of a foreign origin: %s", async (origin) => {
    await using fixture = await EndpointFixture.open();
    expect(await fixture.ask("/", { origin })).toMatchObject({ status: 403 });
  });

  it("lets pages of its own origin ask, and tells no other page that it may", async () => {
    await using fixture = await EndpointFixture.open();
    const answer = await fixture.ask("/", { origin: fixture.endpoint.url });
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
    const preflight = await fixture.ask(
      "/",
      { origin: "http://evil.test", authorization: "", "access-control-request-method": "POST" },
      { method: "OPTIONS" },
    );
    expect(preflight.status).toBe(403);
    expect(Object.keys(preflight.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
  });

  it.each([
    "rebound.evil.com:PORT",
    "localhost.evil.com:PORT",
    "0.0.0.0:PORT",
    "[::1]:PORT",
    "127.0.0.1:1",
    "localhost",
  ])("refuses a request that was addressed to another name, as after a rebinding: %s", async (name) => {
    await using fixture = await EndpointFixture.open();
    const host = name.replace("PORT", String(fixture.endpoint.port));
    expect(await fixture.ask("/", { host })).toMatchObject({ status: 403 });
  });

  it("answers 401 and how to ask where there is no token", async () => {
    await using fixture = await EndpointFixture.open();
    const answer = await fixture.ask("/", { authorization: "" });
    expect(answer).toMatchObject({ status: 401, headers: { "www-authenticate": 'Bearer realm="switchgear"' } });
    expect(JSON.parse(answer.text)).toMatchObject({ error: { code: "unauthorized" } });
  });

  it.each([
    ["made up", () => `sg_0123456789ab_${"A".repeat(43)}`],
    ["one of another area", ({ tokens }: EndpointFixture) => tokens.create("approvals-api", "phone", "console").token],
    [
      "with another's secret",
      ({ token, tokens }: EndpointFixture) => {
        const other = tokens.create("gateway", "zed", "console").token;
        return token.slice(0, 16) + other.slice(16);
      },
    ],
    ["revoked", ({ token, tokens }: EndpointFixture) => (tokens.revoke(token.slice(3, 15), "console"), token)],
    ["of no form at all", () => "hunter2"],
  ])("answers 401 to a token that is %s", async (_what, tokenOf) => {
    await using fixture = await EndpointFixture.open();
    const answer = await fixture.ask("/", { authorization: `Bearer ${tokenOf(fixture)}` });
    expect(answer).toMatchObject({ status: 401 });
    expect(answer.headers["www-authenticate"]).toContain("invalid_token");
  });

  it("refuses a token in the address, and never logs it", async () => {
    await using fixture = await EndpointFixture.open();
    for (const query of [`?access_token=${fixture.token}`, `?state=${fixture.token}`, "?token=abc", "?a=1&API_KEY=x"]) {
      expect(await fixture.ask(`/v1${query}`)).toMatchObject({ status: 400 });
      expect(await fixture.ask(`/v1${query}`, { authorization: "" })).toMatchObject({ status: 400 });
    }
    expect(fixture.logged.length).toBeGreaterThan(0);
    expect(fixture.logged.join("\n")).not.toMatch(/sg_|abc|API_KEY/);
    expect((await fixture.ask("/?state=pending")).status).toBe(200);
  });

  it("answers 415 to a body that is no JSON", async () => {
    await using fixture = await EndpointFixture.open();
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""]) {
      expect(await fixture.ask("/", { "content-type": type }, { body: "{}" })).toMatchObject({ status: 415 });
    }
    expect(await fixture.ask("/", { ...json, "content-encoding": "gzip" }, { body: "{}" })).toMatchObject({
      status: 415,
    });
    expect(await fixture.ask("/", { "content-type": "Application/JSON; charset=utf-8" }, { body: "{}" })).toMatchObject(
      { status: 200 },
    );
  });

  it("answers 413 to a body over the cap, declared or not", async () => {
    await using fixture = await EndpointFixture.open({ limits: { bodyBytes: 1000 } });
    const [fits, tooLong] = ["x".repeat(1000), "x".repeat(1001)];
    expect(await fixture.ask("/", { ...json, "content-length": "1000" }, { body: fits })).toMatchObject({
      status: 200,
    });
    expect(await fixture.ask("/", { ...json, "content-length": "1001" }, { body: tooLong })).toMatchObject({
      status: 413,
    });
    const chunked = { ...json, "transfer-encoding": "chunked" };
    expect(await fixture.ask("/", chunked, { body: fits })).toMatchObject({ status: 200 });
    expect(await fixture.ask("/", chunked, { body: "x".repeat(100_000) })).toMatchObject({ status: 413 });
  });

  it("answers 429 and when to come back to a client that asks too often, and to that client alone", async () => {
    await using fixture = await EndpointFixture.open({ limits: { requestsPerSecond: 1, burst: 2 } });
    const statuses = [];
    for (let n = 0; n < 3; n++) statuses.push((await fixture.ask()).status);
    expect(statuses).toEqual([200, 200, 429]);
    expect((await fixture.ask()).headers["retry-after"]).toBe("1");
    const other = fixture.tokens.create("gateway", "zed", "console").token;
    expect(await fixture.ask("/", { authorization: `Bearer ${other}` })).toMatchObject({ status: 200 });
  });

  it("bounds guessing at tokens, and lets those who have one through meanwhile", async () => {
    await using fixture = await EndpointFixture.open();
    const guesses = await Promise.all(
      Array.from({ length: 60 }, () => fixture.ask("/", { authorization: "Bearer x" })),
    );
    expect(new Set(guesses.map(({ status }) => status))).toEqual(new Set([401, 429]));
    expect(await fixture.ask()).toMatchObject({ status: 200 });
  });

  it("ends a request that trickles in", async () => {
    await using fixture = await EndpointFixture.open({ limits: { requestTimeoutMs: 200 } });
    const { port } = fixture.endpoint;
    for (const head of [
      "POST / HTTP/1.1\r\nHost: 127",
      `POST / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${fixture.token}\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{`,
    ]) {
      const received = await new Promise<string>((resolve) => {
        let text = "";
        const socket = connect(port, "127.0.0.1", () => socket.write(head));
        socket.on("data", (chunk) => (text += chunk.toString()));
        socket.once("close", () => resolve(text));
      });
      expect(received).toContain("408 Request Timeout");
    }
  });

  it("answers 500 to a fault of its own, without its words", async () => {
    await using fixture = await EndpointFixture.open({ handle: () => Promise.reject(new Error("the password is x")) });
    const answer = await fixture.ask();
    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain("password");
  });
});

describe("the listener", () => {
  it("says in words that a port is in use, and takes no other", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    await using fixture = await EndpointFixture.open();
    await expect(HttpEndpoint.open(fixture.options({ port }))).rejects.toMatchObject({
      code: "config_invalid",
      message: `The endpoint cannot listen: port ${port} of 127.0.0.1 is in use by another program.`,
    });
    other.close();
  });

  it("leaves loopback only with a certificate", async () => {
    await using fixture = await EndpointFixture.open();
    for (const address of ["0.0.0.0", "::", "192.168.1.5", "localhost"]) {
      await expect(HttpEndpoint.open(fixture.options({ address }))).rejects.toMatchObject({
        code: "config_invalid",
        message: expect.stringContaining("without TLS"),
      });
    }
    const tls = { cert: "no certificate", key: "no key" };
    await expect(HttpEndpoint.open(fixture.options({ tls }))).rejects.toMatchObject({ code: "config_invalid" });
  });

  it("speaks TLS under the names of its certificate", async () => {
    const authority = createAuthority();
    const tls = authority.issue("switchgear.test", new Date(Date.now() + 86_400_000));
    await using fixture = await EndpointFixture.open({ tls });
    const { port, url } = fixture.endpoint;
    expect(url).toBe(`https://switchgear.test:${port}`);
    const ask = (host: string) =>
      new Promise((resolve, reject) => {
        tlsRequest(
          {
            ...{ host: "127.0.0.1", port, ca: authority.cert, servername: "switchgear.test" },
            headers: { host: `${host}:${port}`, authorization: `Bearer ${fixture.token}` },
          },
          (response) => (response.resume(), resolve(response.statusCode)),
        )
          .once("error", reject)
          .end();
      });
    expect(await ask("switchgear.test")).toBe(200);
    expect(await ask("127.0.0.1")).toBe(200);
    expect(await ask("localhost")).toBe(403);
  });

  it("lets an answer under way end when it closes, and takes no more requests", async () => {
    let release: (() => void) | undefined;
    await using fixture = await EndpointFixture.open({
      handle: () => new Promise((resolve) => (release = () => resolve(new Response("done")))),
    });
    const answer = fixture.ask();
    await vi.waitFor(() => expect(release).toBeDefined());
    const closed = fixture.endpoint.close();
    await expect(fixture.ask()).rejects.toMatchObject({ code: "ECONNREFUSED" });
    release!();
    expect(await answer).toMatchObject({ status: 200, text: "done" });
    await closed;
  });

  it("tells the answering side when a client goes", async () => {
    let gone = false;
    let asked = false;
    await using fixture = await EndpointFixture.open({
      handle: ({ signal }) => {
        asked = true;
        signal.addEventListener("abort", () => (gone = true));
        return new Promise<Response>(() => {});
      },
    });
    const abort = new AbortController();
    const answer = fixture.ask("/", {}, { signal: abort.signal });
    await vi.waitFor(() => expect(asked).toBe(true));
    abort.abort();
    await expect(answer).rejects.toThrow();
    await vi.waitFor(() => expect(gone).toBe(true));
  });
});
