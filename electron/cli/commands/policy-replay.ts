import { resolve } from "node:path";
import type { ReplayChange } from "../../../shared/replay.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { readTextFile } from "../read-text-file.ts";
import { withCore, type CommandContext } from "../session.ts";
import { inert, problemLine, table } from "../text.ts";

export type ReplayOptions = { days: number; json: boolean };

const dayMs = 86_400_000;

/** Tells what a draft of the policy would have decided otherwise of the calls in the journal. Nothing is connected or sent. */
export async function replayPolicy(context: CommandContext, file: string, options: ReplayOptions): Promise<ExitCode> {
  const { terminal } = context;
  const path = resolve(file);
  const text = readTextFile(path);
  const report = await withCore(context, (core) => {
    const now = core.clock.wallNow();
    return core.whatIf.replay(text, now - options.days * dayMs, now);
  });
  if (options.json) terminal.print(JSON.stringify(report, null, 2));
  if (!report.ok) {
    for (const problem of report.problems) terminal.say(problemLine({ file: path, ...problem }));
    return exitCode.badUsage;
  }
  if (options.json) return exitCode.done;
  const { calls, changed, unjudged, notByPolicy, changes, tookMs } = report;
  for (const line of table(changes.map((change) => describe(path, change)))) terminal.print(line);
  terminal.print(`${changed} of ${calls} calls would be decided otherwise (read in ${Math.round(tookMs)} ms).`);
  if (unjudged > 0) terminal.print(`${unjudged} cannot be judged: their arguments were not kept whole.`);
  if (notByPolicy > 0) terminal.print(`${notByPolicy} were decided by no policy.`);
  return exitCode.done;
}

function describe(path: string, { server, tool, client, environment, was, becomes, calls }: ReplayChange): string[] {
  const place = becomes.line === null ? "" : ` (${path}:${becomes.line})`;
  return [
    `${calls} ×`,
    inert(`${server}.${tool}`, 60),
    `by ${inert(client, 40)} in ${inert(environment, 40)}`,
    `${was.level} → ${becomes.level}`,
    `${inert(becomes.rule, 60)}${place}`,
  ];
}
