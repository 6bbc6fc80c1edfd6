import { extname, resolve } from "node:path";
import type { InvocationFilter, InvocationOutcome } from "../../../shared/invocation.ts";
import type { LogFormat } from "../../../shared/log-export.ts";
import { MCPClientError } from "../../core/errors.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { withCore, type CommandContext } from "../session.ts";
import { inert, table } from "../text.ts";

export type LogOptions = {
  server?: string;
  tool?: string;
  client?: string;
  outcome?: InvocationOutcome[];
  text?: string;
  since?: string;
  until?: string;
};
export type ListLogOptions = LogOptions & { limit: string; json: boolean };
export type ExportLogOptions = LogOptions & { format?: LogFormat };

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Lists the last calls, newest first. */
export async function listLog(context: CommandContext, options: ListLogOptions): Promise<ExitCode> {
  const { terminal } = context;
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > 500) {
    throw new MCPClientError("bad_request", "--limit takes a number from 1 to 500.", {
      hint: "For more, there is `switchgear log export`.",
    });
  }
  return withCore(context, async (core) => {
    const { rows } = await core.journal.list(filterOf(options, core.clock.wallNow()), null, limit);
    if (options.json) terminal.print(JSON.stringify(rows, null, 2));
    else {
      const lines = rows.map(({ startedAt, server, tool, client, outcome, phase, durationMs, id }) => [
        new Date(startedAt).toISOString(),
        inert(`${server}.${tool}`, 80),
        inert(client, 40),
        outcome ?? phase,
        durationMs === null ? "" : `${Math.round(durationMs)} ms`,
        inert(id, 40),
      ]);
      for (const line of table(lines)) terminal.print(line);
      if (rows.length === 0) terminal.say("The log has no such call.");
    }
    return exitCode.done;
  });
}

/** Writes the calls, newest first, with secrets masked. The format is the file's, unless it is named. */
export async function exportLog(
  context: CommandContext,
  file: string | undefined,
  options: ExportLogOptions,
): Promise<ExitCode> {
  const { terminal, signal } = context;
  const format = options.format ?? formatOf(file);
  return withCore(context, async (core) => {
    const asked = { filter: filterOf(options, core.clock.wallNow()), format };
    if (file === undefined) {
      for await (const line of core.exports.lines(asked, signal)) terminal.printForeign(line);
      return exitCode.done;
    }
    const path = resolve(file);
    const id = "log export";
    const stop = () => core.exports.cancel(id);
    signal.addEventListener("abort", stop, { once: true });
    const calls = await core.exports.toFile(id, path, asked).finally(() => signal.removeEventListener("abort", stop));
    terminal.say(`${calls === 1 ? "1 call" : `${calls} calls`} written to ${path}`);
    return exitCode.done;
  });
}

/** @throws MCPClientError `bad_request` */
function formatOf(file: string | undefined): "csv" | "jsonl" {
  const extension = file === undefined ? "" : extname(file).toLowerCase();
  if (extension === ".csv") return "csv";
  if (["", ".json", ".jsonl", ".ndjson"].includes(extension)) return "jsonl";
  throw new MCPClientError("bad_request", `${JSON.stringify(extension)} is no format of an export.`, {
    hint: "Name the file .csv or .jsonl, or say --format csv or --format jsonl.",
  });
}

function filterOf({ server, tool, client, outcome, text, since, until }: LogOptions, now: number): InvocationFilter {
  return {
    ...(server !== undefined && { server }),
    ...(tool !== undefined && { tool }),
    ...(client !== undefined && { client }),
    ...(outcome !== undefined && { outcomes: outcome }),
    ...(text !== undefined && { text: text.slice(0, 200) }),
    ...(since !== undefined && { from: moment(since, now) }),
    ...(until !== undefined && { to: moment(until, now) }),
  };
}

function moment(text: string, now: number): number {
  const [, count, unit] = /^(\d+)([mhd])$/.exec(text) ?? [];
  const at = unit ? now - Number(count) * unitMs[unit as keyof typeof unitMs] : Date.parse(text);
  if (!Number.isNaN(at)) return at;
  throw new MCPClientError("bad_request", `${JSON.stringify(text)} is no moment.`, {
    hint: "Write a date such as 2026-11-21 or 2026-11-21T18:00, or a while such as 15m, 2h or 7d.",
  });
}
