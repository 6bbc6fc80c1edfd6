import { randomUUID } from "node:crypto";
import type { CallReport } from "../../../shared/call.ts";
import type { WireError } from "../../../shared/errors.ts";
import type { ToolResult } from "../../../shared/tool.ts";
import type { Core } from "../../core/core.ts";
import type { CallHooks } from "../../core/invoke.ts";
import type { Answer } from "../../core/offer-methods.ts";
import type { Progress } from "../../core/servers/session-call.ts";
import { answerQuestions } from "../answer-questions.ts";
import { answerTickets, operator } from "../answer-tickets.ts";
import { parseArguments } from "../call-arguments.ts";
import { exitCode, exitCodeFor, type ExitCode } from "../exit-code.ts";
import { withCore, type CommandContext } from "../session.ts";
import { tellError } from "../tell-error.ts";
import type { Terminal } from "../terminal.ts";
import { inert } from "../text.ts";

export type CallOptions = PathOptions & {
  /** The arguments, as JSON text. */
  args: string;
};

/** What is said of any request down the path. */
export type PathOptions = {
  /** Approve without asking. */
  yes: boolean;
  /** How long a person may take, milliseconds; the policy's own bound where it is shorter. */
  approvalTimeout: number | undefined;
  json: boolean;
};

/** Calls a tool. */
export async function callTool(
  context: CommandContext,
  server: string,
  tool: string,
  options: CallOptions,
): Promise<ExitCode> {
  const args = parseArguments(options.args);
  const input = answerQuestions(context.terminal, server, !options.json);
  const ask: Ask<ToolResult> = (core, by, hooks) => core.report({ ...by, server, tool, args }, { ...hooks, input });
  return requestDownPath(context, options, ask, printResult);
}

type Report<R> = Pick<CallReport, "invocation" | "error"> & { result: R | null };
/** Makes the request, under the id and the name that it is given. */
export type Ask<R> = (core: Core, by: { id: string; client: string }, hooks: CallHooks) => Promise<Report<R>>;

/** Makes one request down the whole path, asking on the terminal where the policy asks for a person. */
export async function requestDownPath<R extends Answer>(
  context: CommandContext,
  options: PathOptions,
  ask: Ask<R>,
  print: (terminal: Terminal, result: R) => void,
): Promise<ExitCode> {
  const { terminal, signal } = context;
  return withCore(context, async (core) => {
    const id = randomUUID();
    using _answers = answerTickets(context, core, id, options.yes);
    const report = await ask(
      core,
      { id, client: operator },
      {
        signal,
        approvalTimeoutMs: options.approvalTimeout,
        onProgress: (progress) => terminal.say(describe(progress)),
        onLog: ({ level, text }) => terminal.say(inert(`${level}: ${text}`, 2000)),
      },
    );
    if (options.json) terminal.print(JSON.stringify(report, null, 2));
    else {
      if (report.result) print(terminal, report.result);
      if (report.error) tellFailure(terminal, core, report.invocation.server, report.error);
    }
    return codeFor(report);
  });
}

function codeFor({ invocation, result, error }: Report<Answer>): ExitCode {
  if (!error) return result?.isError ? exitCode.toolError : exitCode.done;
  // An answer that is too large is the server's fault, arguments that are too large the caller's: the code is the same.
  return invocation.outcome === "transport_error" ? exitCode.transport : exitCodeFor(error.code);
}

function tellFailure(terminal: Terminal, core: Core, server: string, error: WireError): void {
  tellError(terminal, error);
  const cause = error.code === "circuit_open" ? whyOpen(core, server) : undefined;
  if (cause !== undefined) terminal.say(inert(`It opened because: ${cause}`, 2000));
}

/** The failure that opened the server's circuit, or that of one of its tools: here it was a moment ago, in this very call. */
function whyOpen({ circuits }: Core, server: string): string | undefined {
  const causes = circuits.list().flatMap(({ server: owner, transitions: [latest] }) => {
    if (owner !== server || latest?.to !== "open") return [];
    if (latest.cause.kind === "failures") return [latest.cause.last.message];
    return latest.cause.kind === "probe-failed" ? [latest.cause.error.message] : [];
  });
  return causes[0];
}

function printResult(terminal: Terminal, { content, structuredContent }: ToolResult): void {
  for (const block of content) {
    terminal.printForeign(block.type === "text" && typeof block.text === "string" ? block.text : JSON.stringify(block));
  }
  if (content.length === 0 && structuredContent !== undefined) {
    terminal.printForeign(JSON.stringify(structuredContent, null, 2));
  }
}

function describe({ progress, total, message }: Progress): string {
  return `${progress}${total === null ? "" : `/${total}`}${message ? ` ${inert(message)}` : ""}`;
}
