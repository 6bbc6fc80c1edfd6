import { ActionIcon, Button } from "@mantine/core";
import { IconBellRinging, IconX } from "@tabler/icons-react";
import { Link } from "react-router-dom";
import { describeAlert, unreachedWords, type Alert } from "../../../shared/alert.ts";
import { useAlerts, useDismissAlerts } from "../../api/use-alerts.ts";
import { InertText } from "../../components/inert-text.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import { deliveryWords } from "./alert-words.ts";
import { Bar } from "./bar.tsx";
import classes from "./notices.module.css";

const shown = 3;

/** What somebody should look at, until somebody says that they have. */
export function AlertBars() {
  const { data: alerts = [] } = useAlerts();
  const dismiss = useDismissAlerts();
  const rest = alerts.slice(shown);
  return (
    <>
      {alerts.slice(0, shown).map((alert) => (
        <AlertBar key={alert.id} alert={alert} onDismiss={() => dismiss.mutate([alert.id])} />
      ))}
      {rest.length > 0 && (
        <Bar
          icon={<IconBellRinging size={18} aria-hidden />}
          action={
            <Button
              size="compact-sm"
              variant="default"
              loading={dismiss.isPending}
              onClick={() => dismiss.mutate(alerts.map(({ id }) => id))}
            >
              Dismiss all {alerts.length}
            </Button>
          }
        >
          {rest.length} more {rest.length === 1 ? "alert" : "alerts"}, all of them in the audit chain.
        </Bar>
      )}
    </>
  );
}

function AlertBar({ alert, onDismiss }: { alert: Alert; onDismiss: () => void }) {
  const { title, text } = describeAlert(alert.cause);
  const told = unreachedWords(alert) ?? deliveryWords(alert.deliveries);
  return (
    <Bar
      icon={<IconBellRinging size={18} aria-hidden />}
      action={
        <>
          <PlaceLink alert={alert} />
          <ActionIcon
            className={classes.dismiss}
            variant="transparent"
            aria-label={`Dismiss alert: ${title}`}
            onClick={onDismiss}
          >
            <IconX size={16} aria-hidden />
          </ActionIcon>
        </>
      }
    >
      <strong>{title}.</strong> <InertText text={text} maxLength={300} /> {told && <InertText text={`${told} `} />}
      <TimeAgo at={alert.at} />
    </Bar>
  );
}

function PlaceLink({ alert: { cause } }: { alert: Alert }) {
  if (cause.kind === "escalation") {
    return (
      <Link className={classes.link} to="/approvals">
        Open the inbox
      </Link>
    );
  }
  return (
    <Link
      className={classes.link}
      to={`/activity?${new URLSearchParams({ server: cause.server, tool: cause.tool, client: cause.client })}`}
    >
      Show the calls
    </Link>
  );
}
