import { afterEach, describe, expect, it } from "vitest";
import { oauthConfigSchema } from "../../../shared/oauth.ts";
import { createSystemClock } from "../clock.ts";
import { MCPClientError } from "../errors.ts";
import { startAuthorizationServer } from "./fixtures/authorization-server.ts";
import { Browser } from "./fixtures/browser.ts";
import { startProtectedServer } from "./fixtures/protected-server.ts";
import { ServerCredentials } from "./server-credentials.ts";
import type { SignInChange } from "./sign-in-change.ts";

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).toReversed()) await each.close();
});

const refusal = { status: 401, header: "Bearer" } as const;

/** One server, and the processes that use it, which share a store. */
async function setUp() {
  const authority = await startAuthorizationServer();
  const server = await startProtectedServer(authority);
  opened.push(authority, server);
  const kept = new Map<string, string>();
  const masked = new Set<string>();
  const records: SignInChange[] = [];
  const store = {
    read: async (name: string) => kept.get(name) ?? null,
    write: async (name: string, value: string) => void kept.set(name, value),
    assertUsable: async () => {},
  };
  const open = (url = server.url) =>
    new ServerCredentials({ id: "docs", url: new URL(url) }, oauthConfigSchema.parse({ type: "oauth" }), {
      ...{ clock: createSystemClock(), store },
      learnSecret: (secret) => masked.add(secret),
      forgetSecret: (secret) => masked.delete(secret),
      resolveSecret: async (reference) => reference,
      record: (change) => records.push(change),
      onChange: () => {},
    });
  const signIn = async (credentials: ServerCredentials) => {
    const attempt = await credentials.beginSignIn();
    const finished = attempt.finish();
    await new Browser().signIn(attempt.request.url);
    await credentials.accept(await finished, "console");
    return (await credentials.authorization()) ?? "";
  };
  const grants = () => authority.requests.filter((each) => each === "POST /token").length;
  return { authority, server, kept, masked, records, store, open, signIn, grants };
}

describe("ServerCredentials", () => {
  it("have a rotated refresh token stored before its access token is used", async () => {
    const { store, kept, open, signIn, grants } = await setUp();
    const credentials = open();
    const used = await signIn(credentials);
    const { write } = store;
    const before = kept.get("oauth:docs");
    store.write = () => Promise.reject(new Error("the disk is full"));
    await expect(credentials.refused(used, refusal)).rejects.toThrow("the disk is full");
    await expect(credentials.authorization()).rejects.toThrow("the disk is full");
    expect(kept.get("oauth:docs")).toBe(before);

    store.write = write;
    const next = await credentials.authorization();
    expect(next).not.toBe(used);
    expect(kept.get("oauth:docs")).toContain(next?.replace("Bearer ", ""));
    expect(grants()).toBe(2);
  });

  it("have a sign-in that could not be kept be none, on record too", async () => {
    const { store, kept, records, open, signIn } = await setUp();
    const credentials = open();
    const before = await signIn(credentials);
    const stored = kept.get("oauth:docs");
    const { write } = store;
    store.write = () => Promise.reject(new Error("the disk is full"));
    await expect(signIn(credentials)).rejects.toThrow("the disk is full");
    expect(records.map(({ kind, by }) => [kind, by])).toEqual([
      ["sign-in", "console"],
      ["sign-in", "console"],
      ["sign-out", "switchgear"],
    ]);
    expect(records.at(-1)).toMatchObject({ server: "docs", why: "its tokens could not be kept" });

    store.write = write;
    expect(await credentials.authorization()).toBe(before);
    expect(kept.get("oauth:docs")).toBe(stored);
  });

  it("take over what another process renewed, rather than use a refresh token twice", async () => {
    const { open, signIn, grants } = await setUp();
    const [one, other] = [open(), open()];
    const used = await signIn(one);
    expect(await other.authorization()).toBe(used);
    const next = await one.refused(used, refusal);
    expect(await other.refused(used, refusal)).toBe(next);
    expect(grants()).toBe(2);
  });

  it("ask for the vault where it is locked and a token is wanted, and not before", async () => {
    const { store, open } = await setUp();
    store.read = () => Promise.reject(new MCPClientError("vault_locked", "The vault is locked."));
    const credentials = open();
    expect(await credentials.authorization()).toBeNull();
    await expect(credentials.refused(null, refusal)).rejects.toMatchObject({ code: "vault_locked" });
  });

  it("are for the address that they were given for, and for no other", async () => {
    const { open, signIn } = await setUp();
    await signIn(open());
    expect(await open("https://elsewhere.example/mcp").authorization()).toBeNull();
    expect(await open().authorization()).not.toBeNull();
  });

  it("are not read from what is damaged or of another version", async () => {
    const { kept, open, signIn } = await setUp();
    await signIn(open());
    const text = kept.get("oauth:docs") ?? "";
    for (const wrong of ["", "{}", "null", text.slice(1), text.replace('"version":1', '"version":2')]) {
      kept.set("oauth:docs", wrong);
      expect(await open().authorization()).toBeNull();
    }
  });

  it("are masked from the first, and those of long ago no more", async () => {
    const { open, signIn, masked } = await setUp();
    const credentials = open();
    const first = await signIn(credentials);
    expect(masked).toContain(first.replace("Bearer ", ""));
    let used = first;
    for (let renewals = 0; renewals < 6; renewals += 1) used = await credentials.refused(used, refusal);
    expect(masked).toContain(used.replace("Bearer ", ""));
    expect(masked).not.toContain(first.replace("Bearer ", ""));
    expect(masked.size).toBeLessThanOrEqual(8);
  });
});
