import type { Ticket } from "../../../shared/approval.ts";

/** Which calls are shown: `null` is any. */
export type TicketFilter = Readonly<Record<"server" | "tool" | "client", string | null>>;

export const filterKeys = ["server", "tool", "client"] as const;
export const noFilter: TicketFilter = { server: null, tool: null, client: null };

export function matchesFilter(ticket: Ticket, filter: TicketFilter): boolean {
  return filterKeys.every((key) => filter[key] === null || filter[key] === ticket[key]);
}

/** What can be chosen: the values that occur, and the chosen one though it no longer does. */
export function choicesOf(tickets: readonly Ticket[], key: keyof TicketFilter, chosen: string | null): string[] {
  const values = new Set(tickets.map((ticket) => ticket[key]));
  if (chosen !== null) values.add(chosen);
  return [...values].toSorted();
}
