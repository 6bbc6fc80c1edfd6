import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { MCPRefusedError } from "../errors.ts";

/**
 * What an approval is for, as SHA-256, hex, of the canonical JSON of [server, tool, args, fingerprint].
 * @param fingerprint the tool's definition, as `pins` names it; a changed one is another call
 * @throws as `canonicalJson`
 */
export function ticketHash(server: string, tool: string, args: unknown, fingerprint: string): string {
  return createHash("sha256")
    .update(canonicalJson([server, tool, args, fingerprint]))
    .digest("hex");
}

/**
 * The one text that stands for a value (RFC 8785), for what would go over the wire: members that are `undefined` are left out and -0
 * is 0, as in JSON.
 * @throws MCPRefusedError `invalid_arguments` for what JSON cannot say unchanged: NaN, infinities, bigints, lone surrogates, cycles
 */
export function canonicalJson(value: unknown): string {
  try {
    return canonicalize(value) ?? "null";
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MCPRefusedError(
      "invalid_arguments",
      `The arguments cannot be written as JSON, so nobody can approve them: ${reason}.`,
      {
        hint: "Send finite numbers, well-formed text, lists and plain objects without cycles.",
        cause,
      },
    );
  }
}
