import { createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { MCPClientError } from "./errors.ts";
import { closeLater, closeScenes, failure, Scene } from "./fixtures/sign-in-scene.ts";
import { startProtectedServer } from "./oauth/fixtures/protected-server.ts";

afterEach(closeScenes);

describe("signing in by the browser", () => {
  it("parks a server that asks for it, shows where to go, and connects once the browser is back", async () => {
    const scene = await Scene.open();
    const { core, authority, server, browser } = scene;
    expect(await scene.connect()).toMatchObject({ code: "needs_sign_in" });
    expect(scene.view.connection).toMatchObject({ kind: "parked", cause: "needs_sign_in" });
    expect(scene.view.connection).toMatchObject({ hint: expect.stringContaining("switchgear sign-in docs") as string });
    expect(scene.view.signIn).toEqual({ kind: "signed-out" });

    const request = await core.signIns.begin("docs");
    expect(request).toMatchObject({
      host: new URL(authority.issuer).host,
      issuer: authority.issuer,
      resource: server.url,
      scopes: ["read", "offline_access"],
    });
    expect(Object.fromEntries(new URL(request.url).searchParams)).toMatchObject({
      response_type: "code",
      code_challenge_method: "S256",
      resource: server.url,
      redirect_uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/callback$/) as string,
    });
    expect(scene.grants).toBe(0);

    const finished = core.signIns.finished("docs");
    expect(await browser.signIn(request.url)).toContain("Back to Switchgear");
    await finished;
    expect(scene.view.connection.kind).toBe("ready");
    expect(scene.view.signIn).toMatchObject({ kind: "signed-in", issuer: authority.issuer, renewable: true });
    expect(await scene.call("whoami")).toContain("Ada");
  });

  it.each(["modern", "legacy"])(
    "parks a server that greets everybody and asks for it afterwards, spoken to as %s",
    async (protocol) => {
      const scene = await Scene.open(() => `protocol: ${protocol}\n`);
      scene.server.openMethods = ["server/discover", "initialize", "notifications/initialized"];
      expect(await scene.connect()).toMatchObject({ code: "needs_sign_in", sent: false });
      expect(scene.view.connection).toMatchObject({ kind: "parked", cause: "needs_sign_in" });
      await scene.signIn();
      expect(scene.view.connection.kind).toBe("ready");
      expect(await scene.call("whoami")).toContain("Ada");
    },
  );

  it("asks nobody again while the sign-in holds, and opens no second one by itself", async () => {
    const scene = await Scene.open();
    await scene.signIn();
    await scene.core.servers.disconnect("docs");
    expect(await scene.connect()).toBeNull();
    expect(scene.authority.requests.filter((each) => each === "GET /auth")).toHaveLength(1);
    expect(scene.grants).toBe(1);
  });

  it("sends the tokens to their server alone, and follows no redirect to another origin with them", async () => {
    const scene = await Scene.open();
    const elsewhere = await startProtectedServer(scene.authority);
    closeLater(elsewhere);
    await scene.signIn();
    scene.server.redirectTo = elsewhere.url;
    expect(await scene.call("whoami")).not.toContain("Ada");
    expect(elsewhere.authorizations).toEqual([]);
    expect(scene.authority.requests.some((each) => each.includes("mcp"))).toBe(false);

    scene.fixture.write("servers/docs.yaml", `id: docs\ntransport: http\nurl: ${elsewhere.url}\nkeep_alive: 0\n`);
    await expect.poll(() => scene.view.target).toBe(elsewhere.url);
    await scene.connect();
    expect(elsewhere.authorizations.length).toBeGreaterThan(0);
    expect(elsewhere.authorizations.every((each) => each === undefined)).toBe(true);
  });

  it("masks tokens wherever they turn up", async () => {
    const scene = await Scene.open();
    await scene.signIn();
    const { token } = scene;
    expect(token.length).toBeGreaterThan(20);
    await scene.fixture.call("whoami", { note: token }, { server: "docs" });
    const { rows } = await scene.core.journal.list({}, null, 10);
    const details = await Promise.all(rows.map(({ id }) => scene.core.journal.get(id)));
    const told = JSON.stringify([details, scene.core.servers.list()]);
    expect(told).toContain("whoami");
    expect(told).not.toContain(token);
  });

  it("ends in words where the person says no", async () => {
    const scene = await Scene.open();
    scene.authority.consents = false;
    const { url } = await scene.core.signIns.begin("docs");
    const finished = failure(scene.core.signIns.finished("docs"));
    expect(await scene.browser.signIn(url)).toContain("Not signed in");
    expect(await finished).toMatchObject({ code: "sign_in_failed", message: expect.stringContaining("Ada said no") });
    expect(scene.view.signIn).toEqual({ kind: "signed-out" });
  });

  it("stops listening when it is cancelled, and when it begins anew", async () => {
    const scene = await Scene.open();
    const first = await scene.core.signIns.begin("docs");
    const given = failure(scene.core.signIns.finished("docs"));
    const second = await scene.core.signIns.begin("docs");
    expect(await given).toMatchObject({ code: "cancelled" });
    await expect(scene.browser.signIn(first.url)).rejects.toThrow();
    scene.core.signIns.cancel("docs");
    await expect(scene.browser.signIn(second.url)).rejects.toThrow();
    expect(() => scene.core.signIns.address("docs")).toThrow("No sign-in");
    expect(scene.grants).toBe(0);
  });

  it("uses the port that the server's file names, and says so where it is taken", async () => {
    const holder = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => holder.once("listening", resolve));
    const { port } = holder.address() as { port: number };
    const scene = await Scene.open(() => `auth: { type: oauth, redirect_port: ${port} }\n`);
    expect(await failure(scene.core.signIns.begin("docs"))).toMatchObject({
      code: "sign_in_failed",
      message: expect.stringContaining(`Port ${port}`),
    });
    await new Promise((resolve) => holder.close(resolve));
    expect(await scene.core.signIns.begin("docs")).toMatchObject({
      redirectUri: `http://127.0.0.1:${port}/callback`,
    });
  });

  it("comes back to the port of before, so that it registers once", async () => {
    const scene = await Scene.open();
    await scene.signIn();
    await scene.core.signIns.signOut("docs");
    await scene.signIn();
    expect(scene.authority.requests.filter((each) => each === "POST /reg")).toHaveLength(1);
  });

  it("stops where the master switch goes off", async () => {
    const scene = await Scene.open();
    const { url } = await scene.core.signIns.begin("docs");
    const finished = failure(scene.core.signIns.finished("docs"));
    const back = await scene.browser.visit(url);
    Object.defineProperty(scene.core.settings, "mcpEnabled", { value: false });
    scene.core.events.emit("settings.changed", scene.core.settings.view());
    expect(await finished).toMatchObject({ code: "cancelled" });
    await expect(fetch(back)).rejects.toThrow();
    expect(scene.grants).toBe(0);
  });

  it("dials nobody while the master switch is off", async () => {
    const scene = await Scene.open();
    await scene.connect();
    Object.defineProperty(scene.core.settings, "mcpEnabled", { value: false });
    const before = scene.authority.requests.length;
    expect(await failure(scene.core.signIns.begin("docs"))).toMatchObject({ code: "mcp_disabled" });
    expect(scene.authority.requests).toHaveLength(before);
  });
});

describe("an answer that is not the one awaited", () => {
  it("is turned away where its state is wrong, missing or given twice, and the sign-in goes on", async () => {
    const scene = await Scene.open();
    const { url } = await scene.core.signIns.begin("docs");
    const finished = scene.core.signIns.finished("docs");
    const right = new URL(await scene.browser.visit(url));
    const state = right.searchParams.get("state") ?? "";
    for (const wrong of ["?code=x", "?code=x&state=guess", `?code=x&state=${state}&state=${state}`]) {
      const response = await fetch(new URL(`/callback${wrong}`, right));
      expect(response.status).toBe(400);
      expect(await response.text()).toContain("Not expected");
    }
    expect((await fetch(right)).status).toBe(200);
    await finished;
  });

  it("is nowhere to be sent once one came: a replay finds nobody", async () => {
    const scene = await Scene.open();
    const { url } = await scene.core.signIns.begin("docs");
    const finished = scene.core.signIns.finished("docs");
    const back = await scene.browser.visit(url);
    expect((await fetch(back)).status).toBe(200);
    await finished;
    await expect(fetch(back)).rejects.toThrow();
    expect(scene.grants).toBe(1);
  });

  it("is turned away at another path, by another method and under another name", async () => {
    const scene = await Scene.open();
    const { redirectUri } = await scene.core.signIns.begin("docs");
    for (const path of ["/", "/callback/", "/callback/x", "/CALLBACK", "//callback"]) {
      expect((await fetch(new URL(redirectUri).origin + path)).status, path).toBe(404);
    }
    expect((await fetch(redirectUri, { method: "POST" })).status).toBe(405);
    const { port } = new URL(redirectUri);
    expect((await fetch(`http://localhost:${port}/callback`).catch(() => null))?.status ?? 400).toBe(400);
    scene.core.signIns.cancel("docs");
  });

  it("is refused before its code is used where it comes from another authorization server", async () => {
    const scene = await Scene.open();
    const { url } = await scene.core.signIns.begin("docs");
    const finished = failure(scene.core.signIns.finished("docs"));
    const back = new URL(await scene.browser.visit(url));
    back.searchParams.set("iss", "https://evil.example");
    await fetch(back);
    expect(await finished).toMatchObject({
      code: "sign_in_failed",
      message: expect.stringContaining("https://evil.example"),
    });
    expect(scene.grants).toBe(0);
  });

  it("is refused where it should say whom it comes from, and does not", async () => {
    const scene = await Scene.open();
    const { url } = await scene.core.signIns.begin("docs");
    const finished = failure(scene.core.signIns.finished("docs"));
    const back = new URL(await scene.browser.visit(url));
    back.searchParams.delete("iss");
    await fetch(back);
    expect(await finished).toMatchObject({ code: "sign_in_failed" });
    expect(scene.grants).toBe(0);
  });
});

describe("what a server says of its authorization server", () => {
  const begin = async (change: (scene: Scene) => void): Promise<MCPClientError | null> => {
    const scene = await Scene.open();
    change(scene);
    return failure(scene.core.signIns.begin("docs"));
  };
  const told = (text: string) => ({
    code: "sign_in_failed",
    message: expect.stringContaining(text) as string,
  });

  it("is refused over plain http, off this machine", async () => {
    const refused = told("is not https");
    expect(await begin(({ server }) => (server.metadataUrl = "http://evil.example/metadata"))).toMatchObject(refused);
    expect(
      await begin(({ server }) => (server.metadata = { authorization_servers: ["http://evil.example"] })),
    ).toMatchObject(refused);
    for (const name of ["authorization_endpoint", "token_endpoint", "registration_endpoint", "revocation_endpoint"]) {
      const change = (document: object) => ({ ...document, [name]: "http://evil.example/x" });
      expect(await begin(({ authority }) => (authority.metadata = change)), name).toMatchObject(refused);
    }
  });

  it("is refused where it is for another resource", async () => {
    const change = ({ server }: Scene) => (server.metadata = { resource: "https://bank.example/mcp" });
    expect(await begin(change)).toMatchObject(told("another resource"));
  });

  it("is refused where the metadata names another issuer", async () => {
    const change = (document: object) => ({ ...document, issuer: "https://evil.example" });
    expect(await begin(({ authority }) => (authority.metadata = change))).toMatchObject(told("https://evil.example"));
  });

  it("is refused where PKCE is not promised", async () => {
    const change = (document: object) => ({ ...document, code_challenge_methods_supported: ["plain"] });
    expect(await begin(({ authority }) => (authority.metadata = change))).toMatchObject(told("PKCE"));
  });

  it("is refused where the server's file names another", async () => {
    const scene = await Scene.open(() => `auth: { type: oauth, issuer: "https://login.example" }\n`);
    expect(await failure(scene.core.signIns.begin("docs"))).toMatchObject(told("another authorization server"));
  });

  it("says what to do where it registers no programs", async () => {
    const change = (document: object) => ({ ...document, registration_endpoint: undefined });
    const error = await begin(({ authority }) => (authority.metadata = change));
    expect(error).toMatchObject({ code: "sign_in_failed", hint: expect.stringContaining("client_id") });
  });

  it("is connection_failed while the authorization server is down or unwell", async () => {
    expect(await begin(({ authority }) => (authority.status = 503))).toMatchObject({ code: "connection_failed" });
    const scene = await Scene.open();
    await scene.authority.close();
    expect(await failure(scene.core.signIns.begin("docs"))).toMatchObject({ code: "connection_failed" });
  });
});
