import { useEffect, useRef, useState } from "react";
import type { Ticket } from "../../../shared/approval.ts";
import type { GrantScope } from "../../../shared/grant.ts";
import { useApprove, useDeny } from "../../api/use-approvals.ts";
import { useKeys } from "../../components/use-keys.ts";
import classes from "./approval-inbox.module.css";
import { TicketDetail } from "./ticket-detail.tsx";
import { TicketEditor, type Edit } from "./ticket-editor.tsx";
import { TicketList } from "./ticket-list.tsx";
import type { Inbox } from "./use-inbox.ts";
import { VerdictBar } from "./verdict-bar.tsx";

/** A call has to be seen this long before a key decides it, so that a double press does not decide the next one; milliseconds. */
const lookMs = 350;

/** What is being done about the selected call. */
type Doing = { id: string } & ({ kind: "denying" } | ({ kind: "editing" } & Edit));

/** The list at the left, the call at the right; j and k move, a approves, d denies, e edits, x selects. */
export function ApprovalInbox({ inbox }: { inbox: Inbox }) {
  const approve = useApprove();
  const deny = useDeny();
  const [begun, setDoing] = useState<Doing | null>(null);
  const { selected } = inbox;
  const isPending = selected?.state === "pending";
  const doing = isPending && begun?.id === selected.id ? begun : null;
  const seenAt = useSeenAt(selected);

  const onApprove = (ticket: Ticket, grant?: GrantScope) => {
    deny.reset();
    const args = doing?.kind === "editing" ? doing.args : undefined;
    if (args === null) return;
    approve.mutate(
      { id: ticket.id, args, grant },
      {
        onSuccess: () => {
          setDoing(null);
          inbox.advance(ticket.id);
        },
      },
    );
  };
  const onDeny = (ticket: Ticket, reason: string) => {
    approve.reset();
    deny.mutate(
      { id: ticket.id, reason },
      {
        onSuccess: () => {
          setDoing(null);
          inbox.advance(ticket.id);
        },
      },
    );
  };
  const decide = (verdict: (ticket: Ticket) => void) => (event: KeyboardEvent) => {
    if (selected && isPending && event.timeStamp - seenAt.current >= lookMs) verdict(selected);
  };
  useKeys({
    j: () => inbox.move(1),
    k: () => inbox.move(-1),
    ArrowDown: (event) => isInList(event) && inbox.move(1),
    ArrowUp: (event) => isInList(event) && inbox.move(-1),
    a: decide((ticket) => onApprove(ticket)),
    d: decide(({ id }) => setDoing({ id, kind: "denying" })),
    e: decide(({ id }) => setDoing({ id, kind: "editing", args: null })),
    x: () => selected && isPending && inbox.mark(selected.id),
  });

  const box = useRef<HTMLDivElement>(null);
  const shown = useRef(selected?.id);
  useEffect(() => {
    // A verdict takes the focused control with it; the focus goes on to the call that is shown next.
    if (shown.current !== undefined && document.activeElement === document.body) {
      box.current?.querySelector<HTMLElement>("[aria-selected='true']")?.focus({ preventScroll: true });
    }
    shown.current = selected?.id;
  }, [selected?.id, selected?.state, doing?.kind]);

  if (!selected) return null;
  const failure =
    approve.isError && approve.variables.id === selected.id
      ? approve.error
      : deny.isError && deny.variables.id === selected.id
        ? deny.error
        : null;
  return (
    <div ref={box} className={classes.inbox}>
      <TicketList inbox={inbox} />
      <TicketDetail
        key={selected.id}
        ticket={selected}
        editor={
          doing?.kind === "editing" && (
            <TicketEditor
              ticket={selected}
              onEdit={(edit) => setDoing({ id: selected.id, kind: "editing", ...edit })}
            />
          )
        }
      >
        {(isPending || failure !== null) && (
          <VerdictBar
            ticket={selected}
            doing={doing?.kind ?? "deciding"}
            isEdited={doing?.kind === "editing" && doing.args !== null}
            isBusy={approve.isPending || deny.isPending}
            error={failure}
            onApprove={(grant) => onApprove(selected, grant)}
            onStartDenying={() => setDoing({ id: selected.id, kind: "denying" })}
            onStartEditing={() => setDoing({ id: selected.id, kind: "editing", args: null })}
            onDeny={(reason) => onDeny(selected, reason)}
            onBack={() => setDoing(null)}
          />
        )}
      </TicketDetail>
    </div>
  );
}

/** When the selected call came into view, in `Event.timeStamp`'s time. */
function useSeenAt(selected: Ticket | null) {
  const seenAt = useRef(0);
  const id = selected?.id;
  useEffect(() => {
    seenAt.current = performance.now();
    // Each call is read from its beginning, where its risks are told.
    document.getElementById("main")?.scrollTo({ top: 0 });
  }, [id]);
  return seenAt;
}

function isInList(event: KeyboardEvent): boolean {
  return event.target instanceof Element && event.target.closest("[role='listbox']") !== null;
}
