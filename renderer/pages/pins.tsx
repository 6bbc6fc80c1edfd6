import { VisuallyHidden } from "@mantine/core";
import { IconPin, IconPinnedOff } from "@tabler/icons-react";
import { useMemo } from "react";
import { useSearchParams } from "react-router-dom";
import type { PinView } from "../../shared/pin.ts";
import { usePins } from "../api/use-pins.ts";
import { useServers } from "../api/use-servers.ts";
import { EmptyState } from "../components/empty-state.tsx";
import { ErrorState } from "../components/error-state.tsx";
import { ListAndDetail } from "../components/list-and-detail.tsx";
import { PinCard } from "../features/pins/pin-detail.tsx";
import { PinList } from "../features/pins/pin-list.tsx";
import { PinVerdict } from "../features/pins/pin-verdict.tsx";
import { groupPins, isUndecided } from "../features/pins/pin-words.ts";
import classes from "./pins.module.css";

/** Whose definitions changed, what exactly, and does a person stand by it. */
export function PinsPage() {
  const [params] = useSearchParams();
  const pins = usePins();
  const servers = useServers();
  const titles = useMemo(() => new Map(servers.data?.map(({ id, title }) => [id, title])), [servers.data]);

  if (pins.isError) return <ErrorState error={pins.error} onRetry={() => void pins.refetch()} />;
  if (!pins.isSuccess) return null;
  if (pins.data.length === 0) {
    return (
      <EmptyState icon={IconPin} title="Nothing is pinned yet">
        The first time that a server lists its tools, their definitions are pinned. A tool that changes afterwards is
        refused until you have compared both and accepted the new one here.
      </EmptyState>
    );
  }
  // What waits is shown without being asked for.
  const first = groupPins(pins.data).find(({ waiting }) => waiting.length > 0)?.waiting[0];
  const server = params.get("server") ?? first?.server ?? null;
  const tool = params.get("server") === null ? (first?.tool ?? null) : params.get("tool");
  const shown = pins.data.filter(
    (pin) => pin.server === server && (tool === null ? isUndecided(pin) : pin.tool === tool),
  );
  return (
    <ListAndDetail list={<PinList pins={pins.data} titles={titles} server={server} tool={tool} />}>
      <VisuallyHidden component="h1">Pins</VisuallyHidden>
      <Chosen key={`${server} ${tool}`} pins={shown} isOne={tool !== null} />
    </ListAndDetail>
  );
}

function Chosen({ pins, isOne }: { pins: readonly PinView[]; isOne: boolean }) {
  const [pin] = pins;
  if (!pin) {
    return (
      <EmptyState icon={IconPinnedOff} title="Nothing waits for you">
        Every tool here is what was accepted, or blocked. Choose one to see its definition and who decided.
      </EmptyState>
    );
  }
  if (isOne) {
    return (
      <PinCard pin={pin}>
        <PinVerdict server={pin.server} pins={[pin]} />
      </PinCard>
    );
  }
  return (
    <div className={classes.cards}>
      {pins.map((each) => (
        <PinCard key={each.tool} pin={each} brief />
      ))}
      <div className={classes.bulk}>
        <PinVerdict server={pin.server} pins={pins} />
      </div>
    </div>
  );
}
