import type { WireError } from "../../shared/errors.ts";
import type { Terminal } from "./terminal.ts";
import { inert } from "./text.ts";

/** What happened, and what to do about it. */
export function tellError(terminal: Terminal, { message, hint }: Pick<WireError, "message" | "hint">): void {
  terminal.say(inert(message, 2000));
  if (hint) terminal.say(inert(hint, 2000));
}
