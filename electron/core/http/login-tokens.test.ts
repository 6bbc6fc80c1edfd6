import { describe, expect, it } from "vitest";
import type { AuditEntry } from "../../../shared/audit.ts";
import { MCPClientError } from "../errors.ts";
import { FakeClock } from "../fake-clock.ts";
import { openDatabase } from "../journal/database.ts";
import { loginTokenMs, LoginTokens } from "./login-tokens.ts";

function start(record: (kind: string, entry: AuditEntry) => void = () => {}) {
  const clock = new FakeClock();
  const { database } = openDatabase(":memory:", clock);
  return { clock, database, logins: new LoginTokens({ database, clock, record }) };
}

describe("a token that logs a browser in", () => {
  it("does so once", () => {
    const recorded: unknown[] = [];
    const { logins } = start((kind, entry) => recorded.push([kind, entry]));
    const token = logins.make();
    expect(logins.redeem(token, "one")).toBe(true);
    expect(logins.redeem(token, "two")).toBe(false);
    expect(recorded).toEqual([["login", { by: "browser", subject: "one" }]]);
  });

  it("does so for ten minutes, and no longer", async () => {
    const { logins, clock } = start();
    const [inTime, late] = [logins.make(), logins.make()];
    await clock.advance(loginTokenMs - 1);
    expect(logins.redeem(inTime, "a")).toBe(true);
    await clock.advance(1);
    expect(logins.redeem(late, "b")).toBe(false);
  });

  it("has 256 random bits, of which the hash alone is kept", () => {
    const { logins, database } = start();
    const token = logins.make();
    const secret = token.slice(16);
    expect(Buffer.from(secret, "base64url")).toHaveLength(32);
    const kept = JSON.stringify(database.all("SELECT * FROM login_tokens"));
    expect(kept).toContain(token.slice(3, 15));
    expect(kept).not.toContain(secret);
  });

  it.each([
    ["made up", () => `sg_0123456789ab_${"A".repeat(43)}`],
    ["with another's secret", (token: string, other: string) => token.slice(0, 16) + other.slice(16)],
    ["of no form at all", () => "hunter2"],
    ["empty", () => ""],
  ])("is not one that is %s", (_what, forge) => {
    const { logins } = start();
    const [token, other] = [logins.make(), logins.make()];
    expect(logins.redeem(forge(token, other), "a")).toBe(false);
    expect(logins.redeem(token, "a")).toBe(true);
  });

  it("is still good where its login could not be recorded, and nobody is let in", () => {
    let isFull = true;
    const { logins } = start(() => {
      if (isFull) throw new MCPClientError("journal_unavailable", "The disk is full.");
    });
    const token = logins.make();
    expect(() => logins.redeem(token, "a")).toThrow("The disk is full.");
    isFull = false;
    expect(logins.redeem(token, "a")).toBe(true);
  });
});
