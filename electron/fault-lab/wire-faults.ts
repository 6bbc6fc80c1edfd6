import { z } from "zod";
import type { LabState } from "./lab-state.ts";

/** Inputs of the tools that misbehave below the protocol, where a tool's handler could not. */
export const disconnectInput = z.object({
  afterMs: z
    .number()
    .int()
    .min(0)
    .max(60_000)
    .default(0)
    .describe("How long to seem to work before the connection drops, milliseconds."),
});
export const unavailableInput = z.object({
  retryAfterSeconds: z
    .number()
    .int()
    .min(0)
    .max(3_600)
    .default(2)
    .describe("What the Retry-After header asks for, seconds."),
});
export const errorInput = z.object({
  code: z.number().int().min(-32_768).max(-1).default(-32_000).describe("The JSON-RPC error code."),
  message: z.string().max(500).default("The fault lab was asked to fail.").describe("The error's message."),
});

export type WireFault =
  | { kind: "disconnect"; afterMs: number }
  | { kind: "unavailable"; retryAfterSeconds: number }
  | { kind: "error"; id: string | number; code: number; message: string };

const toolCall = z.object({
  id: z.union([z.string(), z.number()]),
  method: z.literal("tools/call"),
  params: z.object({ name: z.string(), arguments: z.unknown().optional() }),
});

/** Counts `message` if it is a call, and says how to misbehave if it asks for that. Arguments that do not fit are left to the tool. */
export function receiveOnWire(message: unknown, state: LabState): WireFault | null {
  const call = toolCall.safeParse(message);
  if (!call.success) return null;
  const { id, params } = call.data;
  state.countCall(params.name);
  const args = params.arguments ?? {};
  switch (params.name) {
    case "disconnect": {
      const input = disconnectInput.safeParse(args);
      return input.success ? { kind: "disconnect", ...input.data } : null;
    }
    case "unavailable": {
      const input = unavailableInput.safeParse(args);
      return input.success ? { kind: "unavailable", ...input.data } : null;
    }
    case "error": {
      const input = errorInput.safeParse(args);
      return input.success ? { kind: "error", id, ...input.data } : null;
    }
    default:
      return null;
  }
}

/** The answer to a call of `error`. */
export function errorAnswer({ id, code, message }: WireFault & { kind: "error" }) {
  return { jsonrpc: "2.0", id, error: { code, message, data: { from: "fault-lab" } } } as const;
}
