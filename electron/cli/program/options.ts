import type { ExitCode } from "../exit-code.ts";
import type { CommandContext } from "../session.ts";

/** Runs one command and remembers what to tell the shell. */
export type Run = (options: { json: boolean }, work: (context: CommandContext) => Promise<ExitCode>) => Promise<void>;

export const jsonOption = ["--json", "print JSON, for programs"] as const;
export const argsOption = ["--args <json>", "the arguments, a JSON object", "{}"] as const;
