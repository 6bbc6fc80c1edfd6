import { z } from "zod";
import type { EventMessage } from "./contract.ts";
import type { Outcome } from "./errors.ts";

/** What the core asks of the browser around a page, as it would ask the desktop. */
export type PageAsk =
  /** `confirm`: after the person has seen the whole address. Answered by whether it was opened. */
  | { do: "open"; url: string; confirm: boolean }
  /** A file to read. Answered by its name and text; `null` where none was chosen. */
  | { do: "choose" }
  /** Fetches a file that was made, by a path below the console's. Answered by `true`. */
  | { do: "download"; path: string; name: string };

/** What the core sends to a page, a JSON text each. */
export type CoreFrame =
  | { kind: "welcome" }
  /** Sent when nothing else was for a while, so that the page knows that the line still stands. */
  | { kind: "beat" }
  /** The session ends after so many milliseconds, as nobody is there; `null`: not soon any more. */
  | { kind: "ending"; inMs: number | null }
  | { kind: "answer"; id: number; outcome: Outcome<unknown> }
  | { kind: "events"; events: readonly EventMessage[] }
  | { kind: "ask"; id: number; ask: PageAsk };

/** A file that a person chose in a browser. */
export const sentFileSchema = z.strictObject({ name: z.string().min(1).max(255), text: z.string() });

const id = z.number().int().nonnegative();

/** What a page sends to the core, a JSON text each; the first is `hello`. */
export const pageFrameSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("hello"), key: z.string().max(200) }),
  z.strictObject({ kind: z.literal("call"), id, name: z.string().max(100), input: z.unknown().optional() }),
  z.strictObject({ kind: z.literal("did"), id, result: z.unknown().optional() }),
  z.strictObject({ kind: z.literal("could-not"), id, why: z.string().max(1000) }),
  /** A person is there: they pressed a key, or moved a pointer. */
  z.strictObject({ kind: z.literal("here") }),
]);
export type PageFrame = z.input<typeof pageFrameSchema>;
