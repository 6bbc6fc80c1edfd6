import { describe, expect, it } from "vitest";
import type { Ticket } from "../../../shared/approval.ts";
import { isGrantable, risksOf } from "./ticket-words.ts";
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
    escalatedAt: null,
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

it("marks what no approved call of the tool had", () => {
  const unusual = [{ kind: "shape", path: "force" } as const, { kind: "place", path: "path" } as const];
  expect(risksOf(ticket({ unusual }))).toEqual([
    "“force”: no approved call of this tool had such an argument.",
    "“path” leads outside of where approved calls of this tool went.",
  ]);
});

it("offers no grant where a person is asked each time", () => {
  const step = { name: "", line: null, outcome: "raised", level: "REQUIRE_APPROVAL", detail: "" } as const;
  expect(isGrantable(ticket({ trace: [{ ...step, step: "default" }] }))).toBe(true);
  expect(isGrantable(ticket({ trace: [{ ...step, step: "floor", level: null }] }))).toBe(true);
  for (const asks of ["floor", "caller"] as const) {
    expect(isGrantable(ticket({ trace: [{ ...step, step: asks }] }))).toBe(false);
  }
});

describe("nextWaiting", () => {
  const list = [ticket({ id: "a" }), ticket({ id: "b", state: "expired" }), ticket({ id: "c" })];

  it("skips what is resolved and begins again at the top", () => {
    expect(nextWaiting(list, "a")?.id).toBe("c");
    expect(nextWaiting(list, "c")?.id).toBe("a");
    expect(nextWaiting(list.slice(0, 2), "a")).toBeUndefined();
  });
});
