import { describe, expect, it } from "vitest";
import {
  MCPApprovalError,
  MCPCancelledError,
  MCPCircuitOpenError,
  MCPOutcomeUnknownError,
  MCPProtocolError,
  MCPRefusedError,
  MCPTimeoutError,
  MCPTransportError,
} from "../errors.ts";
import { isRetryable } from "./retryable.ts";

const sent = true;
const always = () => true;
const never = () => false;
const answered = (status: number) => new MCPTransportError("transport_error", "x", { sent, status });

describe("isRetryable", () => {
  it.each([
    ["connection that failed", new MCPTransportError("connection_failed", "x", { sent: false })],
    ["transport error before sending", new MCPTransportError("transport_error", "x", { sent: false })],
    ["timeout before sending", new MCPTimeoutError("x", 1, { sent: false })],
    ["408", answered(408)],
    ["425", answered(425)],
    ["429", answered(429)],
  ])("follows a %s by another attempt, whatever the tool", (_, error) => {
    expect(isRetryable(error, never)).toBe(true);
  });

  it.each([
    ["transport error mid-call", new MCPTransportError("transport_error", "x", { sent })],
    ["timeout", new MCPTimeoutError("x", 1, { sent })],
    ["302", answered(302)],
    ["500", answered(500)],
    ["503", answered(503)],
  ])("follows a %s by another attempt only where the call is safe to send again", (_, error) => {
    expect(isRetryable(error, always)).toBe(true);
    expect(isRetryable(error, never)).toBe(false);
  });

  it("asks about the error at hand", () => {
    const error = answered(503);
    expect(isRetryable(error, (asked) => asked === error)).toBe(true);
  });

  it.each([
    ["an open circuit", new MCPCircuitOpenError("x", { retryAt: 0 })],
    ["a refusal", new MCPRefusedError("policy_denied", "x")],
    ["a denial", new MCPApprovalError("approval_denied", "x")],
    ["a cancel", new MCPCancelledError("x")],
    ["a JSON-RPC error", new MCPProtocolError("x", -32602, undefined)],
    ["an unknown outcome", new MCPOutcomeUnknownError("x")],
    ["an answer too large", new MCPTransportError("payload_too_large", "x", { sent })],
    ["a sign-in that is needed", new MCPTransportError("needs_sign_in", "x", { sent: false, status: 401 })],
    ["400", answered(400)],
    ["403", new MCPTransportError("connection_failed", "x", { sent: false, status: 403 })],
    ["404", answered(404)],
    ["a foreign error", new TypeError("x")],
    ["a foreign error with a code like ours", Object.assign(new Error("x"), { code: "transport_error" })],
  ])("never follows %s", (_, error) => {
    expect(isRetryable(error, always)).toBe(false);
  });
});
