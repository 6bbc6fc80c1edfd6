import type { Ticket } from "../../shared/approval.ts";
import type { VerdictResult } from "../../shared/approval.ts";
import type { GrantScope } from "../../shared/grant.ts";
import type { GrantBook, Inbox } from "./approvals/approval-book.ts";
import type { ArgumentCheck } from "./argument-check.ts";
import { askPolicy, assertPermitted } from "./ask-policy.ts";
import { MCPClientError, toClientError } from "./errors.ts";
import { isOfferMethod, offerDefinitions, type CallMethod } from "./offer-methods.ts";
import type { ToolPins } from "./pins/tool-pins.ts";
import type { PolicyStore } from "./policy/policy-store.ts";
import { assertPayloadFits, requireTool } from "./preconditions.ts";
import type { ServerConnection } from "./servers/connection.ts";
import type { ServerManager } from "./servers/manager.ts";
import type { SettingsStore } from "./settings-store.ts";

export type DeskParts = {
  approvals: Inbox;
  grants: GrantBook;
  policy: PolicyStore;
  pins: ToolPins;
  settings: SettingsStore;
  servers: ServerManager;
  argumentCheck: ArgumentCheck;
};

/** More than a plain yes. */
export type Approval = {
  /** Sent instead of what was asked for. */
  args?: Record<string, unknown> | undefined;
  /** For the calls that follow. */
  grant?: GrantScope | undefined;
};

export type ManyVerdict = { kind: "approve" } | { kind: "deny"; reason: string };

/** Where a person decides: verdicts one by one or many at once, with arguments changed, with a grant for what comes after. */
export class ApprovalDesk {
  #parts: DeskParts;

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  /**
   * What cannot be sent or granted is told before anything is approved; the path looks at it all again before it sends.
   * @throws as `ApprovalInbox.approve` and `Grants.give`; MCPRefusedError `invalid_arguments`, `payload_too_large`, `unknown_tool`,
   * `policy_denied`, `policy_invalid` where the changed arguments could not be sent: the call then still waits
   */
  async approve(id: string, by: string, { args, grant }: Approval = {}): Promise<Ticket> {
    const { approvals, grants } = this.#parts;
    const asked = await approvals.get(id);
    const properties = this.#propertiesOf(asked);
    if (args !== undefined) this.#assertSendable(asked, args);
    if (grant) {
      grants.assertGrantable(asked, grant, args ?? asked.args, properties);
      await grants.assertHere?.(asked, grant);
    }
    const ticket = await approvals.approve(id, by, args);
    if (!grant) return ticket;
    try {
      await grants.give(ticket, grant, by, properties);
    } catch (cause) {
      const { code, message, hint } = toClientError(cause);
      const told = `The call was approved, but calls like it were not: ${message}`;
      throw new MCPClientError(code, told, { hint, ticketId: id, cause });
    }
    return ticket;
  }

  /** @throws as `ApprovalInbox.deny` */
  async deny(id: string, by: string, reason: string): Promise<Ticket> {
    return this.#parts.approvals.deny(id, by, reason);
  }

  /** The same verdict on each of the tickets, each by itself: one that cannot be given harms no other. In their order. */
  async decideMany(ids: readonly string[], by: string, verdict: ManyVerdict): Promise<VerdictResult[]> {
    const results: VerdictResult[] = [];
    for (const id of new Set(ids)) {
      try {
        const ticket = await (verdict.kind === "approve" ? this.approve(id, by) : this.deny(id, by, verdict.reason));
        results.push({ ok: true, ticket });
      } catch (error) {
        results.push({ ok: false, id, error: toClientError(error).toWire() });
      }
    }
    return results;
  }

  #assertSendable({ server, tool, client }: Ticket, args: Record<string, unknown>): void {
    const { servers, argumentCheck } = this.#parts;
    const call = { server, tool, args, client };
    const connection = servers.connection(server);
    argumentCheck.assertFit(server, requireTool(connection, { tool, method: methodOf(connection, tool) }), args);
    assertPayloadFits(connection.config, call);
    assertPermitted(call, askPolicy(call, this.#parts));
  }

  /** What the tool's schema names, as far as the tool is known here. */
  #propertiesOf({ server, tool }: Ticket): string[] {
    const known = this.#parts.servers.tools().find((each) => each.server === server && each.tool.name === tool);
    const definition = known?.tool ?? (isOfferMethod(tool) ? offerDefinitions[tool] : undefined);
    return Object.keys(definition?.inputSchema.properties ?? {});
  }
}

/** What a ticket asks for, which names a method as it names a tool. */
function methodOf(server: ServerConnection, tool: string): CallMethod {
  return isOfferMethod(tool) && !server.tool(tool) ? tool : "tools/call";
}
