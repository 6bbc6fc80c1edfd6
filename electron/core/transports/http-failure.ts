import { MCPTransportError } from "../errors.ts";
import { inertText } from "../../../shared/inert-text.ts";

export type HttpAnswer = {
  server: string;
  status: number;
  /** The body, or as much of it as was read. */
  text?: string | undefined;
  retryAfterMs?: number | undefined;
  cause?: unknown;
};

/** An HTTP answer that is no success, as an error by its status alone. */
export function httpFailure({ server, status, text, retryAfterMs, cause }: HttpAnswer): MCPTransportError {
  const said = text ? `: ${inertText(text)}` : ".";
  const failure = { sent: true, status, retryAfterMs, cause };
  switch (status) {
    case 401:
      return new MCPTransportError("needs_sign_in", `"${server}" asks for credentials (HTTP 401)${said}`, {
        ...failure,
        hint: "Sign in, or add the credentials under `headers` in the server's file, for example `Authorization: env://TOKEN`.",
      });
    case 403:
      return new MCPTransportError("needs_sign_in", `"${server}" does not accept the credentials (HTTP 403)${said}`, {
        ...failure,
        hint: "Check that the credentials under `headers` in the server's file may do this.",
      });
    case 404:
      return new MCPTransportError("transport_error", `"${server}" has nothing at its address (HTTP 404)${said}`, {
        ...failure,
        hint: "Check `url` in the server's file; a session that has expired is opened again.",
      });
    case 413:
      return new MCPTransportError("payload_too_large", `"${server}" takes no request of this size (HTTP 413)${said}`, {
        ...failure,
        hint: "Send less.",
      });
    case 429:
      return new MCPTransportError("transport_error", `"${server}" asks to be called less often (HTTP 429)${said}`, {
        ...failure,
        hint: "Wait, then try again.",
      });
    default:
      return new MCPTransportError("transport_error", `"${server}" answered with HTTP ${status}${said}`, {
        ...failure,
        ...(status >= 500 && { hint: "The fault is the server's: try again later, or look into its log." }),
      });
  }
}
