import { z } from "zod";
import { circuitTransitionSchema, type CircuitKind, type CircuitTransition } from "../../../shared/circuit.ts";

/** What an instance asks of a circuit; `op` says what to do, the rest what it knows, in case others know less. */
export type Ask = Operation & {
  instance: string;
  /** What it last heard; a new era, at version 0, where it has heard nothing. */
  era: string;
  generation: number;
  version: number;
  /** Whether its own memory has moved since then. */
  diverged: boolean;
  mine: { kind: CircuitKind; failures: number; openMs: number; cause?: string | undefined };
};

export type Operation =
  | { op: "look"; timeoutMs: number }
  | { op: "admit"; timeoutMs: number; places: number; lease: string; leaseMs: number }
  | { op: "renew"; leases: readonly string[]; leaseMs: number }
  | { op: "move"; kind: CircuitKind; detail: string }
  | {
      op: "settle";
      verdict: string;
      lease: string | undefined;
      failureThreshold: number;
      successThreshold: number;
      call: string | null;
      detail: string | undefined;
    };

const snapshotSchema = z.object({
  key: z.string(),
  /** Names one history of the circuit: another one means that Redis has lost it meanwhile. */
  era: z.string(),
  /** Counts transitions: a result moves only the generation that admitted its call. */
  generation: z.number(),
  /** Counts changes. */
  version: z.number(),
  kind: z.enum(["closed", "open", "half-open"]),
  failures: z.number(),
  successes: z.number(),
  inFlight: z.number(),
  /** For how long it has been open. */
  openMs: z.number(),
  /** When the next probe under way must have shown that its process lives; 0 where there is none. */
  leaseMs: z.number(),
  /** Whether the asker got a place of those that HALF_OPEN has. */
  granted: z.boolean(),
  last: z.string().optional(),
});

const lastSchema = z.object({
  at: z.number(),
  how: z.string(),
  count: z.number(),
  detail: z.string().optional(),
  call: z.string().nullish(),
  instance: z.string(),
});

/** The transition that led to a state: its cause, and which instance it happened in. */
export type LastMove = Pick<CircuitTransition, "at" | "cause" | "invocationId"> & { instance: string };
export type Snapshot = Omit<z.infer<typeof snapshotSchema>, "last"> & { last: LastMove | undefined };

/** Reads what the script answers. @throws where it is not that. */
export function parseSnapshot(text: unknown): Snapshot {
  const { last, ...rest } = snapshotSchema.parse(JSON.parse(String(text)));
  return { ...rest, last: last === undefined ? undefined : parseLast(last) };
}

function parseLast(text: string): LastMove {
  const { at, how, count, detail = "null", call = null, instance } = lastSchema.parse(JSON.parse(text));
  const said: unknown = JSON.parse(detail);
  // Each cause takes of these what it has.
  const cause = how === "told" ? said : { kind: how, count, last: said, error: said };
  return { at, cause: circuitTransitionSchema.shape.cause.parse(cause), invocationId: call, instance };
}
