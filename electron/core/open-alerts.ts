import { describeAlert, unreachedWords, type Alert } from "../../shared/alert.ts";
import { Alerts, type AlertsDeps } from "./alerts/alerts.ts";
import { WebhookKey } from "./alerts/webhook-key.ts";
import type { Inbox } from "./approvals/approval-book.ts";
import type { AuditChain, Journal } from "./journal/journal.ts";
import type { Notices } from "./notices.ts";
import type { PolicyStore } from "./policy/policy-store.ts";
import type { Notify, Ports } from "./ports.ts";
import type { Redactor } from "./secrets/redact.ts";
import type { Vault } from "./secrets/vault.ts";

type AlertParts = Pick<AlertsDeps, "database" | "events"> &
  Pick<Ports, "clock" | "logger" | "notify"> & {
    audit: AuditChain;
    policy: PolicyStore;
    approvals: Inbox;
    journal: Journal;
    vault: Vault;
    redactor: Redactor;
    notices: Notices;
  };

/** What points at trouble, and the key by which webhooks know it. */
export type Alerting = { alerts: Alerts; webhookKey: WebhookKey; close(): Promise<void> };

/** More at once are told as one. */
const mostNotifications = 3;

/** Alerts and escalations, told on the desktop, in the window and to webhooks. */
export function openAlerts(parts: AlertParts): Alerting {
  const { audit, policy, approvals, vault, redactor, notices, notify, logger } = parts;
  const webhookKey = new WebhookKey({ vault, record: (kind, entry) => audit.append(kind, entry) });
  const alerts = new Alerts({
    ...parts,
    policy: () => policy.file(),
    tickets: {
      unanswered: (requestedAt) => approvals.unanswered(requestedAt),
      markEscalated: (id, at) => approvals.markEscalated(id, at),
      escalated: (id) => approvals.escalated?.(id),
      waiting: () => approvals.waiting(),
    },
    counted: (like, since, most) => parts.journal.count(like, since, most),
    key: () => webhookKey.get(),
    redact: (text) => redactor.text(text),
    record: (kind, entry) => audit.append(kind, entry),
    onRaised: (raised) => {
      for (const alert of raised) logger.warn("An alert was raised.", { alert });
      if (notify) tellDesktop(notify, raised, notices);
    },
    onUnreached: (to, problem) => {
      logger.warn("A webhook was not told of an alert.", { to, problem });
      notices.add({
        id: `webhook-${to}`,
        level: "warning",
        message: `The webhook at ${to} was not told of an alert. ${problem}`,
        hint: "Check escalate_to in the policy file, and whoever runs the webhook.",
      });
    },
  });
  return { alerts, webhookKey, close: () => alerts.close() };
}

function tellDesktop(notify: Notify, raised: readonly Alert[], notices: Notices): void {
  const told =
    raised.length <= mostNotifications
      ? raised.map((alert) => {
          const { title, text } = describeAlert(alert.cause);
          return { title, text: [text, unreachedWords(alert)].filter(Boolean).join(" ") };
        })
      : [{ title: `${raised.length} alerts`, text: "Calls need somebody’s attention. Open Switchgear to see which." }];
  // Each is asked for, whatever the desktop said to the one before.
  if (told.map((each) => notify(each)).every(Boolean)) return;
  notices.add({
    id: "desktop-notifications",
    level: "info",
    message: "This desktop shows no notifications, so alerts are told in this window alone.",
    hint: "Start a notification service to be told while the window is closed or covered.",
  });
}
