import { Button } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useLink } from "../../api/link.ts";
import { Countdown } from "../../components/countdown.tsx";
import { Bar } from "../shell/bar.tsx";

/** Says that the core cannot be reached, for as long as it cannot. */
export function LinkBar() {
  const { link, state } = useLink();
  if (state.state !== "lost") return null;
  return (
    <Bar
      isStrong
      icon={<IconPlugConnectedX size={18} aria-hidden />}
      action={
        <Button size="compact-sm" variant="default" disabled={state.nextAt === null} onClick={link.retry}>
          Try now
        </Button>
      }
    >
      <strong>Connection to the core lost, retrying.</strong> What you see is as it was; nothing can be decided here
      until it is back.
      {state.nextAt !== null && (
        <span aria-hidden>
          {" "}
          Next attempt in <Countdown until={state.nextAt} />.
        </span>
      )}
    </Bar>
  );
}
