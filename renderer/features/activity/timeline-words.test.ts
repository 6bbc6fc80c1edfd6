import { describe, expect, it } from "vitest";
import type { TimelineStep } from "../../../shared/invocation.ts";
import { stepWords } from "./timeline-words.ts";

const at = 1_000;
const attempt = {
  kind: "attempt",
  at,
  number: 2,
  delayMs: 0,
  durationMs: 84,
  result: "answered",
  error: null,
  responseBytes: null,
} as const;
const verdict = { kind: "verdict", at, ticketId: "t", by: "console", reason: null, waitedMs: 65_000 } as const;
const transition = { at, server: "lab", tool: null, from: "closed", to: "open", invocationId: null } as const;

describe("stepWords", () => {
  it.each<[TimelineStep, string, string | null]>([
    [{ kind: "received", at, args: {}, argsBytes: 17 }, "Received", "17 B of arguments"],
    [{ kind: "decided", at, level: "ALWAYS", rule: "default", trace: [] }, "Decided: it may run", null],
    [{ kind: "decided", at, level: "NEVER", rule: "default", trace: [] }, "Decided: it may not run", null],
    [
      { kind: "waiting", at, ticketId: "t", expiresAt: at + 30 * 60_000 },
      "Waiting for a person",
      "They have 30 min to decide.",
    ],
    [{ ...verdict, state: "approved" }, "Approved by console", "After 1 min 5 s."],
    [{ ...verdict, state: "approved", by: "policy:auto" }, "Approved by the policy itself", null],
    [{ ...verdict, state: "interrupted" }, "Switchgear stopped while it waited", "It was never sent."],
    [{ ...attempt, responseBytes: 4_120 }, "Attempt 2: answered", "Took 84 ms, 4.1 kB."],
    [{ ...attempt, result: "failed", delayMs: 210 }, "Attempt 2: failed", "Sent after a pause of 210 ms. Took 84 ms."],
    [{ kind: "progress", at, progress: 3, total: 10, message: null }, "Progress 3 of 10", null],
    [
      { kind: "result", at, outcome: "outcome_unknown", result: null, truncated: false, error: null },
      "Outcome unknown",
      "It was sent, and no answer came.",
    ],
    [
      {
        kind: "circuit",
        at,
        transition: {
          ...transition,
          cause: { kind: "failures", count: 5, last: { code: "timeout", message: "" } },
        },
      },
      "Circuit of lab opened",
      "5 failures in a row.",
    ],
    [
      {
        kind: "circuit",
        at,
        transition: {
          ...transition,
          tool: "slow",
          to: "closed",
          cause: { kind: "operator", action: "reset", who: "console", why: "fixed" },
        },
      },
      "Circuit of slow on lab closed",
      "By console (reset): fixed",
    ],
  ])("says %j in words", (step, title, detail) => {
    expect(stepWords(step)).toMatchObject({ title, detail });
  });

  it("tells an approval that the policy gives by itself", () => {
    const trace = [{ step: "auto_approve", name: "auto", line: 4, outcome: "spoke", level: null, detail: "" }] as const;
    const step: TimelineStep = { kind: "decided", at, level: "REQUIRE_APPROVAL", rule: "default", trace: [...trace] };
    expect(stepWords(step).title).toBe("Decided: approved by the policy itself");
    expect(stepWords({ ...step, trace: [] }).title).toBe("Decided: a person must approve");
  });
});
