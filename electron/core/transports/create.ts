import { assertNever } from "../../../shared/assert-never.ts";
import { HttpTransport } from "./http.ts";
import type { ResolvedTarget, ServerTransport, TransportDeps } from "./server-transport.ts";
import { StdioTransport } from "./stdio.ts";
import { WebSocketTransport } from "./websocket.ts";

/**
 * The transport to a server, not yet started: the SDK client does that.
 * @throws MCPClientError `config_invalid` where the target's URL is none for its kind
 */
export function createTransport(target: ResolvedTarget, deps: TransportDeps): ServerTransport {
  switch (target.kind) {
    case "stdio":
      return new StdioTransport(target, deps);
    case "http":
      return new HttpTransport(target, deps);
    case "websocket":
      return new WebSocketTransport(target, deps);
    default:
      return assertNever(target);
  }
}
