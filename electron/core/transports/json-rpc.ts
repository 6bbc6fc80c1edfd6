import type { JSONRPCMessage, RequestId } from "@modelcontextprotocol/client";
import { knownJson, withMember } from "../known-json.ts";

/** What one frame holds: a message, an answer that is none although it carries a request's id, or something else. */
export type Frame =
  { kind: "message"; message: JSONRPCMessage } | { kind: "malformed"; id: RequestId } | { kind: "noise" };

const noise: Frame = { kind: "noise" };

/** Looks only at the envelope: whoever takes the message validates what is in it. */
export function readFrame(text: string): Frame {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return noise;
  }
  if (!isRecord(value)) return noise;
  const isAnswer = isRecord(value["result"]) ? value["error"] == null : isError(value["error"]);
  if (value["jsonrpc"] === "2.0" && (typeof value["method"] === "string" || isAnswer)) {
    return { kind: "message", message: value as JSONRPCMessage };
  }
  const id = value["id"];
  return typeof id === "number" || typeof id === "string" ? { kind: "malformed", id } : noise;
}

/** A message as it goes out: where the JSON of its arguments is known, it is not written again. */
export function textOf(message: JSONRPCMessage): string {
  const { params, ...rest } = message as { params?: Record<string, unknown> };
  const known = knownJson(params?.["arguments"]);
  if (known === undefined) return JSON.stringify(message);
  const { arguments: _known, ...others } = params!;
  return withMember(JSON.stringify(rest), "params", withMember(JSON.stringify(others), "arguments", known));
}

const idValue = String.raw`(-?\d+|"(?:[^"\\]|\\.)*")`;
const idFirst = new RegExp(String.raw`^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*${idValue}\s*,`);
const idLast = new RegExp(String.raw`[,{]\s*"id"\s*:\s*${idValue}\s*(?:,\s*"jsonrpc"\s*:\s*"2\.0"\s*)?\}\s*$`);

/**
 * The id of a message of which only the two ends are known. An id that opens the object or closes it can be no
 * other than the message's own; one in between is not looked for.
 */
export function idFromEnds(head: string, tail: string): RequestId | undefined {
  const found = idFirst.exec(head)?.[1] ?? idLast.exec(tail)?.[1];
  return found === undefined ? undefined : (JSON.parse(found) as RequestId);
}

function isError(value: unknown): boolean {
  return isRecord(value) && Number.isInteger(value["code"]) && typeof value["message"] === "string";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
