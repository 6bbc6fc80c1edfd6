import { ActionIcon, Menu } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import type { Ticket } from "../../../shared/approval.ts";
import type { GrantScope } from "../../../shared/grant.ts";
import { InertText } from "../../components/inert-text.tsx";
import classes from "./grant-menu.module.css";
import { isGrantable } from "./ticket-words.ts";

const times: readonly { minutes: number; label: string }[] = [
  { minutes: 15, label: "15 minutes" },
  { minutes: 60, label: "1 hour" },
  { minutes: 480, label: "8 hours" },
];

type GrantMenuProps = { ticket: Ticket; isBusy: boolean; onGrant: (scope: GrantScope) => void };

/** Approves, and calls like it that come after. Says for whom and for what before it is chosen. */
export function GrantMenu({ ticket, isBusy, onGrant }: GrantMenuProps) {
  return (
    <Menu position="top-start" width={340} withinPortal>
      <Menu.Target>
        <ActionIcon
          variant="filled"
          color="accent"
          size={34}
          aria-label="Approve, and what comes after"
          disabled={isBusy}
        >
          <IconChevronDown size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {isGrantable(ticket) ? (
          <>
            <Menu.Label>Approve, and this tool with any arguments for</Menu.Label>
            {times.map(({ minutes, label }) => (
              <Menu.Item key={minutes} onClick={() => onGrant({ kind: "time", minutes })}>
                {label}
              </Menu.Item>
            ))}
            <Menu.Item onClick={() => onGrant({ kind: "session" })}>This session, until Switchgear stops</Menu.Item>
            <Menu.Divider />
            <Menu.Item onClick={() => onGrant({ kind: "always" })}>
              Always, with exactly these arguments
              <span className={classes.detail}>Written into the policy file as a rule of its own</span>
            </Menu.Item>
            <p className={classes.note}>
              For <InertText text={ticket.client} maxLength={60} /> in{" "}
              <InertText text={ticket.environment} maxLength={60} /> alone, while the tool stays as it is defined now.
              Never past a NEVER or a dangerous pattern.
            </p>
          </>
        ) : (
          <p className={classes.note}>
            What asks here asks each time, so no grant can stand for it: approve this call alone.
          </p>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
