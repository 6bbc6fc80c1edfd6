import { ActionIcon } from "@mantine/core";
import { IconFileText } from "@tabler/icons-react";
import { memo } from "react";
import { Link } from "react-router-dom";
import { circuitWords } from "../../components/badges.tsx";
import { Duration } from "../../components/duration.tsx";
import { visibleText } from "../../components/hidden-characters.ts";
import { InertText } from "../../components/inert-text.tsx";
import { pinPath } from "../pins/pin-words.ts";
import { ConnectionLine } from "../servers/connection-line.tsx";
import { SignInButton } from "../servers/sign-in-button.tsx";
import type { BreakerModuleProps } from "./breaker-module.tsx";
import classes from "./breaker-row.module.css";
import { BreakerSwitch } from "./breaker-switch.tsx";
import { CircuitActions } from "./circuit-actions.tsx";
import { ConnectButton } from "./connect-button.tsx";
import { Pips } from "./pips.tsx";
import { useSeen } from "./seen-watch.ts";
import { ServerSwitch } from "./server-switch.tsx";
import { Sparkline } from "./sparkline.tsx";
import { UntilProbe } from "./until-probe.tsx";

/** One server of many: what its module says, in one line. */
export const BreakerRow = memo(function BreakerRow(props: BreakerModuleProps) {
  const { server, circuit } = props;
  const [ref, isSeen] = useSeen(props.isFirst);
  return (
    <section
      ref={ref}
      className={classes.row}
      role="group"
      tabIndex={-1}
      aria-label={`${visibleText(server.title)} breaker`}
      data-server={server.id}
      data-kind={circuit?.state.kind ?? "closed"}
      data-live={server.connection.kind === "ready" || server.connection.kind === "degraded"}
      data-off={!server.enabled}
    >
      {isSeen && <Face {...props} />}
    </section>
  );
});

function Face({ server, circuit, toolCircuits, minute, held, onOpen }: BreakerModuleProps) {
  const state = circuit?.state ?? { kind: "closed", failures: 0 };
  const openTools = toolCircuits.filter((each) => each.state.kind !== "closed").length;
  return (
    <>
      <div className={classes.glyph}>
        <BreakerSwitch state={state} />
      </div>
      <div className={classes.name}>
        <button type="button" className={classes.open} data-order="open" onClick={() => onOpen(server.id, "about")}>
          <InertText text={server.title} maxLength={60} />
        </button>
        <ConnectionLine server={server} isShort />
      </div>
      <div className={classes.state}>
        <span className={classes.word}>{circuitWords[state.kind].label}</span>
        {state.kind === "closed" ? (
          circuit && <Pips circuit={circuit} />
        ) : (
          <span className={classes.cause}>
            <UntilProbe state={state} />
          </span>
        )}
        {openTools > 0 && (
          <button type="button" className={classes.tools} onClick={() => onOpen(server.id, "circuit")}>
            {openTools} of its tools not closed
          </button>
        )}
      </div>
      <Sparkline minute={minute} className={classes.spark ?? ""} />
      <span className={classes.figure} title="p50 of the last 60 s">
        <Duration ms={minute?.p50Ms ?? null} />
      </span>
      <span className={classes.figure} title="p95 of the last 60 s">
        <Duration ms={minute?.p95Ms ?? null} />
      </span>
      <span className={classes.figure}>
        <Link to={`/activity?server=${encodeURIComponent(server.id)}`} title="Calls in the last 60 s; opens their list">
          {minute?.calls ?? 0}
        </Link>
      </span>
      <span className={classes.figure}>
        <Link to={`/tools?server=${encodeURIComponent(server.id)}`} title="Its tools; opens their list">
          {server.toolCount}
        </Link>
        {held > 0 && (
          <Link to={pinPath({ server: server.id })} className={classes.held}>
            {held} held
          </Link>
        )}
      </span>
      <div className={classes.orders}>
        <SignInButton server={server} isShort />
        {circuit && <CircuitActions circuit={circuit} isShort />}
        <ConnectButton server={server} />
        <ActionIcon aria-label="Log" title="Log" data-order="log" onClick={() => onOpen(server.id, "log")}>
          <IconFileText size={16} stroke={1.5} aria-hidden />
        </ActionIcon>
      </div>
      <ServerSwitch server={server} />
    </>
  );
}

/** What the figures of the rows below are. */
export function BreakerRowHead() {
  return (
    <div className={classes.head} aria-hidden>
      <span />
      <span>Server</span>
      <span>Circuit</span>
      <span>Last 60 s</span>
      <span>p50</span>
      <span>p95</span>
      <span>Calls</span>
      <span>Tools</span>
      <span />
      <span>On</span>
    </div>
  );
}
