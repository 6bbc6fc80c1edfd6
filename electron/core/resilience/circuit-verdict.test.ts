import { describe, expect, it } from "vitest";
import {
  MCPApprovalError,
  MCPCancelledError,
  MCPCircuitOpenError,
  MCPClientError,
  MCPOutcomeUnknownError,
  MCPProtocolError,
  MCPRefusedError,
  MCPTimeoutError,
  MCPTransportError,
} from "../errors.ts";
import { circuitVerdict } from "./circuit-verdict.ts";

const sent = true;
const answered = (status: number) => new MCPTransportError("transport_error", "x", { sent, status });

describe("circuitVerdict", () => {
  it.each([
    ["spawn or connect failure", new MCPTransportError("connection_failed", "x", { sent: false })],
    ["connection closed mid-call", new MCPTransportError("transport_error", "x", { sent })],
    ["attempt timeout", new MCPTimeoutError("x", 30_000, { sent })],
    ["malformed frame", answered(200)],
    ["frame over the cap", new MCPTransportError("payload_too_large", "x", { sent })],
    ["HTTP 500", answered(500)],
    ["HTTP 503", answered(503)],
    ["outcome unknown", new MCPOutcomeUnknownError("x")],
  ])("counts a %s as a failure", (_, error) => {
    expect(circuitVerdict(error, "server")).toBe("failure");
  });

  it("counts a JSON-RPC error as a success, in every scope: the server answered", () => {
    const error = new MCPProtocolError("invalid params", -32602, undefined);
    expect(circuitVerdict(error, "server")).toBe("success");
    expect(circuitVerdict(error, "connection")).toBe("success");
    expect(circuitVerdict(error, "tool")).toBe("success");
  });

  it.each([
    ["policy refusal", new MCPRefusedError("policy_denied", "x")],
    ["denied approval", new MCPApprovalError("approval_denied", "x")],
    ["cancel", new MCPCancelledError("x")],
    ["sign-in that is needed", new MCPTransportError("needs_sign_in", "x", { sent, status: 401 })],
    ["sign-in that no status asks for", new MCPTransportError("needs_sign_in", "x", { sent })],
    ["HTTP 400", answered(400)],
    ["HTTP 401", answered(401)],
    ["HTTP 403", answered(403)],
    ["HTTP 429", answered(429)],
    ["HTTP 499", answered(499)],
    ["request too large to send", new MCPTransportError("payload_too_large", "x", { sent: false })],
    ["request too large for the server", new MCPTransportError("payload_too_large", "x", { sent, status: 413 })],
    ["open circuit", new MCPCircuitOpenError("x", { retryAt: 0 })],
    ["fault of our own", new MCPClientError("internal", "x")],
    ["foreign error", new TypeError("x")],
    ["thrown non-error", undefined],
  ])("counts a %s as neither", (_, error) => {
    expect(circuitVerdict(error, "server")).toBe("neither");
  });

  it.each([
    ["connect failure", new MCPTransportError("connection_failed", "x", { sent: false }), "failure", "neither"],
    ["timeout before anything was sent", new MCPTimeoutError("x", 1, { sent: false }), "failure", "neither"],
    ["timeout of the tool", new MCPTimeoutError("x", 1, { sent }), "neither", "failure"],
    ["HTTP 500", answered(500), "neither", "failure"],
    ["outcome unknown", new MCPOutcomeUnknownError("x"), "neither", "failure"],
    ["cancel", new MCPCancelledError("x"), "neither", "neither"],
  ])("where tools have circuits of their own, counts a %s in one of the two", (_, error, connection, tool) => {
    expect(circuitVerdict(error, "connection")).toBe(connection);
    expect(circuitVerdict(error, "tool")).toBe(tool);
  });
});
