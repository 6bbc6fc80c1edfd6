import type { Client, PoolClient } from "pg";
import type { Row, Statements, Value } from "./statements.ts";

/** Waits until no other instance has its turn, and has it until the transaction ends. */
export async function takeTurn({ query }: Statements): Promise<void> {
  await query("SELECT pg_advisory_xact_lock(hashtext('switchgear.turn'))");
}

/** Runs `work` in a transaction of this connection's. */
export async function inTransaction<T>(
  client: Client | PoolClient,
  work: (statements: Statements) => Promise<T>,
): Promise<T> {
  await client.query("BEGIN");
  try {
    const query = async (sql: string, ...params: Value[]) => rowsOf(await client.query(sql, params.map(storable)));
    const value = await work({ query });
    await client.query("COMMIT");
    return value;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {});
    throw error;
  }
}

/** Several statements at once have no rows. */
export function rowsOf(result: { rows: unknown[] } | { rows: unknown[] }[]): Row[] {
  return (Array.isArray(result) ? [] : result.rows) as Row[];
}

/** PostgreSQL's text holds no NUL, so a NUL becomes its visible sign. */
export function storable(value: Value): Value {
  return typeof value === "string" && value.includes("\0") ? value.replaceAll("\0", "\u2400") : value;
}
