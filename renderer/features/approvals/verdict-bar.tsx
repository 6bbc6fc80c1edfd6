import { Button, Kbd, Textarea } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import type { Ticket } from "../../../shared/approval.ts";
import { ErrorState } from "../../components/error-state.tsx";
import classes from "./verdict-bar.module.css";

type VerdictBarProps = {
  ticket: Ticket;
  isDenying: boolean;
  isBusy: boolean;
  /** Why the last verdict on this ticket was not taken. */
  error: unknown;
  onApprove: () => void;
  onStartDenying: () => void;
  onDeny: (reason: string) => void;
  onBack: () => void;
};

/** Yes, or no with a reason. */
export function VerdictBar(props: VerdictBarProps) {
  const { isDenying, isBusy, error, onApprove, onStartDenying } = props;
  return (
    <div className={classes.bar}>
      {error !== null && <ErrorState error={error} />}
      {isDenying ? (
        <DenyForm {...props} />
      ) : (
        <div className={classes.buttons}>
          <Button size="sm" loading={isBusy} onClick={onApprove} rightSection={<Key name="a" />} aria-keyshortcuts="a">
            Approve
          </Button>
          <Button
            size="sm"
            variant="default"
            disabled={isBusy}
            onClick={onStartDenying}
            rightSection={<Key name="d" />}
            aria-keyshortcuts="d"
          >
            Deny
          </Button>
          <p className={classes.note}>
            Approves these arguments, once. If the policy, the tool or the arguments change before it is sent, it is
            refused.
          </p>
        </div>
      )}
    </div>
  );
}

function DenyForm({ ticket, isBusy, onDeny, onBack }: VerdictBarProps) {
  const [reason, setReason] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  const isEmpty = reason.trim() === "";
  const submit = (event: React.SyntheticEvent) => {
    event.preventDefault();
    if (!isEmpty && !isBusy) onDeny(reason.trim());
  };
  return (
    <form className={classes.form} onSubmit={submit} aria-label="Deny with a reason">
      <Textarea
        label="Reason"
        description={`${ticket.client} reads it.`}
        ref={field}
        autosize
        minRows={2}
        maxRows={6}
        maxLength={1000}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) submit(event);
          if (event.key === "Escape") onBack();
        }}
      />
      <div className={classes.buttons}>
        <Button size="sm" type="submit" loading={isBusy} disabled={isEmpty} rightSection={<Key name="Enter" />}>
          Deny
        </Button>
        <Button size="sm" variant="default" onClick={onBack} rightSection={<Key name="Esc" />}>
          Back
        </Button>
      </div>
    </form>
  );
}

function Key({ name }: { name: string }) {
  return (
    <Kbd size="xs" aria-hidden className={classes.key}>
      {name}
    </Kbd>
  );
}
