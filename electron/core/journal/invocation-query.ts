import { z } from "zod";
import type { InvocationFilter } from "../../../shared/invocation.ts";
import { MCPClientError } from "../errors.ts";
import type { SqlValue } from "./sql-database.ts";

export type Condition = { sql: string; params: SqlValue[] };
/** Where a page ended: its last row's place in the order (startedAt, id), newest first. */
export type Position = { startedAt: number; id: string };

const positionSchema = z.tuple([z.number(), z.string()]);

/** The rows that the filter asks for, after a position where one is given. */
export function invocationCondition(filter: InvocationFilter, after: Position | null): Condition {
  const parts: string[] = [];
  const params: SqlValue[] = [];
  const add = (sql: string, ...values: SqlValue[]) => {
    parts.push(sql);
    params.push(...values);
  };
  if (filter.server !== undefined) add("server = ?", filter.server);
  if (filter.tool !== undefined) add("tool = ?", filter.tool);
  if (filter.client !== undefined) add("client = ?", filter.client);
  if (filter.level !== undefined) add("level = ?", filter.level);
  if (filter.outcomes !== undefined)
    add("outcome IN (SELECT value FROM json_each(?))", JSON.stringify(filter.outcomes));
  if (filter.from !== undefined) add("started_at >= ?", filter.from);
  if (filter.to !== undefined) add("started_at <= ?", filter.to);
  if (filter.text) {
    const text = filter.text.toLowerCase();
    const columns = ["server", "tool", "rule", "error_code"];
    add(`(${columns.map((column) => `instr(lower(${column}), ?) > 0`).join(" OR ")})`, ...columns.map(() => text));
  }
  if (after) add("(started_at, id) < (?, ?)", after.startedAt, after.id);
  return { sql: parts.length === 0 ? "TRUE" : parts.join(" AND "), params };
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
