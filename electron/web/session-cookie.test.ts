import { request } from "node:https";
import { expect, it } from "vitest";
import { createAuthority } from "../core/http/fixtures/certificates.ts";
import { EndpointFixture } from "../core/http/fixtures/endpoint-fixture.ts";
import type { Pages } from "../core/http/pages.ts";
import { readSessionCookie, sessionCookie } from "./session-cookie.ts";

/** A page that gives a cookie, and says what it is sent. */
const pages: Pages = {
  origins: [],
  owns: () => true,
  answer: async (incoming, outgoing) => {
    outgoing.setHeader("set-cookie", sessionCookie(incoming, "value")).end(String(readSessionCookie(incoming)));
  },
  upgrade: () => {},
};

it("goes over TLS alone where it was given over TLS", async () => {
  const authority = createAuthority();
  const tls = authority.issue("switchgear.test", new Date(Date.now() + 86_400_000));
  await using fixture = await EndpointFixture.open({ tls, pages: () => pages });
  const { port } = fixture.endpoint;
  const cookies = await new Promise<string[] | undefined>((resolve, reject) => {
    const host = "127.0.0.1";
    const headers = { host: `switchgear.test:${port}` };
    request({ host, port, headers, ca: authority.cert, servername: "switchgear.test" }, (response) => {
      resolve(response.resume().headers["set-cookie"]);
    })
      .once("error", reject)
      .end();
  });
  expect(cookies).toEqual([`switchgear-${port}=value; Path=/console/; HttpOnly; SameSite=Strict; Secure`]);
});

it("is told from those of other ports of the host, and of other programs", async () => {
  await using fixture = await EndpointFixture.open({ pages: () => pages });
  const { port } = fixture.endpoint;
  const cookie = `theme=dark; switchgear-1=other; switchgear-${port}=mine; xswitchgear-${port}=no`;
  expect((await fixture.ask("/", { cookie })).text).toBe("mine");
  expect((await fixture.ask("/", { cookie: "switchgear-1=other" })).text).toBe("null");
  expect((await fixture.ask("/")).text).toBe("null");
});
