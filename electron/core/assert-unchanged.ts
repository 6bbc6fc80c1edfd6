import type { Tool } from "@modelcontextprotocol/client";
import type { Ticket } from "../../shared/approval.ts";
import type { PolicyDecision } from "../../shared/policy.ts";
import { ticketHash } from "./approvals/ticket-hash.ts";
import { askPolicy } from "./ask-policy.ts";
import { MCPRefusedError } from "./errors.ts";
import type { ToolPins } from "./pins/tool-pins.ts";
import type { PolicyStore } from "./policy/policy-store.ts";
import { requireTool } from "./preconditions.ts";
import type { ServerConnection } from "./servers/connection.ts";
import type { ServerManager } from "./servers/manager.ts";
import type { SettingsStore } from "./settings-store.ts";

/** What was decided of a call, and the server and the tool that it was decided for, as they were then. */
export type Cleared = { server: ServerConnection; tool: Tool; decision: PolicyDecision };

type Call = {
  server: string;
  tool: string;
  args: Record<string, unknown>;
  client: string;
  requireApproval?: boolean | undefined;
};
type Parts = { policy: PolicyStore; settings: SettingsStore; servers: ServerManager; pins: ToolPins };

/**
 * Looks again, after a wait and right before each sending: waiting and connecting take time, in which the policy, the server's
 * file, the tool or the arguments may change.
 * @throws MCPRefusedError `policy_changed` where what was decided, or approved, is not what would be sent; or as `askPolicy`.
 */
export function assertUnchanged(parts: Parts, call: Call, { server, decision }: Cleared, ticket: Ticket | null): void {
  const again = askPolicy(call, parts);
  const isSameServer = parts.servers.connection(call.server) === server;
  const isSameRule = again.rule === decision.rule && again.autoApproved === decision.autoApproved;
  const isSameCall = () => ticket?.hash === hashOf(call, parts.pins.fingerprint(requireTool(server, call.tool)));
  if (isSameServer && again.level === decision.level && (!ticket || (isSameRule && isSameCall()))) return;
  throw new MCPRefusedError("policy_changed", "What was decided is no longer what would be sent, so it was not sent.", {
    hint: "The policy, the server, the tool or the arguments changed in the meantime. Call again to ask anew.",
    ticketId: ticket?.id,
  });
}

function hashOf({ server, tool, args }: Call, fingerprint: string): string {
  return ticketHash(server, tool, args, fingerprint);
}
