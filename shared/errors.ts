import { z } from "zod";

/** Every way a request can fail, by its stable code. `retryable` says whether trying again later may help without changing anything. */
export const errorCodes = {
  bad_request: { retryable: false, meaning: "The input does not have the shape that the procedure takes." },
  not_found: { retryable: false, meaning: "Nothing has that id." },
  unauthorized: { retryable: false, meaning: "The request carries no token that is valid here." },
  forbidden: { retryable: false, meaning: "The request comes from a page or a name that may not ask here." },
  config_invalid: { retryable: false, meaning: "A configuration file or a setting cannot be used as it stands." },
  mcp_disabled: { retryable: false, meaning: "The master switch is off: nothing is spawned, dialled or called." },
  unknown_server: { retryable: false, meaning: "No server in the catalog has that id." },
  server_disabled: { retryable: false, meaning: "The server's file says `enabled: false`." },
  unknown_tool: { retryable: false, meaning: "The server lists no tool of that name." },
  not_visible: { retryable: false, meaning: "The client's settings do not let it see the tool." },
  invalid_arguments: { retryable: false, meaning: "The arguments do not fit the tool's input schema." },
  payload_too_large: { retryable: false, meaning: "The arguments or the answer exceed the server's cap." },
  policy_invalid: { retryable: false, meaning: "The policy file cannot be used, so every call is refused." },
  policy_denied: { retryable: false, meaning: "The policy says NEVER." },
  quarantined: { retryable: false, meaning: "The tool's definition is not one that a person stands by." },
  policy_changed: { retryable: true, meaning: "What was approved is no longer what would be sent." },
  rate_limited: { retryable: true, meaning: "The policy's rate limit is reached." },
  approval_denied: { retryable: false, meaning: "A person said no." },
  approval_expired: { retryable: true, meaning: "Nobody answered in time." },
  approval_interrupted: { retryable: true, meaning: "Switchgear stopped while the call waited; it was not sent." },
  already_resolved: { retryable: false, meaning: "Somebody else's verdict came first." },
  cancelled: {
    retryable: false,
    meaning: "The call was stopped on its way: by its caller, or because MCP was switched off.",
  },
  circuit_open: { retryable: true, meaning: "The server's circuit is open: calls fail fast until it is probed." },
  connection_failed: { retryable: true, meaning: "No session could be opened; nothing was sent." },
  needs_sign_in: { retryable: false, meaning: "The server asks for credentials that are not there or not accepted." },
  vault_locked: { retryable: true, meaning: "A secret is needed, and the vault that holds it cannot be opened." },
  sign_in_failed: { retryable: false, meaning: "The sign-in ended without tokens; nothing was changed." },
  transport_error: { retryable: true, meaning: "The session failed while the call was on its way." },
  timeout: { retryable: true, meaning: "An attempt or the whole call took longer than allowed." },
  outcome_unknown: { retryable: false, meaning: "The call was sent and no answer came; it may have happened." },
  protocol_error: { retryable: false, meaning: "The server answered with a JSON-RPC error." },
  journal_unavailable: { retryable: true, meaning: "The journal cannot be written, so the call was not made." },
  internal: { retryable: false, meaning: "A fault in Switchgear itself." },
} as const satisfies Record<string, { retryable: boolean; meaning: string }>;

/** What kind of failure an error is. Codes are stable: a program may go by them. @useDeclaredType */
// `Extract` changes nothing but that the compiler, and so an editor, speaks of `ErrorCode` and not of all the codes.
export type ErrorCode = Extract<keyof typeof errorCodes, string>;

export const errorCodeSchema = z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]);

/** An error as it crosses a boundary: the class is lost, the code and what a person needs are not. */
export const wireErrorSchema = z.object({
  code: errorCodeSchema,
  /** What happened and where, in words. */
  message: z.string(),
  /** What to do about it. */
  hint: z.string().optional(),
  /** Wall-clock milliseconds before which trying again is pointless. */
  retryAt: z.number().optional(),
  /** The call that it belongs to. */
  invocationId: z.string().optional(),
  ticketId: z.string().optional(),
});
export type WireError = z.infer<typeof wireErrorSchema>;

/** How a procedure ends: custom error properties do not survive the bridge, so failure is a value. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; error: WireError };
