import { Button, Modal, Textarea } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useState } from "react";
import type { Ticket } from "../../../shared/approval.ts";
import { useDecideMany } from "../../api/use-approvals.ts";
import { ErrorState } from "../../components/error-state.tsx";
import { formatCount } from "../../components/format.ts";
import { InertText } from "../../components/inert-text.tsx";
import classes from "./bulk-dialog.module.css";
import { risksOf } from "./ticket-words.ts";

type BulkDialogProps = { kind: "approve" | "deny"; tickets: readonly Ticket[]; onClose: () => void };

/** Shows exactly which calls a verdict is for, gives it, and tells which of them somebody else had decided. */
export function BulkDialog({ kind, tickets, onClose }: BulkDialogProps) {
  const decide = useDecideMany();
  const [reason, setReason] = useState("");
  const count = formatCount(tickets.length, "call");
  const word = kind === "approve" ? "Approve" : "Deny";
  const isIncomplete = kind === "deny" && reason.trim() === "";
  const failures = decide.data?.flatMap((result) => (result.ok ? [] : [result])) ?? [];
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    if (isIncomplete) return;
    decide.mutate(
      {
        ids: tickets.map(({ id }) => id),
        verdict: kind === "approve" ? { kind } : { kind, reason: reason.trim() },
      },
      { onSuccess: (results) => results.every(({ ok }) => ok) && onClose() },
    );
  };
  return (
    <Modal opened onClose={onClose} title={`${word} ${count}?`} size="lg" closeButtonProps={{ "aria-label": "Close" }}>
      <form className={classes.form} onSubmit={submit}>
        <ul className={classes.list} aria-label="Calls">
          {tickets.map((ticket) => (
            <Row
              key={ticket.id}
              ticket={ticket}
              problem={failures.find(({ id }) => id === ticket.id)?.error.message ?? null}
            />
          ))}
        </ul>
        {kind === "deny" && (
          <Textarea
            label="Reason"
            description="Each caller reads it."
            data-autofocus
            autosize
            minRows={2}
            maxRows={6}
            maxLength={1000}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        )}
        {decide.isError && <ErrorState error={decide.error} />}
        <footer className={classes.foot}>
          <p>
            {failures.length > 0
              ? `${formatCount(failures.length, "call was", "calls were")} not decided by you, as told above.`
              : "Each as it stands, once. Calls that come in now are not among them."}
          </p>
          <Button variant="default" onClick={onClose}>
            {failures.length > 0 ? "Close" : "Cancel"}
          </Button>
          {failures.length === 0 && (
            <Button type="submit" loading={decide.isPending} disabled={isIncomplete}>
              {word} {count}
            </Button>
          )}
        </footer>
      </form>
    </Modal>
  );
}

function Row({ ticket, problem }: { ticket: Ticket; problem: string | null }) {
  const risks = risksOf(ticket);
  return (
    <li className={classes.row}>
      <span className={classes.call}>
        <InertText text={`${ticket.server}.${ticket.tool}`} mono maxLength={120} />
        <span className={classes.quiet}>
          for <InertText text={ticket.client} maxLength={60} />
        </span>
        {risks.length > 0 && (
          <span className={classes.risk} title={risks.join(" ")}>
            <IconAlertTriangle size={14} aria-hidden /> Risk
          </span>
        )}
      </span>
      <span className={classes.args}>
        <InertText text={JSON.stringify(ticket.args)} mono maxLength={160} />
      </span>
      {problem !== null && <span className={classes.problem}>{problem}</span>}
    </li>
  );
}
