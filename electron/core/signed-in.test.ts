import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { serverConfigSchema } from "../../shared/server.ts";
import { createSystemClock } from "./clock.ts";
import { byItself, closeLater, closeScenes, failure, Scene } from "./fixtures/sign-in-scene.ts";
import { machine, startAuthorizationServer } from "./oauth/fixtures/authorization-server.ts";
import { WebSocketTransport } from "./transports/websocket.ts";

afterEach(closeScenes);

describe("renewing", () => {
  it("refreshes once for many calls at once whose token the server no longer takes", async () => {
    const scene = await Scene.open();
    await scene.signIn();
    await scene.authority.end(scene.token);
    const answers = await Promise.all(Array.from({ length: 20 }, () => scene.call("whoami")));
    expect(answers.every((answer) => answer.includes("Ada"))).toBe(true);
    expect(scene.grants).toBe(2);
  });

  it("refreshes before it sends where the token's time is up", async () => {
    const scene = await Scene.open();
    await scene.signIn();
    const before = scene.token;
    const sent = scene.server.authorizations.length;
    scene.ahead = 2 * 3600_000;
    const answers = await Promise.all([scene.call("whoami"), scene.call("whoami")]);
    expect(answers.every((answer) => answer.includes("Ada"))).toBe(true);
    expect(scene.grants).toBe(2);
    expect(scene.server.authorizations.slice(sent)).not.toContain(`Bearer ${before}`);
  });

  it("parks once, and asks no more, where the refresh is refused", async () => {
    const scene = await Scene.open();
    await scene.signIn();
    await scene.authority.end(scene.token);
    await scene.authority.endGrants();
    expect(await scene.call("whoami")).toBe("needs_sign_in");
    expect(scene.view.connection).toMatchObject({ kind: "parked", cause: "needs_sign_in" });
    expect(scene.view.signIn).toEqual({ kind: "signed-out" });
    const { grants } = scene;
    const { length } = scene.server.authorizations;
    expect(await scene.call("whoami")).toBe("needs_sign_in");
    expect(scene.grants).toBe(grants);
    expect(scene.server.authorizations).toHaveLength(length);
  });

  it("keeps the sign-in while the authorization server is down, and goes on when it is back", async () => {
    const scene = await Scene.open();
    await scene.signIn();
    await scene.authority.end(scene.token);
    scene.authority.status = 503;
    expect(await scene.call("whoami")).toBe("connection_failed");
    expect(scene.view.signIn).toMatchObject({ kind: "signed-in" });
    scene.authority.status = null;
    expect(await scene.call("whoami")).toContain("Ada");
  });
});

describe("over a WebSocket", () => {
  it("carries the token in the handshake, and renews it where that is refused", async () => {
    const scene = await Scene.open();
    await scene.signIn();
    const accepted: (string | undefined)[] = [];
    const sockets = new WebSocketServer({
      ...{ port: 0, host: "127.0.0.1", handleProtocols: () => "mcp" },
      verifyClient: ({ req }, done) => {
        const { authorization } = req.headers;
        void (async () => {
          const token = await scene.authority.find(authorization?.replace("Bearer ", "") ?? "");
          if (token) accepted.push(authorization);
          done(token !== undefined, 401, "no", { "www-authenticate": "Bearer" });
        })();
      },
    });
    await new Promise((resolve) => sockets.once("listening", resolve));
    closeLater({ close: () => new Promise((resolve) => sockets.close(() => resolve())) });
    const url = `ws://127.0.0.1:${(sockets.address() as AddressInfo).port}/mcp`;
    const config = serverConfigSchema.parse({ id: "docs", transport: "http", url: scene.server.url });
    const credentials = scene.core.signIns.credentialsFor(config, scene.server.url);
    const target = { kind: "websocket" as const, url, headers: {}, maxResponseBytes: 1e6, credentials };
    const connect = async () => {
      const deps = { server: "docs", clock: createSystemClock(), onLine: () => {} };
      const transport = new WebSocketTransport(target, deps);
      await transport.start();
      await transport.close();
    };
    await connect();
    expect(accepted).toEqual([`Bearer ${scene.token}`]);
    await scene.authority.end(scene.token);
    await connect();
    expect(accepted).toHaveLength(2);
    expect(accepted[1]).not.toBe(accepted[0]);
    expect(scene.grants).toBe(2);

    await scene.authority.end(accepted[1]?.replace("Bearer ", "") ?? "");
    await scene.authority.endGrants();
    expect(await failure(connect())).toMatchObject({ code: "needs_sign_in" });
  });
});

describe("asking for more", () => {
  it("tells what is missing, and has it granted beside the rest at the next sign-in", async () => {
    const scene = await Scene.open();
    await scene.signIn();
    expect(await scene.call("change")).toBe("needs_sign_in");
    expect(scene.view.connection.kind).toBe("ready");
    expect(scene.view.signIn).toMatchObject({ kind: "signed-in", missing: ["write"] });
    const { scopes } = await scene.core.signIns.begin("docs");
    expect(scopes).toEqual(expect.arrayContaining(["read", "write"]));
    await scene.signIn();
    expect(scene.view.signIn).toMatchObject({ missing: [] });
    expect(await scene.call("change")).toContain("Ada");
    expect(await scene.call("whoami")).toContain("Ada");
  });
});

describe("client credentials", () => {
  it("connects without a person", async () => {
    const scene = await Scene.open(byItself);
    expect(await scene.connect()).toBeNull();
    expect(scene.view.signIn).toMatchObject({ kind: "signed-in", grant: "client_credentials", scopes: ["read"] });
    expect(scene.authority.requests).not.toContain("GET /auth");
  });

  it("gets a token anew, and one that reaches further, by itself", async () => {
    const scene = await Scene.open(byItself);
    await scene.connect();
    await scene.authority.end(scene.token);
    expect(await scene.call("whoami")).toContain("Ada");
    expect(await scene.call("change")).toContain("Ada");
    expect(scene.grants).toBe(3);
  });

  it("parks as wrongly configured where they are refused", async () => {
    const scene = await Scene.open((authority) => byItself(authority).replace(machine.client_id, "nobody"));
    expect(await scene.connect()).toMatchObject({ code: "config_invalid" });
    expect(scene.view.connection).toMatchObject({ kind: "parked", cause: "configuration" });
    expect(scene.view.connection).toMatchObject({ hint: expect.stringContaining("client_id") as string });
  });

  it("sends the secret to the authorization server of the server's file alone", async () => {
    const evil = await startAuthorizationServer();
    closeLater(evil);
    const scene = await Scene.open(byItself);
    scene.server.metadata = { authorization_servers: [evil.issuer] };
    expect(await scene.connect()).toMatchObject({ code: "config_invalid" });
    expect(evil.requests).toEqual([]);
  });
});

describe("signing out", () => {
  it("closes the session, gives the tokens back and forgets them", async () => {
    const scene = await Scene.open();
    await scene.signIn();
    const { token } = scene;
    expect(await scene.core.signIns.signOut("docs")).toEqual({ revoked: true, reason: null });
    expect(await scene.authority.find(token)).toBeUndefined();
    expect(scene.view.connection).toEqual({ kind: "closed", reason: "You signed out." });
    expect(scene.view.signIn).toEqual({ kind: "signed-out" });
    expect(await scene.connect()).toMatchObject({ code: "needs_sign_in" });
    expect(scene.server.authorizations.at(-1)).toBeUndefined();
  });

  it("forgets them all the same where they cannot be given back, and says so", async () => {
    const scene = await Scene.open();
    await scene.signIn();
    scene.authority.status = 503;
    expect(await scene.core.signIns.signOut("docs")).toMatchObject({
      revoked: false,
      reason: expect.stringContaining("forgotten here") as string,
    });
    expect(scene.view.signIn).toEqual({ kind: "signed-out" });
  });
});
