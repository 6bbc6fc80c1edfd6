import { errorCodes, type ErrorCode, type WireError } from "../../shared/errors.ts";

export type ErrorContext = {
  /** What to do about it. */
  hint?: string;
  /** Wall-clock milliseconds before which trying again is pointless. */
  retryAt?: number;
  invocationId?: string;
  ticketId?: string;
  cause?: unknown;
};

/** The root of every error that a caller sees: a stable code, a message that a person can act on, and the cause. */
export class MCPClientError extends Error {
  /** What kind of failure it is; stable. */
  readonly code: ErrorCode;
  /** What to do about it, in words. */
  readonly hint: string | undefined;
  /** Wall-clock milliseconds before which trying again is pointless. */
  readonly retryAt: number | undefined;
  /** The approval that it is about. */
  readonly ticketId: string | undefined;
  /** The call that it ended. Set once, by the path, on the way out. */
  invocationId: string | undefined;

  /** @internal */
  constructor(code: ErrorCode, message: string, context: ErrorContext = {}) {
    super(message, context.cause === undefined ? undefined : { cause: context.cause });
    this.name = new.target.name;
    this.code = code;
    this.hint = context.hint;
    this.retryAt = context.retryAt;
    this.invocationId = context.invocationId;
    this.ticketId = context.ticketId;
  }

  /** Whether trying again later may help without changing anything. */
  get retryable(): boolean {
    return errorCodes[this.code].retryable;
  }

  /** As it crosses a boundary. @internal */
  toWire(): WireError {
    return {
      code: this.code,
      message: this.message,
      ...(this.hint !== undefined && { hint: this.hint }),
      ...(this.retryAt !== undefined && { retryAt: this.retryAt }),
      ...(this.invocationId !== undefined && { invocationId: this.invocationId }),
      ...(this.ticketId !== undefined && { ticketId: this.ticketId }),
    };
  }
}

export type TransportFailure = ErrorContext & {
  /** Whether the request may have reached the server. `false` only where it certainly has not. */
  sent: boolean;
  /** The HTTP status, where one came. */
  status?: number;
  /** What the server asked for by `Retry-After`, milliseconds. */
  retryAfterMs?: number;
};

/** The session could not be opened, or failed while the call was on its way. */
export class MCPTransportError extends MCPClientError {
  /** Whether the request may have reached the server. `false` only where it certainly has not. */
  readonly sent: boolean;
  /** The HTTP status, where one came. */
  readonly status: number | undefined;
  /** What the server asked for by `Retry-After`, milliseconds. */
  readonly retryAfterMs: number | undefined;

  /** @internal */
  constructor(
    code: "connection_failed" | "transport_error" | "needs_sign_in" | "payload_too_large",
    message: string,
    failure: TransportFailure,
  ) {
    super(code, message, failure);
    this.sent = failure.sent;
    this.status = failure.status;
    this.retryAfterMs = failure.retryAfterMs;
  }
}

/** An attempt, or the whole call, took longer than allowed. */
export class MCPTimeoutError extends MCPClientError {
  /** Whether the request may have reached the server. `false` only where it certainly has not. */
  readonly sent: boolean;
  /** The bound that it took longer than, milliseconds. */
  readonly timeoutMs: number;
  /** Whether an adaptive bound ended it, shorter than the configured one. */
  readonly adaptive: boolean;

  /** @internal */
  constructor(message: string, timeoutMs: number, context: ErrorContext & { sent: boolean; adaptive?: boolean }) {
    super("timeout", message, context);
    this.timeoutMs = timeoutMs;
    this.sent = context.sent;
    this.adaptive = context.adaptive ?? false;
  }
}

/** The circuit is open; `retryAt` says when it admits a probe. */
export class MCPCircuitOpenError extends MCPClientError {
  /** Wall-clock milliseconds at which the circuit admits a probe. */
  declare readonly retryAt: number;

  /** @internal */
  constructor(message: string, context: ErrorContext & { retryAt: number }) {
    super("circuit_open", message, context);
  }
}

/** The server answered with a JSON-RPC error: the session works, the request does not. */
export class MCPProtocolError extends MCPClientError {
  /** The server's code, e.g. -32602 for parameters that do not fit. */
  readonly rpcCode: number;
  /** What the server said beside its message, as it came. */
  readonly data: unknown;

  /** @internal */
  constructor(message: string, rpcCode: number, data: unknown, context: ErrorContext = {}) {
    super("protocol_error", message, context);
    this.rpcCode = rpcCode;
    this.data = data;
  }
}

/** The call was sent and no answer came: it may have happened, so it is not sent again. */
export class MCPOutcomeUnknownError extends MCPClientError {
  /** @internal */
  constructor(message: string, context: ErrorContext = {}) {
    super("outcome_unknown", message, context);
  }
}

/** The path stopped the call before anything was sent: the switch, the policy, a limit, the arguments. */
export class MCPRefusedError extends MCPClientError {}

/** A person said no, nobody answered in time, or the approval no longer holds. */
export class MCPApprovalError extends MCPClientError {}

/** The caller took the call back. */
export class MCPCancelledError extends MCPClientError {
  /** @internal */
  constructor(message: string, context: ErrorContext = {}) {
    super("cancelled", message, context);
  }
}

/** Any thrown value as one of ours; what is not is a fault of Switchgear itself. */
export function toClientError(error: unknown): MCPClientError {
  if (error instanceof MCPClientError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new MCPClientError("internal", `Something in Switchgear failed: ${message}`, { cause: error });
}

/** Any thrown value as the error of one call, with its id. One that several calls share, as that of a connection, is copied for each. */
export function ownError(thrown: unknown, invocationId: string): MCPClientError {
  const error = toClientError(thrown);
  const isShared = error.invocationId !== undefined && error.invocationId !== invocationId;
  const own: MCPClientError = isShared
    ? Object.create(Object.getPrototypeOf(error) as object, Object.getOwnPropertyDescriptors(error))
    : error;
  own.invocationId = invocationId;
  return own;
}
