/** What the parts do, in the words of the audit chain. */
import type { Ticket } from "../../shared/approval.ts";
import type { Grant } from "../../shared/grant.ts";
import type { PolicyDecision } from "../../shared/policy.ts";
import type { AuditEntry, AuditKind } from "../../shared/audit.ts";
import { MCPClientError } from "./errors.ts";
import type { AuditChain } from "./journal/journal.ts";
import type { SignInChange } from "./oauth/sign-in-change.ts";
import type { NewPin } from "./pins/pin-table.ts";
import type { CircuitOrder } from "./resilience/circuits.ts";
import type { SettingChange } from "./settings-store.ts";

type Decided = { id: string; server: string; tool: string; client: string; environment: string };

export function decisionEntry(call: Decided, { level, rule, line }: PolicyDecision): AuditEntry {
  const detail = { call: call.id, environment: call.environment, level, rule, line };
  return { by: call.client, subject: `${call.server}.${call.tool}`, detail };
}

/** A ticket's verdict, or the use of an approval. */
export function ticketEntry(ticket: Ticket): AuditEntry {
  const { id, invocationId, state, hash, client, rule, verdict, edited, grantId } = ticket;
  const detail = {
    ...{ ticket: id, call: invocationId, state, hash, client, rule, reason: verdict?.reason ?? null },
    ...(edited && { sent: edited.hash }),
    ...(grantId !== null && { grant: grantId }),
  };
  return { by: verdict?.by ?? "switchgear", subject: `${ticket.server}.${ticket.tool}`, detail };
}

/** What became of the definitions of a server's tools, at once and by one hand. */
export function pinEntry(pins: readonly [NewPin, ...NewPin[]]): AuditEntry {
  const [{ server, tool, by, why }, ...others] = pins;
  const tools = pins.map(({ tool: name, standing, fingerprint }) => ({ tool: name, standing, fingerprint }));
  return { by, subject: others.length === 0 ? `${server}.${tool}` : server, detail: { why, tools } };
}

/** A grant that was made, or revoked. */
export function grantEntry(grant: Grant): AuditEntry {
  const { id, kind, ticketId, client, environment, rule, fingerprint, expiresAt, revoked } = grant;
  const detail = {
    ...{ grant: id, kind, ticket: ticketId, client, environment, rule, fingerprint, expiresAt },
    ...(revoked && { reason: revoked.reason }),
  };
  return { by: revoked?.by ?? grant.by, subject: `${grant.server}.${grant.tool}`, detail };
}

export function circuitEntry({ server, tool, from, who, why }: CircuitOrder): AuditEntry {
  return { by: who, subject: tool === null ? server : `${server}.${tool}`, detail: { why, from } };
}

/**
 * A sign-out is never refused: where it cannot be recorded now, it is as soon as it can.
 * @throws MCPClientError `journal_unavailable` where a sign-in cannot be recorded
 */
export function recordSignIn(audit: AuditChain, { kind, by, server, ...detail }: SignInChange): void {
  const entry = { by, subject: server, detail };
  try {
    audit.append(kind, entry);
  } catch (error) {
    if (kind === "sign-in" || !(error instanceof MCPClientError) || error.code !== "journal_unavailable") throw error;
    audit.note(kind, entry);
  }
}

/**
 * Changes settings and records it, or does neither. Switching off is always done: where it cannot be recorded now, it is as soon as
 * it can.
 * @throws MCPClientError `journal_unavailable`, or what `act` throws
 */
export function recordSettings(
  audit: AuditChain,
  changes: readonly SettingChange[],
  by: string,
  act: () => void,
): void {
  const entries = changes.map(({ name, from, to }): Recorded => {
    return [name === "mcpEnabled" ? "switch" : "setting", { by, subject: name, detail: { from, to } }];
  });
  const isOff = changes.every(({ name, to }) => name === "mcpEnabled" && to === false);
  recordAnd(audit, entries, act, isOff);
}

/** As `recordSettings`, of one server's switch. */
export function recordSwitch(audit: AuditChain, server: string, to: boolean, by: string, act: () => void): void {
  recordAnd(audit, [["switch", { by, subject: server, detail: { from: !to, to } }]], act, !to);
}

type Recorded = [AuditKind, AuditEntry];

function recordAnd(audit: AuditChain, entries: readonly Recorded[], act: () => void, isOff: boolean): void {
  try {
    audit.together(() => {
      for (const entry of entries) audit.append(...entry);
      act();
    });
  } catch (error) {
    if (!isOff || !(error instanceof MCPClientError) || error.code !== "journal_unavailable") throw error;
    act();
    for (const entry of entries) audit.note(...entry);
  }
}
