import { IconInfoCircle } from "@tabler/icons-react";
import { useEffect } from "react";
import { Link, useSearchParams } from "react-router-dom";
import type { Ticket } from "../../../shared/approval.ts";
import { InertText } from "../../components/inert-text.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import { resolvedAt } from "../../api/use-approvals.ts";
import classes from "./linked-ticket.module.css";
import { ticketStateWords } from "./ticket-words.ts";

type LinkedTicketProps = { pending: readonly Ticket[]; resolved: readonly Ticket[]; onFound: (id: string) => void };

/** The call that the address names: it is selected where it waits; where it does not, what became of it is said. */
export function LinkedTicket({ pending, resolved, onFound }: LinkedTicketProps) {
  const [params, setParams] = useSearchParams();
  const id = params.get("ticket");
  const waits = id !== null && pending.some((ticket) => ticket.id === id);
  useEffect(() => {
    if (!waits) return;
    onFound(id);
    setParams({}, { replace: true });
  }, [waits, id, onFound, setParams]);

  if (id === null || waits) return null;
  const ticket = resolved.find((each) => each.id === id);
  return (
    <p className={classes.note} role="status">
      <IconInfoCircle size={18} aria-hidden />
      {ticket ? (
        <span>
          <InertText text={`${ticket.server}.${ticket.tool}`} mono maxLength={120} /> does not wait any more:{" "}
          {ticketStateWords[ticket.state].label.toLowerCase()} <TimeAgo at={resolvedAt(ticket)} />.{" "}
          {ticketStateWords[ticket.state].meaning}{" "}
          <Link to={`/activity?call=${encodeURIComponent(ticket.invocationId)}`}>Timeline</Link>
        </span>
      ) : (
        <span>The call that you came for does not wait, and is none of the latest that did.</span>
      )}
    </p>
  );
}
