import { describe, expect, it } from "vitest";
import type { Ticket } from "../../../shared/approval.ts";
import { risksOf } from "./ticket-words.ts";
import { nextWaiting } from "./use-inbox.ts";

function ticket(change: Partial<Ticket>): Ticket {
  return {
    id: "t",
    invocationId: "i",
    state: "pending",
    server: "github",
    tool: "merge_pr",
    args: {},
    hash: "00",
    fingerprint: "f",
    environment: "production",
    unusual: [],
    edited: null,
    grantId: null,
    client: "console",
    approvalMessage: null,
    rule: "default",
    trace: [],
    requestedAt: 0,
    expiresAt: 1,
    destructiveHint: null,
    verdict: null,
    executedAt: null,
    ...change,
  };
}

describe("risksOf", () => {
  it("is quiet about an ordinary tool and speaks of what may harm", () => {
    expect(risksOf(ticket({ destructiveHint: false }))).toEqual([]);
    expect(risksOf(ticket({ destructiveHint: true, tool: "get\u200B_user" }))).toHaveLength(2);
    expect(risksOf(ticket({ args: { path: ["/srv/\u202Etxt.exe"] } }))).toHaveLength(1);
    expect(risksOf(ticket({ args: { message: "Ready ✔️\nline two\t👩‍🚀" } }))).toEqual([]);
  });
});

describe("nextWaiting", () => {
  const list = [ticket({ id: "a" }), ticket({ id: "b", state: "expired" }), ticket({ id: "c" })];

  it("skips what is resolved and begins again at the top", () => {
    expect(nextWaiting(list, "a")?.id).toBe("c");
    expect(nextWaiting(list, "c")?.id).toBe("a");
    expect(nextWaiting(list.slice(0, 2), "a")).toBeUndefined();
  });
});
