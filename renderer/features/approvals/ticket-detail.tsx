import { IconAlertTriangle, IconBellRinging, IconMessage } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "react-router-dom";
import type { Ticket } from "../../../shared/approval.ts";
import { Countdown } from "../../components/countdown.tsx";
import { formatMoment } from "../../components/format.ts";
import { InertText } from "../../components/inert-text.tsx";
import { hasChange, toJsonTree } from "../../components/json-diff.ts";
import { JsonTree } from "../../components/json-tree.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import { useTimeLeft } from "../../components/use-time-left.ts";
import { DecisionTrace } from "../policy/decision-trace.tsx";
import { decidingLine } from "../policy/trace-words.ts";
import classes from "./ticket-detail.module.css";
import { risksOf, ticketStateWords } from "./ticket-words.ts";

type TicketDetailProps = { ticket: Ticket; editor: ReactNode; children?: ReactNode };

/**
 * One call that waits: who asks for what, why it is asked, and what is unusual about it.
 * @param editor in the arguments' place while they are edited
 * @param children the verdict's buttons
 */
export function TicketDetail({ ticket, editor, children }: TicketDetailProps) {
  const line = decidingLine(ticket.trace, ticket.rule);
  return (
    <section className={classes.detail} aria-label="Call">
      <div className={classes.call}>
        <header className={classes.header}>
          <div className={classes.who}>
            <p className={classes.asks}>
              <InertText text={ticket.client} maxLength={80} className={classes.client} /> wants to call
              {ticket.environment !== "" && (
                <>
                  , in <InertText text={ticket.environment} maxLength={60} />
                </>
              )}
            </p>
            <h2 className={classes.tool}>
              <InertText text={`${ticket.server}.${ticket.tool}`} mono maxLength={200} />
            </h2>
          </div>
          <TimeLeft ticket={ticket} />
        </header>

        {ticket.approvalMessage !== null && (
          <p className={classes.message}>
            <IconMessage size={18} stroke={1.5} aria-hidden />
            <InertText text={ticket.approvalMessage} multiline />
          </p>
        )}
        {ticket.escalatedAt !== null && (
          <p className={classes.risk}>
            <IconBellRinging size={18} stroke={1.5} aria-hidden />
            <span>
              Escalated <TimeAgo at={ticket.escalatedAt} />: nobody had answered.
            </span>
          </p>
        )}
        {risksOf(ticket).map((risk) => (
          <p key={risk} className={classes.risk}>
            <IconAlertTriangle size={18} stroke={1.5} aria-hidden />
            {risk}
          </p>
        ))}

        {editor || <Arguments ticket={ticket} />}

        <div className={classes.part}>
          <div className={classes.partHeader}>
            <h3>Why it asks</h3>
            <p>
              <Link to={line === null ? "/policy" : `/policy?line=${line}`}>
                <code>{ticket.rule}</code>
                {line !== null && `, line ${line}`}
              </Link>
            </p>
          </div>
          <DecisionTrace trace={ticket.trace} rule={ticket.rule} brief />
        </div>

        <p className={classes.foot}>
          <span title={formatMoment(ticket.requestedAt)}>
            Asked <TimeAgo at={ticket.requestedAt} />
          </span>
          <Link to={`/activity?call=${encodeURIComponent(ticket.invocationId)}`}>Timeline</Link>
          <span title={`SHA-256 of what would be sent: ${ticket.hash}`}>
            <code>{ticket.hash.slice(0, 12)}</code>
          </span>
        </p>
      </div>
      {children}
    </section>
  );
}

/** What was asked for; once it is decided, what was sent in its place. */
function Arguments({ ticket }: { ticket: Ticket }) {
  const { args, edited, lastApprovedArgs } = ticket;
  return (
    <div className={classes.part}>
      <div className={classes.partHeader}>
        <h3>{edited ? "Arguments, as approved" : "Arguments"}</h3>
        <p>{edited ? "What the approver changed is marked" : comparison(ticket)}</p>
      </div>
      <div className={classes.box}>
        <JsonTree value={edited ? edited.args : args} compareTo={edited ? args : lastApprovedArgs} label="Arguments" />
      </div>
    </div>
  );
}

/** Below this much time left it stands out, milliseconds. */
const urgentMs = 60_000;

function TimeLeft({ ticket }: { ticket: Ticket }) {
  const leftMs = useTimeLeft(ticket.expiresAt);
  if (ticket.state === "pending") {
    return (
      <p className={classes.left} data-urgent={leftMs < urgentMs}>
        <span>Time left</span>
        <strong>
          <Countdown until={ticket.expiresAt} />
        </strong>
      </p>
    );
  }
  const { label, meaning } = ticketStateWords[ticket.state];
  return (
    <p className={classes.left} role="status" title={meaning}>
      <span>{ticket.verdict ? <InertText text={`by ${ticket.verdict.by}`} maxLength={60} /> : "No verdict"}</span>
      <strong>{label}</strong>
    </p>
  );
}

function comparison({ args, lastApprovedArgs }: Ticket): string {
  if (lastApprovedArgs === undefined) return "No approved call to compare with";
  return hasChange(toJsonTree(args, lastApprovedArgs))
    ? "What differs from the last approved call is marked"
    : "The same as in the last approved call";
}
