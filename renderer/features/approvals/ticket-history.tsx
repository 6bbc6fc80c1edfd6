import { IconHistory } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "react-router-dom";
import { Button } from "@mantine/core";
import type { Ticket } from "../../../shared/approval.ts";
import { resolvedAt } from "../../api/use-approvals.ts";
import { EmptyState } from "../../components/empty-state.tsx";
import { InertText } from "../../components/inert-text.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import classes from "./ticket-history.module.css";
import { ticketStateWords } from "./ticket-words.ts";

const step = 20;

/** What became of those who waited before; newest verdict first. */
export function TicketHistory({ tickets }: { tickets: readonly Ticket[] }) {
  const [shown, setShown] = useState(step);
  if (tickets.length === 0) {
    return (
      <EmptyState icon={IconHistory} title="No verdict yet">
        Each call that was approved, denied or left to expire is listed here, with who decided and why.
      </EmptyState>
    );
  }
  return (
    <>
      <table className={classes.table} aria-labelledby="history-title">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Tool</th>
            <th scope="col">Caller</th>
            <th scope="col">Verdict</th>
            <th scope="col">By</th>
            <th scope="col">Reason</th>
            <th scope="col">Sent</th>
          </tr>
        </thead>
        <tbody>
          {tickets.slice(0, shown).map((ticket) => (
            <tr key={ticket.id}>
              <td className={classes.when}>
                <TimeAgo at={resolvedAt(ticket)} />
              </td>
              <td>
                <Link to={`/activity?call=${encodeURIComponent(ticket.invocationId)}`}>
                  <InertText text={`${ticket.server}.${ticket.tool}`} mono maxLength={120} />
                </Link>
              </td>
              <td>
                <InertText text={ticket.client} maxLength={60} />
              </td>
              <td className={classes.verdict} data-state={ticket.state} title={ticketStateWords[ticket.state].meaning}>
                {ticketStateWords[ticket.state].label}
                {ticket.edited && ", edited"}
              </td>
              <td>{ticket.verdict ? <InertText text={ticket.verdict.by} maxLength={60} /> : "–"}</td>
              <td className={classes.reason}>
                {ticket.verdict?.reason ? <InertText text={ticket.verdict.reason} maxLength={300} /> : "–"}
              </td>
              <td className={classes.when}>{ticket.executedAt === null ? "–" : <TimeAgo at={ticket.executedAt} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown < tickets.length && (
        <Button variant="subtle" color="gray" onClick={() => setShown(shown + step)}>
          Show older ones ({tickets.length - shown})
        </Button>
      )}
    </>
  );
}
