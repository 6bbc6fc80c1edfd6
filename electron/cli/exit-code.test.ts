import { describe, expect, it } from "vitest";
import { errorCodes, type ErrorCode } from "../../shared/errors.ts";
import { exitCodeFor } from "./exit-code.ts";

const expected: Record<ErrorCode, number> = {
  protocol_error: 1,
  bad_request: 2,
  not_found: 2,
  config_invalid: 2,
  unknown_server: 2,
  server_disabled: 2,
  unknown_tool: 2,
  invalid_arguments: 2,
  payload_too_large: 2,
  vault_locked: 2,
  unauthorized: 3,
  forbidden: 3,
  mcp_disabled: 3,
  policy_invalid: 3,
  policy_denied: 3,
  quarantined: 3,
  not_visible: 3,
  policy_changed: 3,
  rate_limited: 3,
  approval_denied: 4,
  approval_expired: 4,
  approval_interrupted: 4,
  already_resolved: 4,
  circuit_open: 5,
  connection_failed: 6,
  needs_sign_in: 6,
  sign_in_failed: 6,
  transport_error: 6,
  timeout: 6,
  journal_unavailable: 6,
  internal: 6,
  outcome_unknown: 7,
  cancelled: 130,
};

describe("exitCodeFor", () => {
  it.each(Object.keys(errorCodes) as ErrorCode[])("has a code for %s", (code) => {
    expect(exitCodeFor(code)).toBe(expected[code]);
  });
});
