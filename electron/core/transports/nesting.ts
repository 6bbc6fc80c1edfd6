import type { JSONRPCMessage } from "@modelcontextprotocol/client";
import { MCPTransportError } from "../errors.ts";

/** How many arrays and objects of a message may stand in one another: whoever walks deeper data may run out of stack. */
const deepest = 500;

/** @param length of the message as text, where that is known: a short one cannot be deep. */
export function isNestedTooDeep(message: JSONRPCMessage, length = Infinity): boolean {
  return length > deepest && isDeeper(message, deepest);
}

export function nestedTooDeep(server: string): MCPTransportError {
  const text = `"${server}" answered with data that is nested in more than ${deepest} levels.`;
  return new MCPTransportError("payload_too_large", text, { sent: true, hint: "Ask for less, or for flatter data." });
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  const parts: unknown[] = Array.isArray(value) ? value : Object.values(value);
  return parts.some((part) => isDeeper(part, levels - 1));
}
