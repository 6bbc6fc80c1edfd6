import { afterEach, describe, expect, it } from "vitest";
import { startAuthorizationServer } from "../core/oauth/fixtures/authorization-server.ts";
import { Browser } from "../core/oauth/fixtures/browser.ts";
import { startProtectedServer } from "../core/oauth/fixtures/protected-server.ts";
import { CliFixture, labServer } from "./fixtures/cli-fixture.ts";

const vaultKey = { SWITCHGEAR_VAULT_KEY: "a key that only tests know" };
const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).toReversed()) await each.close();
});

async function setUp() {
  const authority = await startAuthorizationServer();
  const server = await startProtectedServer(authority);
  const cli = new CliFixture({ "servers/docs.yaml": `id: docs\ntransport: http\nurl: ${server.url}\n` });
  opened.push(authority, server, { close: () => cli[Symbol.asyncDispose]() });
  return { authority, server, cli };
}

async function printedAddress(child: { stdout: NodeJS.ReadableStream | null }): Promise<string> {
  let text = "";
  for await (const chunk of child.stdout!) {
    text += String(chunk);
    const address = /^http.*$/m.exec(text)?.[0];
    if (address !== undefined) return address;
  }
  throw new Error(`It printed no address, but: ${text}`);
}

describe("switchgear sign-in", () => {
  it("prints where to go, waits for the browser, and calls go through from then on", async () => {
    const { authority, cli } = await setUp();
    const refused = await cli.run(["call", "docs", "whoami"], vaultKey);
    expect(refused.code).toBe(6);
    expect(refused.stderr).toContain("switchgear sign-in docs");

    const running = cli.start(["sign-in", "docs"], vaultKey);
    await new Browser().signIn(await printedAddress(running.child));
    const { code, stderr } = await running.ended;
    expect(code).toBe(0);
    expect(stderr).toContain(`if you trust ${new URL(authority.issuer).host}`);
    expect(stderr).toContain("It asks for: read");
    expect(stderr).toMatch(/ssh -L \d+:127\.0\.0\.1:\d+ HOST/);
    expect(stderr).toContain("Signed in to docs.");

    const called = await cli.run(["call", "docs", "whoami"], vaultKey);
    expect(called).toMatchObject({ code: 0, stdout: expect.stringContaining("Ada") as string });
    const left = await cli.run(["sign-out", "docs"], vaultKey);
    expect(left).toMatchObject({ code: 0, stderr: expect.stringContaining("given back") as string });
    expect((await cli.run(["call", "docs", "whoami"], vaultKey)).code).toBe(6);
    // Five processes, one after the other.
  }, 60_000);

  it("stops waiting when it is interrupted", async () => {
    const { cli, authority } = await setUp();
    const running = cli.start(["sign-in", "docs"], vaultKey);
    await running.printed("within five minutes");
    running.child.kill("SIGINT");
    expect((await running.ended).code).toBe(130);
    expect(authority.requests).not.toContain("POST /token");
  });

  it("refuses before anything is opened where no vault could keep it", async () => {
    const { cli, authority } = await setUp();
    const { code, stdout, stderr } = await cli.run(["sign-in", "docs"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("SWITCHGEAR_VAULT_KEY");
    expect(authority.requests).not.toContain("GET /auth");
  });

  it("says so of a server that takes none", async () => {
    const { cli } = await setUp();
    cli.write("servers/lab.yaml", `${labServer}headers: { Authorization: Bearer x }\n`);
    const { code, stderr } = await cli.run(["sign-in", "lab"], vaultKey);
    expect(code).toBe(2);
    expect(stderr).toContain("takes no sign-in");
  });
});
