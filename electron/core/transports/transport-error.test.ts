import {
  ProtocolError,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
  SseError,
  UnauthorizedError,
  UnsupportedProtocolVersionError,
} from "@modelcontextprotocol/client";
import { describe, expect, it } from "vitest";
import { MCPCircuitOpenError, MCPRefusedError, MCPTimeoutError, MCPTransportError } from "../errors.ts";
import { toTransportError } from "./transport-error.ts";

const context = { server: "web", sent: true };
const coded = (code: string, extra: object = {}) =>
  Object.assign(new Error("words that nobody reads"), { code, ...extra });
const http = (status: number) =>
  new SdkHttpError(SdkErrorCode.ClientHttpNotImplemented, "words", { status, statusText: "", text: "why" });

describe("toTransportError", () => {
  it.each<[string, unknown, object]>([
    ["a JSON-RPC error", new ProtocolError(-32_602, "bad"), { code: "protocol_error", rpcCode: -32_602 }],
    ["no common version", new UnsupportedProtocolVersionError({ supported: ["1"], requested: "2" }), { code: "connection_failed", sent: false }], // prettier-ignore
    ["a missing token", new UnauthorizedError(), { code: "needs_sign_in", status: 401 }],
    ["HTTP 401", http(401), { code: "needs_sign_in", status: 401 }],
    ["HTTP 403", http(403), { code: "needs_sign_in", status: 403 }],
    ["HTTP 404", http(404), { code: "transport_error", status: 404 }],
    ["HTTP 413", http(413), { code: "payload_too_large", status: 413 }],
    ["HTTP 502", http(502), { code: "transport_error", status: 502, message: '"web" answered with HTTP 502: why' }],
    ["an SSE stream that is refused", new SseError(401, "no", {} as never), { code: "needs_sign_in" }],
    ["the SDK's timeout", new SdkError(SdkErrorCode.RequestTimeout, "", { timeout: 50 }), { code: "timeout", timeoutMs: 50, sent: true }], // prettier-ignore
    ["a lost connection", new SdkError(SdkErrorCode.ConnectionClosed, ""), { code: "transport_error", sent: true }],
    ["a method of another era", new SdkError(SdkErrorCode.MethodNotSupportedByProtocolVersion, ""), { code: "protocol_error", rpcCode: -32_601 }], // prettier-ignore
    ["a result that is none", new SdkError(SdkErrorCode.InvalidResult, ""), { code: "transport_error", sent: true }],
    ["a failed negotiation", new SdkError(SdkErrorCode.EraNegotiationFailed, ""), { code: "connection_failed", sent: false }], // prettier-ignore
    ["a negotiation that met a refused port", new SdkError(SdkErrorCode.EraNegotiationFailed, "", {}, { cause: coded("ECONNREFUSED") }), { code: "connection_failed", message: expect.stringContaining("ECONNREFUSED") }], // prettier-ignore
    ["a refused port", coded("ECONNREFUSED"), { code: "connection_failed", sent: false }],
    ["an unknown host", new TypeError("fetch failed", { cause: coded("ENOTFOUND") }), { code: "connection_failed", sent: false }], // prettier-ignore
    [
      "a connect that timed out",
      coded("ETIMEDOUT", { syscall: "connect" }),
      { code: "connection_failed", sent: false },
    ],
    ["a read that timed out", coded("ETIMEDOUT", { syscall: "read" }), { code: "transport_error", sent: true }],
    ["a bad certificate", coded("CERT_HAS_EXPIRED"), { code: "connection_failed", hint: expect.stringContaining("certificate") }], // prettier-ignore
    ["a reset", coded("ECONNRESET"), { code: "transport_error", sent: true }],
    ["an error without a code", new Error("Not connected"), { code: "transport_error" }],
    ["a fault of ours", new TypeError("x is not a function"), { code: "internal" }],
    ["something that is no error", "boom", { code: "internal" }],
  ])("knows %s", (_name, error, expected) => {
    expect(toTransportError(error, context)).toMatchObject(expected);
  });

  it("passes our own errors on, and digs them out of what wraps them", () => {
    const ours = new MCPTransportError("transport_error", "x", { sent: true, status: 503, retryAfterMs: 5 });
    expect(toTransportError(ours, context)).toBe(ours);
    const wrapped = new SdkError(SdkErrorCode.EraNegotiationFailed, "", {}, { cause: ours });
    expect(toTransportError(wrapped, context)).toBe(ours);
    const open = new MCPCircuitOpenError("x", { retryAt: 1 });
    expect(toTransportError(open, context)).toBe(open);
  });

  it("tells why the transport ended, where it knows", () => {
    const fault = new MCPTransportError("transport_error", "exited with code 3", { sent: true });
    const closed = new SdkError(SdkErrorCode.ConnectionClosed, "");
    expect(toTransportError(closed, { ...context, fault })).toBe(fault);
  });

  it("takes an abort for what it was, although the SDK calls it a timeout", () => {
    const timeout = new SdkError(SdkErrorCode.RequestTimeout, "AbortError");
    const signal = AbortSignal.abort();
    expect(toTransportError(timeout, { ...context, signal })).toMatchObject({ code: "cancelled" });
    const deadline = new MCPTimeoutError("late", 5, { sent: true });
    expect(toTransportError(timeout, { ...context, signal: AbortSignal.abort(deadline) })).toBe(deadline);
    const off = new MCPRefusedError("mcp_disabled", "off");
    expect(toTransportError(timeout, { ...context, signal: AbortSignal.abort(off) })).toBe(off);
  });

  it("keeps what a server said short and inert", () => {
    const error = new ProtocolError(-32_000, `a\u202Eb\u0000\n\n${"x".repeat(5_000)}`);
    const { message } = toTransportError(error, context);
    expect(message).toContain("a�b� x");
    expect(message.length).toBeLessThan(600);
  });
});
