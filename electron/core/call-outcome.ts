import { assertNever } from "../../shared/assert-never.ts";
import type { ErrorCode } from "../../shared/errors.ts";
import type { InvocationOutcome } from "../../shared/invocation.ts";
import { MCPRefusedError, type MCPClientError } from "./errors.ts";

/** How a call that failed with this error ended, for the log. */
export function outcomeOf(error: MCPClientError): InvocationOutcome {
  // Whatever its code: arguments that are too large, say, are turned away here, an answer that is too large is the server's.
  return error instanceof MCPRefusedError ? "refused" : outcomeOfCode(error.code);
}

function outcomeOfCode(code: ErrorCode): InvocationOutcome {
  switch (code) {
    case "bad_request":
    case "not_found":
    case "config_invalid":
    case "vault_locked":
    case "mcp_disabled":
    case "unknown_server":
    case "server_disabled":
    case "unknown_tool":
    case "not_visible":
    case "invalid_arguments":
    case "policy_invalid":
    case "policy_denied":
    case "quarantined":
    case "policy_changed":
    case "unauthorized":
    case "forbidden":
    case "rate_limited":
    case "already_resolved":
    case "journal_unavailable":
      return "refused";
    case "approval_denied":
      return "denied";
    case "approval_expired":
      return "expired";
    case "approval_interrupted":
      return "interrupted";
    case "cancelled":
      return "cancelled";
    case "circuit_open":
      return "circuit_open";
    case "timeout":
      return "timeout";
    case "connection_failed":
    case "needs_sign_in":
    case "sign_in_failed":
    case "transport_error":
    case "payload_too_large":
    case "internal":
      return "transport_error";
    case "outcome_unknown":
      return "outcome_unknown";
    case "protocol_error":
      return "protocol_error";
    default:
      return assertNever(code);
  }
}

/** Whether the panel counts the call among its server's failures: where the server was not asked, it did not fail. */
export function isServerFault(outcome: InvocationOutcome): boolean {
  return ["timeout", "transport_error", "outcome_unknown", "protocol_error"].includes(outcome);
}
