import { ProtocolError } from "@modelcontextprotocol/server";

/** How many one page of a list holds. */
const pageSize = 200;
/** JSON-RPC: invalid params. */
const invalidParams = -32_602;

/** One page of a list, and where the next begins. */
export type Page<T> = { items: T[]; nextCursor?: string };

/**
 * Those after the one that the cursor names; one that is gone meanwhile leaves its place.
 * @param all in the order of their names
 * @throws ProtocolError where the cursor is none of ours
 */
export function page<T>(all: readonly T[], nameOf: (item: T) => string, cursor: string | undefined): Page<T> {
  const after = cursor === undefined ? "" : Buffer.from(cursor, "base64url").toString();
  if (cursor !== undefined && after === "") throw new ProtocolError(invalidParams, "Invalid cursor");
  const rest = all.filter((item) => nameOf(item) > after);
  const items = rest.slice(0, pageSize);
  if (items.length === rest.length) return { items };
  return { items, nextCursor: Buffer.from(nameOf(items.at(-1)!)).toString("base64url") };
}
