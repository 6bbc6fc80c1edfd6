import { hash } from "node:crypto";
import type { TimelineStep } from "../../../shared/invocation.ts";
import { jsonOf, knownJson, withMember } from "../known-json.ts";
import { stepText } from "./call-text.ts";
import { truncate } from "./truncate.ts";

/** A step as the database keeps it: bounded, and no longer referring to the caller's values. */
export type StoredStep = {
  json: string;
  /** The words that the call is found by, masked like the rest. */
  text: string;
};

/** UTF-16 units that one step may take, as JSON. */
export const maxStepLength = 262_144;

/**
 * Redacts, cuts to `maxStepLength` and serialises. Never throws: what cannot be redacted or written as JSON is replaced by the reason,
 * so that the rest of the record stays.
 */
export function toStoredStep(step: TimelineStep, redact: (value: unknown) => unknown, keepsPayload = true): StoredStep {
  try {
    const whole = step.kind === "received" ? measured(step) : step;
    const redacted = redact(keepsPayload ? whole : dropPayload(whole)) as TimelineStep;
    const body = textOf(redacted);
    if (body.length <= maxStepLength) return { json: body, text: stepText(redacted) };
    const shorter = JSON.stringify(marked(truncate(redacted, maxStepLength / 2) as TimelineStep, hashOf(body)));
    if (shorter.length <= maxStepLength) return { json: shorter, text: stepText(redacted) };
    return unrecorded(step, "not recorded: too large");
  } catch (error) {
    return unrecorded(step, `not recorded: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function unrecorded(step: TimelineStep, reason: string): StoredStep {
  return { json: JSON.stringify(withoutPayload(step, reason)), text: "" };
}

/** As JSON; a payload in which nothing was masked is the caller's own, and its text may be known. */
function textOf(step: TimelineStep): string {
  const key = step.kind === "received" ? "args" : "result";
  const { [key]: payload, ...rest } = step as Record<string, unknown>;
  const known = knownJson(payload);
  return known === undefined ? JSON.stringify(step) : withMember(JSON.stringify(rest), key, known);
}

function measured(step: Extract<TimelineStep, { kind: "received" }>): TimelineStep {
  return { ...step, argsBytes: Buffer.byteLength(jsonOf(step.args as object)) };
}

/** What the policy's `log_all_invocations: false` leaves of a step: that it happened, and how it ended. */
function dropPayload(step: TimelineStep): TimelineStep {
  switch (step.kind) {
    case "received":
      return { ...step, args: null, withheld: true };
    case "result":
      return { ...step, result: null, withheld: true };
    case "progress":
    case "task":
      return { ...step, message: null };
    case "log":
      return { ...step, text: "" };
    case "input":
      return { ...step, asked: null, answer: null, withheld: true };
    default:
      return step;
  }
}

/** What the whole was, for one who has it from elsewhere. */
function hashOf(body: string): string {
  return hash("sha256", body);
}

function withoutPayload(step: TimelineStep, reason: string): TimelineStep {
  switch (step.kind) {
    case "received":
      return marked({ ...step, args: reason });
    case "decided":
      return { ...step, trace: [] };
    case "refused":
      return { ...step, error: { code: step.error.code, message: reason } };
    case "attempt":
      return { ...step, error: step.error && { code: step.error.code, message: reason } };
    case "progress":
    case "task":
      return { ...step, message: reason };
    case "log":
      return { ...step, text: reason };
    case "input":
      return marked({ ...step, asked: reason, answer: null });
    case "verdict":
      return { ...step, reason, ...(step.edited && { edited: { ...step.edited, from: null, to: null } }) };
    case "result":
      return marked({
        ...step,
        result: step.result && { content: [{ type: "text", text: reason }] },
        error: step.error && { code: step.error.code, message: reason },
      });
    case "waiting":
    case "circuit":
      return step;
  }
}

function marked(step: TimelineStep, sha256?: string): TimelineStep {
  if (step.kind !== "received" && step.kind !== "result" && step.kind !== "input") return step;
  return { ...step, truncated: true, ...(sha256 !== undefined && { sha256 }) };
}
