import type { Tool } from "@modelcontextprotocol/client";
import type { Ticket } from "../../shared/approval.ts";
import type { PolicyDecision } from "../../shared/policy.ts";
import type { GrantBook } from "./approvals/approval-book.ts";
import { ruleIdentity } from "./approvals/rule-identity.ts";
import { ticketHash } from "./approvals/ticket-hash.ts";
import { askPolicy } from "./ask-policy.ts";
import { MCPRefusedError } from "./errors.ts";
import type { CallMethod } from "./offer-methods.ts";
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
  method?: CallMethod | undefined;
  tool: string;
  args: Record<string, unknown>;
  client: string;
  requireApproval?: boolean | undefined;
};
type Parts = {
  policy: PolicyStore;
  settings: SettingsStore;
  servers: ServerManager;
  pins: ToolPins;
  grants: GrantBook;
};

/**
 * Looks again, after a wait and right before each sending: waiting and connecting take time, in which the policy, the server's
 * file, the tool, the arguments or the grant that approved it may change.
 * @throws MCPRefusedError `policy_changed` where what was decided, or approved, is not what would be sent; or as `askPolicy`.
 */
export function assertUnchanged(parts: Parts, call: Call, { server, decision }: Cleared, ticket: Ticket | null): void {
  const { servers, grants, settings, pins } = parts;
  const now = askPolicy(call, parts);
  if (servers.connection(call.server) !== server) throw changed(ticket);
  const fingerprint = () => pins.fingerprint(requireTool(server, call));
  const again = grants.judge(call, settings.environment, now, fingerprint).decision;
  if (!ticket) {
    if (again.level !== decision.level) throw changed(ticket);
    return;
  }
  const approved = ticket.edited?.hash ?? ticket.hash;
  if (approved !== ticketHash(call.server, call.tool, call.args, fingerprint())) throw changed(ticket);
  if (ticket.grantId !== null && !grants.holds(ticket.grantId)) {
    throw changed(ticket, "The grant that approved it is over or was revoked.");
  }
  // The person who approved this call may have allowed it for always, and that rule now speaks.
  const isOwnRule = again.level === "ALWAYS" && grants.isOf(again.rule, ticket.id);
  const isSameRule =
    again.level === decision.level &&
    ruleIdentity(again.rule) === ruleIdentity(decision.rule) &&
    again.autoApproved === decision.autoApproved;
  if (!isOwnRule && !isSameRule) throw changed(ticket);
}

const anything = "The policy, the server, the tool or the arguments changed in the meantime.";

function changed(ticket: Ticket | null, what = anything): MCPRefusedError {
  return new MCPRefusedError(
    "policy_changed",
    "What was decided is no longer what would be sent, so it was not sent.",
    {
      hint: `${what} Call again to ask anew.`,
      ticketId: ticket?.id,
    },
  );
}
