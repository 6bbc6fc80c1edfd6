import type { Delivery } from "../../../shared/alert.ts";

/** Whether the webhooks were told, in words; `null` where there are none. */
export function deliveryWords(deliveries: readonly Delivery[]): string | null {
  if (deliveries.length === 0) return null;
  return deliveries.map(one).join(" ");
}

function one({ to, state, problem }: Delivery): string {
  if (state === "sent") return `${to} was told.`;
  if (state === "failed") return `${to} was not told: ${problem ?? "it gave no reason."}`;
  return problem === null ? `Telling ${to}.` : `Telling ${to} again: ${problem}`;
}
