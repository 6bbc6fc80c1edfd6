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

/** Fills a new journal with `count` calls, one every ten seconds up to now. @returns how long that took, milliseconds */
export function seedLog(file: string, count: number): number {
  const startedAt = performance.now();
  const clock = createSystemClock();
  const { database } = openDatabase(file, clock);
  const now = clock.wallNow();
  for (let first = 1; first <= count; first += batch) {
    const last = Math.min(count, first + batch - 1);
    const texts: [number, string, string][] = [];
    database.write(() => {
      for (let seq = first; seq <= last; seq += 1) {
        const { row, steps } = makeCall(seq, now - (count - seq) * 10_000);
        database.run(
          `INSERT INTO invocations (seq, id, server, tool, client, environment, phase, outcome, error_code, level, rule,
             started_at, duration_ms, waited_ms, attempts, owner)
           VALUES (?, ?, ?, ?, ?, 'production', 'done', ?, ?, 'ALWAYS', ?, ?, ?, 0, 1, 'seed')`,
          ...[
            seq,
            row.id,
            row.server,
            row.tool,
            row.client,
            row.outcome,
            row.errorCode,
            row.rule,
            row.startedAt,
            row.durationMs,
          ],
        );
        database.run("INSERT INTO timelines (invocation, steps) VALUES (?, ?)", seq, JSON.stringify(steps));
        texts.push([seq, callNames(row), searchable(steps.map(stepText).join(" "))]);
      }
      for (const text of texts) database.run("INSERT INTO call_texts (rowid, names, text) VALUES (?, ?, ?)", ...text);
    });
  }
  database.close();
  return performance.now() - startedAt;
}

function makeCall(seq: number, at: number): { row: Invocation; steps: TimelineStep[] } {
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
