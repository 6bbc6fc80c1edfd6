import {
  ProtocolError,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
  SseError,
  UnauthorizedError,
  UnsupportedProtocolVersionError,
} from "@modelcontextprotocol/client";
import type { Cancellation } from "../cancellation.ts";
import {
  MCPCancelledError,
  MCPClientError,
  MCPProtocolError,
  MCPTimeoutError,
  MCPTransportError,
  toClientError,
} from "../errors.ts";
import { httpFailure } from "./http-failure.ts";
import { inertText } from "../../../shared/inert-text.ts";
import { networkFailure } from "./network-failure.ts";

export type FailureContext = {
  server: string;
  /** Whether the request may have reached the server, where the error itself does not know better. */
  sent: boolean;
  /** The signal that the call was made with: the SDK reports its abort as a timeout. */
  signal?: Cancellation | undefined;
  /** Why the transport ended, where it did. */
  fault?: MCPTransportError | null;
};

const methodNotFound = -32601;

/** Whatever the SDK client or a transport threw, as one of our errors; told apart by class and code, never by message. */
export function toTransportError(error: unknown, context: FailureContext): MCPClientError {
  const { server, sent, signal } = context;
  if (signal?.aborted && !(error instanceof MCPClientError)) return abortReason(signal);
  const known = clientErrorIn(error);
  if (known) return known;
  if (ProtocolError.isInstance(error)) return protocolError(error, server);
  if (UnauthorizedError.isInstance(error)) return httpFailure({ server, status: 401, cause: error });
  if (SdkHttpError.isInstance(error)) return sdkHttpError(error, server);
  if (SdkError.isInstance(error)) return sdkError(error, context);
  const network = networkFailure(error, server, sent);
  if (network) return network;
  if (SseError.isInstance(error) && error.code) return httpFailure({ server, status: error.code, cause: error });
  if (!(error instanceof Error) || error instanceof TypeError || error instanceof ReferenceError) {
    return toClientError(error);
  }
  return context.fault ?? broken(error, context);
}

function abortReason(signal: Cancellation): MCPClientError {
  const reason: unknown = signal.reason;
  if (reason instanceof MCPClientError) return reason;
  return new MCPCancelledError("The call was cancelled.", { cause: reason });
}

/** The first of our own errors in a chain of causes: the SDK wraps what a transport threw while it connects. */
function clientErrorIn(error: unknown): MCPClientError | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    if (current instanceof MCPClientError) return current;
  }
  return undefined;
}

function protocolError(error: ProtocolError, server: string): MCPClientError {
  // Servers that are made with the SDK say the code in their words once more.
  const said = inertText(error.message.replace(`MCP error ${error.code}: `, ""), 500);
  if (UnsupportedProtocolVersionError.isInstance(error)) {
    return new MCPTransportError("connection_failed", `"${server}" speaks no protocol version that we do: ${said}`, {
      sent: false,
      hint: "Set `protocol: auto` in the server's file, or update the server.",
      cause: error,
    });
  }
  return new MCPProtocolError(`"${server}" answered with error ${error.code}: ${said}`, error.code, error.data, {
    cause: error,
  });
}

function sdkHttpError(error: SdkHttpError, server: string): MCPTransportError {
  const text = error.data["text"];
  return httpFailure({ server, status: error.status, text: typeof text === "string" ? text : undefined, cause: error });
}

function sdkError(error: SdkError, context: FailureContext): MCPClientError {
  const { server, sent, fault } = context;
  switch (error.code) {
    case SdkErrorCode.RequestTimeout: {
      const timeoutMs = numberIn(error.data, "timeout") ?? numberIn(error.data, "maxTotalTimeout") ?? 0;
      return new MCPTimeoutError(`"${server}" did not answer within ${timeoutMs} ms.`, timeoutMs, {
        sent,
        cause: error,
      });
    }
    case SdkErrorCode.CapabilityNotSupported:
    case SdkErrorCode.MethodNotSupportedByProtocolVersion: {
      const said = inertText(error.message);
      return new MCPProtocolError(`"${server}" does not offer this: ${said}`, methodNotFound, error.data, {
        cause: error,
      });
    }
    case SdkErrorCode.EraNegotiationFailed:
      return (
        fault ??
        networkFailure(error, server, false) ??
        new MCPTransportError("connection_failed", `No session with "${server}": ${inertText(error.message)}`, {
          sent: false,
          hint: "Check `url` and `protocol` in the server's file.",
          cause: error,
        })
      );
    case SdkErrorCode.InvalidResult:
    case SdkErrorCode.UnsupportedResultType:
    case SdkErrorCode.ClientHttpUnexpectedContent:
    case SdkErrorCode.InputRequiredRoundsExceeded:
    case SdkErrorCode.ListPaginationExceeded: {
      const text = `"${server}" answered with something that breaks the protocol: ${inertText(error.message)}`;
      return new MCPTransportError("transport_error", text, { sent: true, cause: error });
    }
    default:
      return fault ?? broken(error, context);
  }
}

function broken(error: Error, { server, sent }: FailureContext): MCPTransportError {
  const text = `The connection to "${server}" failed: ${inertText(error.message)}`;
  return new MCPTransportError("transport_error", text, { sent, cause: error });
}

function numberIn(data: unknown, key: string): number | undefined {
  const value = typeof data === "object" && data !== null ? (data as Record<string, unknown>)[key] : undefined;
  return typeof value === "number" ? value : undefined;
}
