import { IconAlertTriangle, IconBellRinging, IconSquareCheck } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import type { Ticket } from "../../../shared/approval.ts";
import { Countdown } from "../../components/countdown.tsx";
import { formatMoment } from "../../components/format.ts";
import { visibleText } from "../../components/hidden-characters.ts";
import { InertText } from "../../components/inert-text.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import { risksOf, ticketStateWords } from "./ticket-words.ts";
import classes from "./ticket-list.module.css";
import type { Inbox } from "./use-inbox.ts";

/** Who waits, oldest first. What is resolved meanwhile keeps its place until the pointer is elsewhere. */
export function TicketList({ inbox }: { inbox: Inbox }) {
  return (
    <div
      className={classes.list}
      role="listbox"
      aria-label="Waiting calls"
      onPointerEnter={() => inbox.hold(true)}
      onPointerLeave={() => inbox.hold(false)}
    >
      {inbox.tickets.map((ticket) => (
        <Row
          key={ticket.id}
          ticket={ticket}
          isSelected={ticket.id === inbox.selected?.id}
          isMarked={inbox.marked.has(ticket.id)}
          onSelect={() => inbox.select(ticket.id)}
        />
      ))}
    </div>
  );
}

type RowProps = { ticket: Ticket; isSelected: boolean; isMarked: boolean; onSelect: () => void };

function Row({ ticket, isSelected, isMarked, onSelect }: RowProps) {
  const row = useRef<HTMLButtonElement>(null);
  const isPending = ticket.state === "pending";
  useEffect(() => {
    if (isSelected) row.current?.scrollIntoView({ block: "nearest" });
  }, [isSelected]);
  return (
    <button
      type="button"
      ref={row}
      className={classes.row}
      role="option"
      aria-selected={isSelected}
      aria-label={`${ticket.server}.${visibleText(ticket.tool)} for ${visibleText(ticket.client)}, ${ticketStateWords[ticket.state].label}${isMarked ? ", selected" : ""}`}
      tabIndex={isSelected ? 0 : -1}
      data-resolved={!isPending}
      onClick={onSelect}
      onFocus={onSelect}
    >
      <span className={classes.tool}>
        {isMarked && <IconSquareCheck size={16} className={classes.mark} aria-hidden />}
        <InertText text={`${ticket.server}.${ticket.tool}`} mono maxLength={120} />
      </span>
      <span className={classes.left}>
        {isPending ? <Countdown until={ticket.expiresAt} /> : ticketStateWords[ticket.state].label}
      </span>
      <span className={classes.client}>
        <InertText text={ticket.client} maxLength={60} /> · <TimeAgo at={ticket.requestedAt} />
      </span>
      <span className={classes.marks}>
        {ticket.escalatedAt !== null && (
          <span className={classes.risk} title={`Nobody had answered by ${formatMoment(ticket.escalatedAt)}.`}>
            <IconBellRinging size={14} aria-hidden /> Escalated
          </span>
        )}
        {risksOf(ticket).length > 0 && (
          <span className={classes.risk} title={risksOf(ticket).join(" ")}>
            <IconAlertTriangle size={14} aria-hidden /> Risk
          </span>
        )}
      </span>
    </button>
  );
}
