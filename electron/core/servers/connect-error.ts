import { MCPProtocolError, MCPTimeoutError, MCPTransportError, type MCPClientError } from "../errors.ts";

/** Any failure to open a session, as what it means for a call: nothing of it was sent. */
export function toConnectError(error: MCPClientError, server: string): MCPClientError {
  if (error instanceof MCPTransportError) {
    const code = error.code === "needs_sign_in" ? "needs_sign_in" : "connection_failed";
    if (error.code === code && !error.sent) return error;
    const { hint, retryAt, status, retryAfterMs } = error;
    return new MCPTransportError(code, error.message, {
      hint,
      retryAt,
      status,
      retryAfterMs,
      cause: error,
      sent: false,
    });
  }
  if (error instanceof MCPProtocolError || error instanceof MCPTimeoutError) {
    const message = `No session with "${server}" could be opened: ${error.message}`;
    return new MCPTransportError("connection_failed", message, { hint: error.hint, cause: error, sent: false });
  }
  return error;
}

/** What keeps a connection from being tried again by itself: only a person can change it. `null` where trying again may help. */
export function parkCauseOf(error: MCPClientError): "needs_sign_in" | "vault" | "configuration" | null {
  if (error.code === "needs_sign_in") return "needs_sign_in";
  if (error.code === "vault_locked") return "vault";
  if (error.code === "config_invalid" || isSpawnFault(error.cause)) return "configuration";
  return null;
}

/** The program is not there, or may not be run. */
function isSpawnFault(cause: unknown): boolean {
  const { code, syscall } = (cause ?? {}) as NodeJS.ErrnoException;
  return syscall?.startsWith("spawn") === true && ["ENOENT", "EACCES", "EPERM", "ENOTDIR"].includes(code ?? "");
}
