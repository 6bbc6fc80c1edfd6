import { z } from "zod";

/** What a server may ask of its client in the middle of a call. */
export const inputMethodSchema = z.enum(["elicitation/create", "sampling/createMessage", "roots/list"]);
export type InputMethod = z.infer<typeof inputMethodSchema>;

/** How such a request ended: the first three are the answer of whoever was asked. */
export const inputOutcomeSchema = z.enum(["answered", "declined", "dismissed", "refused", "withdrawn", "expired"]);
export type InputOutcome = z.infer<typeof inputOutcomeSchema>;

/** One request of a server's, its parameters as they came. */
export type InputRequest = {
  method: InputMethod;
  params: Record<string, unknown>;
  /** What a server of the newer line calls it among those of the same call. */
  key?: string | undefined;
};

/** The result that the protocol has for it. */
export type InputResponse = Record<string, unknown>;

/** Which of them somebody can answer, as a client declares it (`ClientCapabilities` of the protocol). */
export type InputCapabilities = {
  elicitation?: { form?: object; url?: object };
  sampling?: { tools?: object; context?: object };
  roots?: object;
};
