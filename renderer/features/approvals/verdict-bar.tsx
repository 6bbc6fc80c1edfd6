import { Button, Kbd, Textarea } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import type { Ticket } from "../../../shared/approval.ts";
import type { GrantScope } from "../../../shared/grant.ts";
import { ErrorState } from "../../components/error-state.tsx";
import { GrantMenu } from "./grant-menu.tsx";
import classes from "./verdict-bar.module.css";

type VerdictBarProps = {
  ticket: Ticket;
  doing: "deciding" | "denying" | "editing";
  /** Whether the arguments were changed into others that can be sent. */
  isEdited: boolean;
  isBusy: boolean;
  /** Why the last verdict on this ticket was not taken. */
  error: unknown;
  onApprove: (grant?: GrantScope) => void;
  onStartDenying: () => void;
  onStartEditing: () => void;
  onDeny: (reason: string) => void;
  onBack: () => void;
};

/** Yes, yes with other arguments, yes to what comes after too, or no with a reason. */
export function VerdictBar(props: VerdictBarProps) {
  const { doing, error } = props;
  return (
    <div className={classes.bar}>
      {error !== null && <ErrorState error={error} />}
      {doing === "denying" && <DenyForm {...props} />}
      {doing === "editing" && <EditButtons {...props} />}
      {doing === "deciding" && <Buttons {...props} />}
    </div>
  );
}

function Buttons({ ticket, isBusy, onApprove, onStartDenying, onStartEditing }: VerdictBarProps) {
  const isPending = ticket.state === "pending";
  if (!isPending) return null;
  return (
    <div className={classes.buttons}>
      <div className={classes.yes}>
        <Button
          size="sm"
          loading={isBusy}
          onClick={() => onApprove()}
          rightSection={<Key name="a" />}
          aria-keyshortcuts="a"
        >
          Approve
        </Button>
        <GrantMenu ticket={ticket} isBusy={isBusy} onGrant={onApprove} />
      </div>
      <Button
        size="sm"
        variant="default"
        disabled={isBusy}
        onClick={onStartEditing}
        rightSection={<Key name="e" />}
        aria-keyshortcuts="e"
      >
        Edit
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
  );
}

function EditButtons({ isEdited, isBusy, onApprove, onBack }: VerdictBarProps) {
  return (
    <div className={classes.buttons}>
      <Button size="sm" loading={isBusy} disabled={!isEdited} onClick={() => onApprove()}>
        Approve with these arguments
      </Button>
      <Button size="sm" variant="default" onClick={onBack}>
        Back
      </Button>
      <p className={classes.note}>
        {isEdited
          ? "The policy judges these arguments anew, and the caller is told of the change."
          : "Nothing differs yet, or what differs does not fit the tool."}
      </p>
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
