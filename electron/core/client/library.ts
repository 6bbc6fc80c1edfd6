/** What programs import from `switchgear/client`. */

export { AsyncMCPClient } from "./async-mcp-client.ts";
export type { AsyncMCPClientOptions, Health, InvokeRequest } from "./async-mcp-client.ts";
export type { CallOptions, InvokeOptions } from "./call-options.ts";
export type { ToolCaller } from "./call-scope.ts";
export type {
  CircuitBreakerConfig,
  CommonConfig,
  RetryConfig,
  ServerOptions,
  StdioConfig,
  Surroundings,
  UrlConfig,
} from "./client-config.ts";
export { ClientManager } from "./client-manager.ts";
export type { ClientManagerOptions, ServerSources } from "./client-manager.ts";
export type { AuthType, Credentials } from "./credentials.ts";
export { mcpAuthenticated } from "./mcp-authenticated.ts";
export { mcpCached } from "./mcp-cached.ts";
export type { McpCachedOptions } from "./mcp-cached.ts";
export { callTool, mcpTool } from "./mcp-tool.ts";
export type { McpToolOptions } from "./mcp-tool.ts";
export { openCore } from "./open-core.ts";
export type { LibraryCore, OpenCoreOptions } from "./open-core.ts";
export { resolveSecret } from "./resolve-secret.ts";
export { TransportType } from "./transport-type.ts";
export type { AsyncFunction, Wrapper } from "./wrapper.ts";
export {
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
export type { Logger } from "../ports.ts";
export type { Progress } from "../servers/session-call.ts";
export type { CallLog } from "../../../shared/invocation.ts";
export type { Waiting } from "../tell-waiting.ts";
export { editedMetaKey } from "../../../shared/approval.ts";
export type { EditNotice, Ticket } from "../../../shared/approval.ts";
export type { CircuitState } from "../../../shared/circuit.ts";
export type { ErrorCode } from "../../../shared/errors.ts";
export type { ToolResult } from "../../../shared/tool.ts";
