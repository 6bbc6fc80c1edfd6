import { describe, expect, it } from "vitest";
import type { InvocationDetail, TimelineStep } from "../../../shared/invocation.ts";
import { storyOf } from "./call-story.ts";

const call = (...timeline: TimelineStep[]) => ({ timeline }) as unknown as InvocationDetail;
const received: TimelineStep = { kind: "received", at: 0, args: { city: "Oslo" }, argsBytes: 10 };

describe("what calls are compared by", () => {
  it("is what was sent and every part of the answer", () => {
    const image = { type: "image" as const, data: "QUJD", mimeType: "image/png" };
    const result: TimelineStep = {
      ...{ kind: "result", at: 1, outcome: "ok", truncated: false, error: null },
      result: {
        content: [{ type: "text", text: "one" }, image, { type: "text", text: "two" }],
        structuredContent: { degrees: 4 },
      },
    };
    expect(storyOf(call(received, result))).toEqual({
      ...{ args: { city: "Oslo" }, text: "one\ntwo", rest: [image], structured: { degrees: 4 } },
    });
  });

  it("is what an approver made of the arguments, where one changed them", () => {
    const verdict: TimelineStep = {
      ...{ kind: "verdict", at: 1, ticketId: "t", state: "approved", by: "ana", reason: null, waitedMs: 1 },
      edited: { from: { city: "Oslo" }, to: { city: "Bergen" }, hash: "h" },
    };
    expect(storyOf(call(received, verdict))).toEqual({ args: { city: "Bergen" } });
  });

  it("is the error of a call that was not answered", () => {
    const error = { code: "timeout" as const, message: "No answer" };
    const result: TimelineStep = { kind: "result", at: 1, outcome: "timeout", truncated: false, result: null, error };
    expect(storyOf(call(received, result))).toEqual({ args: { city: "Oslo" }, error });
  });
});
