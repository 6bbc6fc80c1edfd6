import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { timelineStepSchema, type TimelineStep } from "../../../shared/invocation.ts";
import { maxStepLength, toStoredStep } from "./stored-step.ts";
import { truncate } from "./truncate.ts";

const store = (step: TimelineStep, redact = (value: unknown) => value) => {
  const stored = toStoredStep(step, redact).json;
  expect(stored.length).toBeLessThanOrEqual(maxStepLength);
  const read = timelineStepSchema.parse(JSON.parse(stored));
  expect(read).toMatchObject({ kind: step.kind, at: step.at });
  return read;
};
const withheld = (step: TimelineStep) =>
  timelineStepSchema.parse(JSON.parse(toStoredStep(step, (value) => value, false).json));
const received = (args: unknown): TimelineStep => ({ kind: "received", at: 1, args, argsBytes: 0 });
const result = (content: { type: string }[], rest: object = {}): TimelineStep => ({
  kind: "result",
  at: 1,
  outcome: "ok",
  result: { ...rest, content },
  truncated: false,
  error: null,
});

describe("a stored step", () => {
  it("keeps a small value whole and measures the arguments in bytes", () => {
    expect(store(received({ name: "é" }))).toEqual({ kind: "received", at: 1, args: { name: "é" }, argsBytes: 13 });
  });

  it("is redacted before anything else", () => {
    const mask = (value: unknown) => JSON.parse(JSON.stringify(value).replaceAll("hunter2", "•••"));
    expect(JSON.stringify(store(received({ a: "hunter2" }), mask))).not.toContain("hunter2");
  });

  it("cuts a long result and says so, its shape intact", () => {
    const text = "x".repeat(1_000_000);
    const cut = store(result([{ type: "text", text } as never], { structuredContent: { text }, isError: true }));
    expect(cut).toMatchObject({ truncated: true, result: { isError: true, content: [{ type: "text" }] } });
    expect(JSON.stringify(cut)).toContain("more characters)");
  });

  it("keeps the hash of the whole where its copy is cut", () => {
    const step = result([{ type: "text", text: "x".repeat(1_000_000) } as never]);
    const sha256 = createHash("sha256").update(JSON.stringify(step)).digest("hex");
    expect(store(step)).toMatchObject({ truncated: true, sha256 });
    expect(store(result([]))).not.toHaveProperty("sha256");
  });

  it("is the step without its payload where payloads are not to be kept", () => {
    expect(withheld(received({ secret: 1 }))).toEqual({
      ...{ kind: "received", at: 1, args: null, argsBytes: 12, withheld: true },
    });
    expect(withheld(result([{ type: "text" }]))).toMatchObject({ outcome: "ok", result: null, withheld: true });
    const progress: TimelineStep = { kind: "progress", at: 1, progress: 1, total: null, message: "row of Ana" };
    expect(withheld(progress)).toMatchObject({ progress: 1, message: null });
    const line: TimelineStep = { kind: "log", at: 1, level: "info", logger: null, text: "row of Ana" };
    expect(withheld(line)).toMatchObject({ level: "info", text: "" });
    const decided: TimelineStep = { kind: "decided", at: 1, level: "ALWAYS", rule: "default", trace: [] };
    expect(withheld(decided)).toEqual(decided);
  });

  it("cuts long arguments and says so", () => {
    expect(store(received({ list: Array.from({ length: 100_000 }, (_, n) => ({ n })) }))).toMatchObject({
      truncated: true,
    });
  });

  it("cuts what JSON makes longer than it was", () => {
    const cut = store(received({ text: "\u0001".repeat(1_000_000), short: "\u0001" }));
    expect(cut).toMatchObject({
      truncated: true,
      args: { short: "\u0001", text: expect.stringContaining("more characters") },
    });
  });

  it("keeps the members that fill long errors small", () => {
    const step: TimelineStep = {
      kind: "refused",
      at: 1,
      error: { code: "internal", message: "m".repeat(1_000_000), hint: "h" },
    };
    expect(store(step)).toMatchObject({ error: { code: "internal", hint: "h" } });
  });

  it("drops a value that stays too large however it is cut", () => {
    const wide = (depth: number): unknown =>
      Object.fromEntries(
        Array.from({ length: 32 }, (_, n) => [`${n}`.padEnd(300, "\u0001"), depth === 0 ? n : wide(depth - 1)]),
      );
    expect(store(received(wide(2)))).toMatchObject({ truncated: true, args: "not recorded: too large" });
  });

  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  const fails = () => {
    throw new Error("no redaction");
  };
  const error = { code: "internal", message: "secret" } as const;
  const failing: TimelineStep[] = [
    received({ secret: 1 }),
    { kind: "decided", at: 1, level: "ALWAYS", rule: "r", trace: [] },
    { kind: "refused", at: 1, error },
    { kind: "waiting", at: 1, ticketId: "t", expiresAt: 2 },
    { kind: "verdict", at: 1, ticketId: "t", state: "denied", by: "b", reason: "secret", waitedMs: 1 },
    { kind: "attempt", at: 1, number: 1, delayMs: 0, durationMs: 1, result: "failed", error, responseBytes: null },
    { kind: "attempt", at: 1, number: 1, delayMs: 0, durationMs: 1, result: "answered", error: null, responseBytes: 1 },
    { kind: "progress", at: 1, progress: 1, total: null, message: "secret" },
    { ...result([{ type: "text" }]), error } as TimelineStep,
    { ...result([]), result: null } as TimelineStep,
  ];

  it.each(failing)("without its payload stays on record where redaction fails: $kind", (step) => {
    expect(JSON.stringify(store(step, fails))).not.toContain("secret");
  });

  it("stays on record where its value is no JSON", () => {
    expect(store(received(cyclic))).toMatchObject({ truncated: true, args: expect.stringContaining("not recorded") });
    expect(store(received({ toJSON: () => Promise.reject.call(1) }))).toMatchObject({ truncated: true });
  });
});

describe("cutting", () => {
  it("keeps small members before long ones, lists before objects", () => {
    const cut = truncate(
      { o: { deep: "d".repeat(50) }, list: ["l".repeat(50)], long: "t".repeat(20), n: 1, s: "ok" },
      90,
    );
    expect(cut).toMatchObject({
      n: 1,
      s: "ok",
      long: "t".repeat(20),
      list: [expect.stringContaining("more characters")],
      o: {},
    });
  });

  it("bounds keys, members and depth", () => {
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`${n}`.padEnd(300, "k"), n]));
    expect(Object.keys(truncate(many, 1000) as object).length).toBeLessThanOrEqual(32);
    let deep: unknown = "end";
    for (let n = 0; n < 200; n += 1) deep = [deep];
    expect(JSON.stringify(truncate({ deep }, 10_000))).not.toContain("end");
    expect(truncate([1, 2, 3, [4]], 12)).toEqual([1, 2]);
  });

  it("keeps a member called __proto__ a member", () => {
    expect(JSON.stringify(truncate(JSON.parse('{"__proto__":{"a":1}}'), 1000))).toBe('{"__proto__":{"a":1}}');
  });
});
