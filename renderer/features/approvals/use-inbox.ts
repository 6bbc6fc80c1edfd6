import { useEffect, useRef, useState } from "react";
import type { Ticket } from "../../../shared/approval.ts";
import { useSteadyIds } from "../../components/use-steady-ids.ts";

export type Inbox = {
  /** In the order shown: oldest first, and those that were just resolved in their old place. */
  tickets: readonly Ticket[];
  selected: Ticket | null;
  select: (id: string) => void;
  /** Selects the neighbour, `1` down or `-1` up. */
  move: (step: 1 | -1) => void;
  /** Selects the next one that still waits, after a verdict of one's own. */
  advance: (from: string) => void;
  /** Those that a verdict on many is for, of those that wait. */
  marked: ReadonlySet<string>;
  /** Marks one, or takes its mark away. */
  mark: (id: string) => void;
  clearMarks: () => void;
  /** Holds every row in its place, as while the pointer is over the list. */
  hold: (isHeld: boolean) => void;
};

/** What the inbox shows and which of it is looked at; neither changes by itself under the reader. */
export function useInbox(pending: readonly Ticket[], resolved: readonly Ticket[]): Inbox {
  const [isHeld, hold] = useState(false);
  const [chosen, setChosen] = useState<string | null>(null);
  const [marks, setMarks] = useState<ReadonlySet<string>>(new Set());
  const known = new Map([...resolved, ...pending].map((ticket) => [ticket.id, ticket]));
  const ids = useSteadyIds(
    pending.map(({ id }) => id),
    (id) => isHeld || id === chosen,
  );
  const tickets = ids.flatMap((id) => known.get(id) ?? []);
  const selected = tickets.find(({ id }) => id === chosen) ?? tickets[0] ?? null;
  // The first one is looked at without being chosen; from then on it stays.
  if (selected && selected.id !== chosen) setChosen(selected.id);

  const latest = useRef({ tickets, selected });
  useEffect(() => {
    latest.current = { tickets, selected };
  });

  return {
    tickets,
    selected,
    select: setChosen,
    move: (step) => {
      const { tickets: list, selected: from } = latest.current;
      const index = list.findIndex(({ id }) => id === from?.id);
      const next = list[index + step];
      if (next) setChosen(next.id);
    },
    advance: (from) => {
      const { tickets: list, selected: current } = latest.current;
      if (current?.id === from) setChosen(nextWaiting(list, from)?.id ?? from);
    },
    marked: new Set(pending.flatMap(({ id }) => (marks.has(id) ? [id] : []))),
    mark: (id) =>
      setMarks((all) => (all.has(id) ? new Set([...all].filter((other) => other !== id)) : new Set([...all, id]))),
    clearMarks: () => setMarks(new Set()),
    hold,
  };
}

/** The ticket that waits and comes next after `from`, from the top again at the end. */
export function nextWaiting(tickets: readonly Ticket[], from: string): Ticket | undefined {
  const index = tickets.findIndex(({ id }) => id === from);
  const inOrder = [...tickets.slice(index + 1), ...tickets.slice(0, Math.max(0, index))];
  return inOrder.find(({ state }) => state === "pending");
}
