import { z } from "zod";
import type { InvocationFilter } from "../../../shared/invocation.ts";
import { MCPClientError } from "../errors.ts";
import { matchExpression } from "./call-text.ts";
import type { SqlValue } from "./sql-database.ts";

/** Which rows a filter asks for: what stands behind FROM, WHERE and ORDER BY. */
export type Selection = { from: string; where: string; params: SqlValue[]; order: string };
/** Where a page ended: its last row's place in the order (startedAt, id), newest first. */
export type Position = { startedAt: number; id: string };

const positionSchema = z.tuple([z.number(), z.string()]);

/**
 * The rows that the filter asks for, newest first, after a position where one is given. Where words are looked for, the index leads and
 * the order is that in which calls were first recorded, so that a page takes as long as it is, however many calls hold the words.
 */
export function selection(filter: InvocationFilter, after: Position | null): Selection {
  const parts: string[] = [];
  const params: SqlValue[] = [];
  const add = (sql: string, ...values: SqlValue[]) => {
    parts.push(sql);
    params.push(...values);
  };
  const { server, tool, client, level, outcomes, from, to } = filter;
  const match = matchExpression(filter);
  if (match !== null) add("call_texts MATCH ?", match);
  if (server !== undefined) add("server = ?", server);
  if (tool !== undefined) add("tool = ?", tool);
  if (client !== undefined) add("client = ?", client);
  if (level !== undefined) add("level = ?", level);
  if (outcomes !== undefined) add("outcome IN (SELECT value FROM json_each(?))", JSON.stringify(outcomes));
  if (from !== undefined) add("started_at >= ?", from);
  if (to !== undefined) add("started_at <= ?", to);
  if (match === null) {
    if (after) add("(started_at, id) < (?, ?)", after.startedAt, after.id);
    return { from: "invocations", where: parts.join(" AND ") || "TRUE", params, order: "started_at DESC, id DESC" };
  }
  if (after) add("call_texts.rowid < (SELECT seq FROM invocations WHERE id = ?)", after.id);
  // Without these the words of a year would be looked through for one hour of it.
  if (from !== undefined) add("call_texts.rowid >= (SELECT min(seq) FROM invocations WHERE started_at >= ?)", from);
  if (to !== undefined) add("call_texts.rowid <= (SELECT max(seq) FROM invocations WHERE started_at <= ?)", to);
  return {
    from: "call_texts CROSS JOIN invocations ON invocations.seq = call_texts.rowid",
    ...{ where: parts.join(" AND "), params, order: "call_texts.rowid DESC" },
  };
}

export function toCursor({ startedAt, id }: Position): string {
  return Buffer.from(JSON.stringify([startedAt, id])).toString("base64url");
}

/** @throws MCPClientError `bad_request` where the cursor is not one of ours */
export function fromCursor(cursor: string): Position {
  try {
    const [startedAt, id] = positionSchema.parse(JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")));
    return { startedAt, id };
  } catch (cause) {
    throw new MCPClientError("bad_request", "The cursor is not one that a page of the log gave.", {
      hint: "Hand back `next` of the page before, unchanged, or begin without one.",
      cause,
    });
  }
}
