import { describe, expect, it } from "vitest";
import { CoreEvents } from "../events.ts";
import { FakeClock } from "../fake-clock.ts";
import { openDatabase } from "../journal/database.ts";
import { silentLogger } from "../logger.ts";
import type { AccessToken } from "../../../shared/access.ts";
import { AccessTokens } from "./access-tokens.ts";

function open() {
  const clock = new FakeClock();
  const { database } = openDatabase(":memory:", clock);
  const events = new CoreEvents(silentLogger);
  const told: AccessToken[] = [];
  events.on("access.changed", (access) => told.push(access));
  const recorded: unknown[] = [];
  const record = (...entry: unknown[]) => void recorded.push(entry);
  return { clock, database, told, recorded, tokens: new AccessTokens({ database, clock, events, record }) };
}

async function revoke(
  { tokens, clock }: Pick<ReturnType<typeof open>, "tokens" | "clock">,
  id: string,
  by = "console",
) {
  const told = tokens.revoke(id, by);
  await clock.advance(1_000);
  return told;
}

describe("AccessTokens", () => {
  it("keeps the hash of a token of 256 random bits, and never the token", () => {
    const { tokens, database } = open();
    const { token, access } = tokens.create("gateway", "cursor", "console");
    const secret = token.slice(`sg_${access.id}_`.length);
    expect(Buffer.from(secret, "base64url")).toHaveLength(32);
    const kept = JSON.stringify(database.all("SELECT * FROM access_tokens"));
    expect(kept).toContain(access.id);
    expect(kept).not.toContain(secret);
    expect(JSON.stringify(tokens.list("gateway"))).not.toContain(secret);
    expect(tokens.create("gateway", "zed", "console").token).not.toBe(token);
  });

  it("knows whose a token is, in its own area alone", () => {
    const { tokens } = open();
    const { token, access } = tokens.create("gateway", "cursor", "console");
    expect(tokens.verify("gateway", token)).toEqual({ id: access.id, name: "cursor" });
    expect(tokens.verify("approvals-api", token)).toBeNull();
    expect(tokens.verify("gateway", `${token}x`)).toBeNull();
    expect(tokens.verify("gateway", token.toUpperCase())).toBeNull();
  });

  it("ends a token when it is revoked, for good", async () => {
    const opened = open();
    const { tokens, clock } = opened;
    const { token, access } = tokens.create("gateway", "cursor", "console");
    expect(tokens.isActive(access.id)).toBe(true);
    const at = clock.wallNow();
    expect(await revoke(opened, access.id)).toMatchObject({ revokedAt: at });
    expect(tokens.verify("gateway", token)).toBeNull();
    expect(tokens.isActive(access.id)).toBe(false);
    await expect(tokens.revoke("nobody", "console")).rejects.toThrow(expect.objectContaining({ code: "not_found" }));
  });

  it("ends a token in every process once that is told", async () => {
    const here = open();
    const { tokens, clock, database } = here;
    const events = new CoreEvents(silentLogger);
    const there = new AccessTokens({ database, clock, events, record: () => {} });
    const { token, access } = tokens.create("gateway", "cursor", "console");
    // The first use is written down, and what was read before that is read again.
    for (const _time of [1, 2]) expect(there.verify("gateway", token)).not.toBeNull();
    let isTold = false;
    const told = tokens.revoke(access.id, "console").then(() => (isTold = true));
    const seen: string[] = [];
    for (let ms = 0; ms < 50; ms += 1) {
      seen.push(`${isTold ? "told" : "untold"} ${there.verify("gateway", token) ? "open" : "shut"}`);
      await clock.advance(1);
    }
    await told;
    expect([...new Set(seen)]).toEqual(["untold open", "untold shut", "told shut"]);
  });

  it("records who made a token and who ended it, once, or does neither", async () => {
    const opened = open();
    const { tokens, recorded, database } = opened;
    const { access } = tokens.create("gateway", "cursor", "console");
    await revoke(opened, access.id, "terminal");
    await revoke(opened, access.id, "terminal");
    const detail = { area: "gateway", token: access.id };
    expect(recorded).toEqual([
      ["client.made", { by: "console", subject: "cursor", detail }],
      ["client.revoked", { by: "terminal", subject: "cursor", detail }],
    ]);
    const refuse = () => {
      throw new Error("The chain cannot be written.");
    };
    const unrecorded = new AccessTokens({
      ...{ database, clock: new FakeClock(), events: new CoreEvents(silentLogger), record: refuse },
    });
    expect(() => unrecorded.create("gateway", "zed", "console")).toThrow("cannot be written");
    expect(unrecorded.list("gateway").map(({ name }) => name)).toEqual(["cursor"]);
  });

  it("changes what a client is shown, everywhere once that is told, and records it", async () => {
    const here = open();
    const { tokens, clock, database, recorded, told } = here;
    const there = new AccessTokens({ database, clock, events: new CoreEvents(silentLogger), record: () => {} });
    const { access } = tokens.create("gateway", "cursor", "console");
    expect(there.viewOf(access.id)).toEqual({ sees: null, lazy: false });
    const view = { sees: ["github.get_*", "lab"], lazy: true };
    const changed = tokens.setView(access.id, view, "terminal");
    expect(tokens.viewOf(access.id)).toEqual(view);
    await clock.advance(1_000);
    expect(await changed).toMatchObject({ name: "cursor", view });
    expect(there.viewOf(access.id)).toEqual(view);
    expect(recorded.at(-1)).toEqual([
      "client.view",
      { by: "terminal", subject: "cursor", detail: { token: access.id, ...view } },
    ]);
    expect(told.at(-1)).toMatchObject({ view });
  });

  it("shows a client whose token was replaced what it was shown before, and a new one everything", async () => {
    const opened = open();
    const { tokens, clock } = opened;
    const view = { sees: ["lab"], lazy: false };
    const { access } = tokens.create("gateway", "cursor", "console");
    const changed = tokens.setView(access.id, view, "console");
    await clock.advance(1_000);
    await changed;
    await revoke(opened, access.id);
    expect(tokens.create("gateway", "cursor", "console").access.view).toEqual(view);
    expect(tokens.create("gateway", "zed", "console").access.view).toEqual({ sees: null, lazy: false });
  });

  it("shows nothing to a client that is revoked or unknown", async () => {
    const opened = open();
    const { access } = opened.tokens.create("gateway", "cursor", "console");
    await revoke(opened, access.id);
    for (const id of [access.id, "nobody"]) expect(opened.tokens.viewOf(id)).toEqual({ sees: [], lazy: false });
    const changed = opened.tokens.setView(access.id, { sees: null, lazy: false }, "console");
    await expect(changed).rejects.toThrow(expect.objectContaining({ code: "bad_request" }));
  });

  it.each(["", ".", "GitHub", "a b", ".get", "lab."])(
    "refuses the pattern %j, which names no server",
    async (pattern) => {
      const { tokens } = open();
      const { access } = tokens.create("gateway", "cursor", "console");
      const changed = tokens.setView(access.id, { sees: ["lab", pattern], lazy: false }, "console");
      await expect(changed).rejects.toThrow(`${JSON.stringify(pattern)}: name a server`);
      expect(tokens.viewOf(access.id).sees).toBeNull();
    },
  );

  it("gives a name to one token at a time, and to another area's beside it", async () => {
    const opened = open();
    const { tokens } = opened;
    const { access } = tokens.create("gateway", "cursor", "console");
    expect(() => tokens.create("gateway", "cursor", "console")).toThrow(
      expect.objectContaining({ code: "bad_request" }),
    );
    expect(tokens.create("approvals-api", "cursor", "console").access.name).toBe("cursor");
    await revoke(opened, access.id);
    const again = tokens.create("gateway", "cursor", "console").access;
    expect(tokens.list("gateway").map(({ id }) => id)).toEqual([again.id, access.id]);
  });

  it.each([
    "console",
    "browser",
    "terminal",
    "library",
    "switchgear",
    "",
    "Cursor",
    "a b",
    "x".repeat(61),
    "policy:auto",
  ])("refuses the name %j, which somebody else could be taken for", (name) => {
    const { tokens } = open();
    expect(() => tokens.create("gateway", name, "console")).toThrow(expect.objectContaining({ code: "bad_request" }));
  });

  it("tells when a token was last used, to the minute", async () => {
    const { tokens, clock, told } = open();
    const { token } = tokens.create("gateway", "cursor", "console");
    const used = () => tokens.list("gateway")[0]!.lastUsedAt;
    expect(used()).toBeNull();
    tokens.verify("gateway", token);
    const first = clock.wallNow();
    await clock.advance(59_000);
    tokens.verify("gateway", token);
    expect(used()).toBe(first);
    await clock.advance(1_000);
    tokens.verify("gateway", token);
    expect(used()).toBe(first + 60_000);
    expect(told).toHaveLength(3);
  });

  it("knows a caller where the journal cannot be written", () => {
    const { tokens, database } = open();
    const { token } = tokens.create("gateway", "cursor", "console");
    database.exec("CREATE TEMP TRIGGER broken BEFORE UPDATE ON access_tokens BEGIN SELECT raise(ABORT, 'no'); END");
    expect(tokens.verify("gateway", token)).toMatchObject({ name: "cursor" });
  });
});
