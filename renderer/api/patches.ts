/** How one changed thing enters a cached list: pure, so that the screens can trust what events do. */
import type { Alert } from "../../shared/alert.ts";
import type { Ticket } from "../../shared/approval.ts";
import type { Grant } from "../../shared/grant.ts";
import type { Invocation, InvocationPage } from "../../shared/invocation.ts";
import type { Question } from "../../shared/question.ts";

/** The list with `item` in the place of its earlier self, or at the end where it is new. */
export function upsert<T>(list: readonly T[], item: T, isSame: (other: T) => boolean): T[] {
  const index = list.findIndex(isSame);
  return index < 0 ? [...list, item] : list.with(index, item);
}

/** Waiting tickets, oldest first: a resolved one leaves, a new one joins at the end. */
export function patchPending(list: readonly Ticket[], ticket: Ticket): Ticket[] {
  const isSame = (other: Ticket) => other.id === ticket.id;
  return ticket.state === "pending" ? upsert(list, ticket, isSame) : list.filter((other) => !isSame(other));
}

/** Resolved tickets, newest verdict first. */
export function patchResolved(list: readonly Ticket[], ticket: Ticket): Ticket[] {
  if (ticket.state === "pending") return [...list];
  const index = list.findIndex((other) => other.id === ticket.id);
  return index < 0 ? [ticket, ...list] : list.with(index, ticket);
}

/** Questions that nobody has answered: one that is over leaves, a new one joins at the end. */
export function patchQuestions(list: readonly Question[], question: Question): Question[] {
  const isSame = (other: Question) => other.id === question.id;
  return question.state === "open" ? upsert(list, question, isSame) : list.filter((other) => !isSame(other));
}

/** Alerts that nobody has dismissed, a new one first. */
export function patchAlerts(list: readonly Alert[], alert: Alert): Alert[] {
  const others = list.filter((other) => other.id !== alert.id);
  if (alert.dismissed) return others;
  return others.length < list.length
    ? list.map((other) => (other.id === alert.id ? alert : other))
    : [alert, ...others];
}

/** Grants, a new one first. */
export function patchGrants(list: readonly Grant[], grant: Grant): Grant[] {
  const index = list.findIndex((other) => other.id === grant.id);
  return index < 0 ? [grant, ...list] : list.with(index, grant);
}

/** Loaded rows get their new state in place; a call that the page does not hold stays out, so the list never moves by itself. */
export function patchPage(page: InvocationPage, calls: ReadonlyMap<string, Invocation>): InvocationPage {
  if (!page.rows.some((row) => calls.has(row.id))) return page;
  return { ...page, rows: page.rows.map((row) => calls.get(row.id) ?? row) };
}
