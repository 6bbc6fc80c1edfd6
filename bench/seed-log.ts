/** A journal as a busy year leaves it: calls of many servers, with the words that people search for. */
import { openDatabase } from "../electron/core/journal/database.ts";
import { callNames, searchable, stepText } from "../electron/core/journal/call-text.ts";
import { createSystemClock } from "../electron/core/clock.ts";
import type { Invocation, TimelineStep } from "../shared/invocation.ts";

const batch = 5_000;
const servers = Array.from({ length: 20 }, (_, index) => `server-${index}`);
const tools = Array.from({ length: 15 }, (_, index) => `${["get", "list", "write"][index % 3]}_item_${index}`);
const clients = ["console", "claude-desktop", "cursor", "library"];
const ends = [
  ...new Array<Invocation["outcome"]>(16).fill("ok"),
  "tool_error",
  "timeout",
  "refused",
  "outcome_unknown",
] as const;
const words = "invoice customer report branch merge weather humidity payment folder release query review".split(" ");

/** A call that ended, and what happened to it. */
export type SeededCall = { row: Invocation; steps: TimelineStep[] };

/** Fills a new journal with `count` calls, one every ten seconds up to now. @returns how long that took, milliseconds */
export function seedLog(file: string, count: number): number {
  const startedAt = performance.now();
  const now = createSystemClock().wallNow();
  seedCalls(
    file,
    (function* () {
      for (let seq = 1; seq <= count; seq += 1) yield makeCall(seq, now - (count - seq) * 10_000);
    })(),
  );
  return performance.now() - startedAt;
}

/** Fills a new journal with the calls, oldest first. */
export function seedCalls(file: string, calls: Iterable<SeededCall>): void {
  const { database } = openDatabase(file, createSystemClock());
  let seq = 0;
  let pending: SeededCall[] = [];
  const flush = () => {
    database.write(() => {
      for (const { row, steps } of pending) {
        seq += 1;
        database.run(
          `INSERT INTO invocations (seq, id, server, tool, client, environment, phase, outcome, error_code, level, rule,
             started_at, duration_ms, waited_ms, attempts, owner)
           VALUES (?, ?, ?, ?, ?, ?, 'done', ?, ?, ?, ?, ?, ?, ?, ?, 'seed')`,
          ...[seq, row.id, row.server, row.tool, row.client, row.environment],
          ...[row.outcome, row.errorCode, row.level, row.rule],
          ...[row.startedAt, row.durationMs, row.waitedMs, row.attempts],
        );
        database.run("INSERT INTO timelines (invocation, steps) VALUES (?, ?)", seq, JSON.stringify(steps));
        const text = searchable(steps.map(stepText).join(" "));
        database.run("INSERT INTO call_texts (rowid, names, text) VALUES (?, ?, ?)", seq, callNames(row), text);
      }
    });
    pending = [];
  };
  for (const call of calls) {
    pending.push(call);
    if (pending.length === batch) flush();
  }
  flush();
  database.close();
}

function makeCall(seq: number, at: number): SeededCall {
  const of = <T>(list: readonly T[], step: number): T => list[Math.floor(seq / step) % list.length]!;
  const outcome = of(ends, 1);
  const [server, tool] = [of(servers, 3), of(tools, 7)];
  const error =
    outcome === "ok" || outcome === null ? null : { code: "timeout" as const, message: "No answer in time" };
  const row: Invocation = {
    ...{ id: `seed-${seq}`, server, tool, client: of(clients, 5), environment: "production", phase: "done", outcome },
    ...{ errorCode: error?.code ?? null, level: "ALWAYS", rule: `tools ${server}.*`, startedAt: at },
    ...{ durationMs: 3 + (seq % 900), waitedMs: 0, attempts: 1 },
  };
  const text = `The ${of(words, 1)} of ${of(words, 11)} number ${seq}`;
  return {
    row,
    steps: [
      { kind: "received", at, args: { path: `/srv/${of(words, 2)}/${seq}.txt`, limit: seq % 100 }, argsBytes: 40 },
      { kind: "decided", at, level: "ALWAYS", rule: row.rule!, trace: [] },
      {
        ...{ kind: "attempt", at: at + 3, number: 1, delayMs: 0, durationMs: 3, result: "answered" },
        ...{ error: null, responseBytes: 60 },
      },
      {
        ...{ kind: "result", at: at + 3, outcome: outcome ?? "ok", truncated: false, error },
        result: error ? null : { content: [{ type: "text", text }] },
      },
    ],
  };
}
