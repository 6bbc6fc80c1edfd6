/** What a ticket keeps of arguments: secrets in use are masked, as it is on disk; its hash is of the arguments themselves. */

import type { Ticket } from "../../../shared/approval.ts";
import { MCPClientError } from "../errors.ts";
import { canonicalJson, ticketHash } from "./ticket-hash.ts";
import type { Edit } from "./ticket-table.ts";

export type Redact = (value: unknown) => unknown;
type Asked = Pick<Ticket, "id" | "server" | "tool" | "args" | "hash" | "fingerprint">;

/** Whether the call holds more than its ticket does. */
export function isMasked({ server, tool, args, hash, fingerprint }: Asked): boolean {
  return ticketHash(server, tool, args, fingerprint) !== hash;
}

/**
 * What an approver made of the arguments; `null` where they are those that were asked for.
 * @throws MCPClientError `bad_request` where a secret is among them, before or after: nobody could put it back, or it would be kept
 */
export function editOf(asked: Asked, args: unknown, redact: Redact): Edit | null {
  const { id, server, tool, fingerprint } = asked;
  const argsJson = canonicalJson(args);
  if (argsJson === canonicalJson(asked.args)) return null;
  if (!isMasked(asked) && canonicalJson(redact(args)) === argsJson) {
    return { argsJson, hash: ticketHash(server, tool, args, fingerprint) };
  }
  throw new MCPClientError(
    "bad_request",
    "Arguments with a secret in them cannot be edited: a ticket does not keep it.",
    {
      hint: "Approve the call as it stands, or deny it and say what to call instead.",
      ticketId: id,
    },
  );
}
