import { Button, Group } from "@mantine/core";
import { IconError404, IconPlugConnectedX } from "@tabler/icons-react";
import { Link, useRouteError } from "react-router-dom";
import { EmptyState } from "../../components/empty-state.tsx";
import { ErrorState } from "../../components/error-state.tsx";

/** What stands in the place of a screen that failed, or of an address that leads nowhere. */
export function PageError() {
  const error = useRouteError();
  if (!error) {
    return (
      <EmptyState
        icon={IconError404}
        title="There is no such screen"
        action={
          <Button component={Link} to="/">
            Go to the panel
          </Button>
        }
      >
        The address leads nowhere.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={IconPlugConnectedX}
      title="This screen failed"
      action={
        <Group justify="center">
          <Button onClick={() => window.location.reload()}>Reload</Button>
          <Button variant="default" component={Link} to="/">
            Go to the panel
          </Button>
        </Group>
      }
    >
      <p>Your servers and calls are not touched: they run behind this window.</p>
      <ErrorState error={error} />
    </EmptyState>
  );
}
