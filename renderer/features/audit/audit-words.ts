import type { AuditFilter, AuditKind, AuditRecord } from "../../../shared/audit.ts";
import { formatCount } from "../../components/format.ts";

export const kindWords: Record<AuditKind, string> = {
  decision: "Decided",
  verdict: "Verdict",
  "approval.used": "Approval used",
  "grant.made": "Grant made",
  "grant.revoked": "Grant revoked",
  "policy.changed": "Policy changed",
  switch: "Switched",
  setting: "Setting changed",
  "circuit.reset": "Circuit reset",
  "circuit.trip": "Circuit tripped",
  "circuit.probe": "Circuit probed",
  "pin.accepted": "Tool accepted",
  "pin.blocked": "Tool blocked",
  "pin.drifted": "Tool changed",
  "secret.set": "Secret set",
  "secret.removed": "Secret removed",
  "secret.bound": "Secret bound",
  "sign-in": "Signed in",
  "sign-out": "Signed out",
  "client.made": "Client added",
  "client.revoked": "Client revoked",
  "client.view": "What a client sees",
  "alert.raised": "Alert raised",
  "alert.dismissed": "Alert dismissed",
  "alert.sent": "Webhook told",
  "alert.not_sent": "Webhook not told",
  "webhook.key": "Webhook key shown",
  login: "Browser logged in",
  logout: "Browser logged out",
};

/** A kind of a newer Switchgear is called by its own name. */
export function kindWord(kind: string): string {
  return (kindWords as Record<string, string>)[kind] ?? kind;
}

const allKinds = Object.keys(kindWords) as AuditKind[];
const starting = (...prefixes: string[]) => allKinds.filter((kind) => prefixes.some((each) => kind.startsWith(each)));

/** What people look for, in their words. */
export const groups = {
  acts: { label: "What people did", kinds: allKinds.filter((kind) => kind !== "decision") },
  all: { label: "Everything", kinds: undefined },
  decisions: { label: "Decisions of the policy", kinds: ["decision"] },
  approvals: { label: "Verdicts and grants", kinds: starting("verdict", "approval", "grant") },
  configuration: { label: "Policy and settings", kinds: starting("policy", "switch", "setting") },
  circuits: { label: "Circuits", kinds: starting("circuit") },
  tools: { label: "Tool definitions", kinds: starting("pin") },
  access: {
    label: "Secrets, sign-ins and clients",
    kinds: starting("secret", "sign", "client", "webhook", "log"),
  },
  alerts: { label: "Alerts", kinds: starting("alert") },
} as const satisfies Record<string, { label: string; kinds: readonly AuditKind[] | undefined }>;
export type Group = keyof typeof groups;

export function toFilter(group: Group, text: string): AuditFilter {
  const { kinds } = groups[group];
  const sought = text.trim();
  return { ...(kinds && { kinds: [...kinds] }), ...(sought && { text: sought }) };
}

/** What a record says, in one line. */
export function gist({ kind, detail }: Pick<AuditRecord, "kind" | "detail">): string {
  const text = (name: string) => (typeof detail[name] === "string" ? detail[name] : undefined);
  const parts: (string | undefined)[] = [];
  if (kind === "decision") parts.push(text("level"), text("rule"));
  else if (kind === "alert.raised") parts.push(text("kind")?.replaceAll("_", " "), text("client"));
  else if (kind === "alert.not_sent") parts.push(text("problem"));
  else if (kind === "webhook.key") parts.push(detail.renewed === true ? "made anew" : undefined);
  else if (kind === "verdict") parts.push(text("state"), text("reason"));
  else if (kind === "switch") parts.push(detail.to === true ? "on" : "off");
  else if (kind === "setting") parts.push(changedParts(detail.from, detail.to));
  else if (kind === "sign-in" || kind === "sign-out") parts.push(text("issuer"), text("why"));
  else if (kind === "policy.changed") parts.push(text("state"), changedLines(detail.changes));
  else if (kind.startsWith("pin.")) parts.push(text("why"), toolCount(detail.tools));
  else if (kind === "client.made" || kind === "client.revoked") parts.push(text("area"));
  else parts.push(text("why") ?? text("reason") ?? text("servers"));
  return parts.filter((part) => part !== undefined).join(" · ");
}

/** Only what differs, where both are made of parts. */
function changedParts(from: unknown, to: unknown): string {
  const step = (before: unknown, after: unknown) => `${JSON.stringify(before)} → ${JSON.stringify(after)}`;
  if (!isRecord(from) || !isRecord(to)) return step(from, to);
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  const changed = names.filter((name) => JSON.stringify(from[name]) !== JSON.stringify(to[name]));
  return changed.map((name) => `${name} ${step(from[name], to[name])}`).join(", ");
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Of several; one is the record's subject. */
function toolCount(tools: unknown): string | undefined {
  return Array.isArray(tools) && tools.length > 1 ? formatCount(tools.length, "tool") : undefined;
}

function changedLines(changes: unknown): string | undefined {
  if (!Array.isArray(changes)) return undefined;
  const count = (sign: string) => changes.filter((line) => typeof line === "string" && line.startsWith(sign)).length;
  return `+${count("+")} −${count("-")} lines`;
}
