import { Button } from "@mantine/core";
import { IconPlugConnectedX, IconPower } from "@tabler/icons-react";
import { Link } from "react-router-dom";
import { useStatus } from "../../api/use-status.ts";
import { EmptyState } from "../../components/empty-state.tsx";

/** Says why no server offers anything of one kind, and where that can be changed. @param noun `tool` */
export function NoOffers({ noun }: { noun: string }) {
  const status = useStatus();
  if (status.data?.mcp.enabled === false) {
    return (
      <EmptyState
        icon={IconPower}
        title="Switchgear is off"
        action={
          <Button component={Link} to="/" variant="default">
            Go to the panel
          </Button>
        }
      >
        The {noun}s of every server appear here once the master switch is on. It is in the bar above.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={IconPlugConnectedX}
      title={`No ${noun}s yet`}
      action={
        <Button component={Link} to="/" variant="default">
          Look at the servers
        </Button>
      }
    >
      The {noun}s of every connected server appear here. None is connected, or none has a {noun} to offer.
    </EmptyState>
  );
}
