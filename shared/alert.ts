import { z } from "zod";
import { inertText } from "./inert-text.ts";

/** How telling one webhook stands. */
export const deliverySchema = z.object({
  /** The address without its path, which may hold a secret: `https://hooks.example.com`. */
  to: z.string(),
  state: z.enum(["pending", "sent", "failed"]),
  attempts: z.number().int(),
  /** Why the latest attempt failed; `null` where none did. */
  problem: z.string().nullable(),
});
export type Delivery = z.infer<typeof deliverySchema>;

const about = {
  client: z.string(),
  server: z.string(),
  tool: z.string(),
};
const counted = {
  ...about,
  /** Calls, or denials, within the window. */
  threshold: z.number().int(),
  windowMinutes: z.number(),
};

/** What somebody should look at. Each counts one client's calls of one tool. */
export const alertCauseSchema = z.discriminatedUnion("kind", [
  /** So many calls, however they ended. */
  z.object({ kind: z.literal("high_frequency"), ...counted }),
  /** So many that the policy, a quarantine or a person refused. */
  z.object({ kind: z.literal("repeated_denials"), ...counted }),
  /** Nobody has answered a ticket for so long. */
  z.object({ kind: z.literal("escalation"), ...about, ticketId: z.string(), waitedMinutes: z.number() }),
]);
export type AlertCause = z.infer<typeof alertCauseSchema>;

/** Times are wall-clock milliseconds. */
export const alertSchema = z.object({
  id: z.string(),
  at: z.number(),
  cause: alertCauseSchema,
  /** One for each address in `escalate_to`. */
  deliveries: z.array(deliverySchema),
  /** What else stands in `escalate_to`: passed to the webhooks, as Switchgear itself sends no mail. */
  recipients: z.array(z.string()),
  dismissed: z.object({ by: z.string(), at: z.number() }).nullable(),
});
export type Alert = z.infer<typeof alertSchema>;

/** An alert in words, fit for a notification, a line of text and a webhook. */
export function describeAlert(cause: AlertCause): { title: string; text: string } {
  const who = inertText(cause.client, 60);
  const what = inertText(`${cause.server}.${cause.tool}`, 120);
  switch (cause.kind) {
    case "high_frequency":
      return {
        title: "Many calls",
        text: `${who} called ${what} ${times(cause.threshold)} within ${minutes(cause.windowMinutes)}.`,
      };
    case "repeated_denials":
      return {
        title: "Repeated denials",
        text: `${who} was refused ${what} ${times(cause.threshold)} within ${minutes(cause.windowMinutes)}.`,
      };
    case "escalation":
      return {
        title: "A call waits unanswered",
        text: `${who} has waited ${minutes(cause.waitedMinutes)} for an answer to ${what}.`,
      };
  }
}

/** Why nobody beyond this screen hears of an unanswered call; `null` where a webhook is told. */
export function unreachedWords({ cause, deliveries, recipients }: Alert): string | null {
  if (cause.kind !== "escalation" || deliveries.length > 0) return null;
  if (recipients.length === 0) return "Nobody else was told: escalate_to in the policy file names nobody.";
  const names = recipients.map((name) => inertText(name, 60)).join(", ");
  return `Nobody else was told: Switchgear reaches ${names} only by a webhook, and escalate_to holds no https:// address.`;
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}

function minutes(count: number): string {
  return count === 1 ? "a minute" : `${count} minutes`;
}
