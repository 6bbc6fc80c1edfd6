import { describe, expect, it } from "vitest";
import { MCPCancelledError, MCPOutcomeUnknownError, MCPTimeoutError, MCPTransportError } from "../errors.ts";
import { toOutcomeUnknown } from "./outcome-unknown.ts";

const always = () => true;
const never = () => false;

describe("toOutcomeUnknown", () => {
  it.each([
    ["timeout", new MCPTimeoutError("no answer in 30 s", 30_000, { sent: true })],
    ["transport error", new MCPTransportError("transport_error", "the session closed", { sent: true })],
  ])("says of a %s after sending that it may have happened", (_, error) => {
    const outcome = toOutcomeUnknown(error, never);
    expect(outcome).toBeInstanceOf(MCPOutcomeUnknownError);
    expect(outcome).toMatchObject({
      ...{ code: "outcome_unknown", cause: error },
      message: `The call was sent and no answer came, so it may have happened. ${error.message}`,
      hint: "Look at what it was to change before you call it again.",
    });
  });

  it.each([
    ["a timeout before sending", new MCPTimeoutError("x", 1, { sent: false })],
    ["a transport error before sending", new MCPTransportError("transport_error", "x", { sent: false })],
    ["a failed connection", new MCPTransportError("connection_failed", "x", { sent: false })],
    ["an HTTP answer", new MCPTransportError("transport_error", "x", { sent: true, status: 503 })],
    ["an answer too large", new MCPTransportError("payload_too_large", "x", { sent: true })],
    ["a cancel", new MCPCancelledError("x")],
  ])("leaves %s as it is", (_, error) => {
    expect(toOutcomeUnknown(error, never)).toBe(error);
  });

  it("leaves a call that is safe to send again as it is", () => {
    const error = new MCPTimeoutError("x", 1, { sent: true });
    expect(toOutcomeUnknown(error, always)).toBe(error);
  });
});
