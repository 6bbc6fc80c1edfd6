import { assertNever } from "../../shared/assert-never.ts";
import type { ErrorCode } from "../../shared/errors.ts";

/** What `switchgear` tells the shell. */
export const exitCode = {
  done: 0,
  /** The tool said `isError`, or its server answered with a JSON-RPC error. */
  toolError: 1,
  /** What was to be checked is not sound. */
  unsound: 1,
  /** Bad usage or configuration. */
  badUsage: 2,
  /** Refused by the policy, or by the master switch. */
  refused: 3,
  /** Denied, or nobody approved in time. */
  notApproved: 4,
  circuitOpen: 5,
  /** Transport or timeout, or nothing above. */
  transport: 6,
  /** The call was sent and never answered: it may have happened. */
  outcomeUnknown: 7,
  /** As shells count an interrupt. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

export function exitCodeFor(code: ErrorCode): ExitCode {
  switch (code) {
    case "protocol_error":
      return exitCode.toolError;
    case "bad_request":
    case "not_found":
    case "config_invalid":
    case "unknown_server":
    case "server_disabled":
    case "unknown_tool":
    case "invalid_arguments":
    case "payload_too_large":
    case "vault_locked":
      return exitCode.badUsage;
    case "unauthorized":
    case "forbidden":
    case "mcp_disabled":
    case "policy_invalid":
    case "policy_denied":
    case "quarantined":
    case "not_visible":
    case "policy_changed":
    case "rate_limited":
      return exitCode.refused;
    case "approval_denied":
    case "approval_expired":
    case "approval_interrupted":
    case "already_resolved":
      return exitCode.notApproved;
    case "circuit_open":
      return exitCode.circuitOpen;
    case "connection_failed":
    case "needs_sign_in":
    case "sign_in_failed":
    case "transport_error":
    case "timeout":
    case "journal_unavailable":
    case "internal":
      return exitCode.transport;
    case "outcome_unknown":
      return exitCode.outcomeUnknown;
    case "cancelled":
      return exitCode.interrupted;
    default:
      return assertNever(code);
  }
}
