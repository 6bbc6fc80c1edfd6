import { ActionIcon } from "@mantine/core";
import { IconFileText, IconPin } from "@tabler/icons-react";
import { memo, type ReactNode } from "react";
import { Link } from "react-router-dom";
import type { CircuitView } from "../../../shared/circuit.ts";
import type { ServerView } from "../../../shared/server.ts";
import type { Minute } from "../../api/use-metrics.ts";
import { circuitWords } from "../../components/badges.tsx";
import { Duration } from "../../components/duration.tsx";
import { formatCount } from "../../components/format.ts";
import { visibleText } from "../../components/hidden-characters.ts";
import { InertText } from "../../components/inert-text.tsx";
import { useTimeLeft } from "../../components/use-time-left.ts";
import { pinPath } from "../pins/pin-words.ts";
import { ConnectionLine } from "../servers/connection-line.tsx";
import { SignInButton } from "../servers/sign-in-button.tsx";
import { BreakerSwitch } from "./breaker-switch.tsx";
import classes from "./breaker-module.module.css";
import { CircuitActions } from "./circuit-actions.tsx";
import { causeWords } from "./circuit-words.ts";
import { failedPath } from "./failed-path.ts";
import { ConnectButton } from "./connect-button.tsx";
import { Pips } from "./pips.tsx";
import { useSeen } from "./seen-watch.ts";
import type { DrawerTab } from "./server-drawer.tsx";
import { ServerSwitch } from "./server-switch.tsx";
import { Sparkline } from "./sparkline.tsx";
import { ToolCircuits } from "./tool-circuits.tsx";
import { UntilProbe } from "./until-probe.tsx";

export type BreakerModuleProps = {
  server: ServerView;
  /** The circuit of the whole server; `undefined` until it is known. */
  circuit: CircuitView | undefined;
  toolCircuits: readonly CircuitView[];
  minute: Minute | undefined;
  /** How many of its tools are refused for what became of their definitions. */
  held: number;
  /** Drawn at once, not only when it comes near. */
  isFirst: boolean;
  onOpen: (server: string, tab: DrawerTab) => void;
};

/** Short, since the title needs the room. */
const transportWords: Record<ServerView["transport"], string> = { stdio: "stdio", http: "http", websocket: "ws" };

/** One server on the panel: its switch, what the circuit counts and waits for, how its last minute went. */
export const BreakerModule = memo(function BreakerModule(props: BreakerModuleProps) {
  const { server, circuit } = props;
  const [ref, isSeen] = useSeen(props.isFirst);
  return (
    <section
      ref={ref}
      className={classes.module}
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
  const stderr = server.connection.kind === "parked" ? server.connection.stderr.slice(-1) : [];
  const failed = minute?.failed.reduce((sum, count) => sum + count, 0) ?? 0;
  const lastMove = state.kind === "closed" ? undefined : circuit?.transitions[0];
  return (
    <>
      <div className={classes.rail}>
        <BreakerSwitch state={state} />
        {state.kind === "open" && <RailClock until={state.retryAt} />}
      </div>

      <div className={classes.body}>
        <header className={classes.header}>
          <h2 className={classes.title}>
            <button type="button" className={classes.open} data-order="open" onClick={() => onOpen(server.id, "about")}>
              <InertText text={server.title} maxLength={60} />
            </button>
          </h2>
          <ServerSwitch server={server} />
        </header>

        <div className={classes.state}>
          <span className={classes.word}>{circuitWords[state.kind].label}</span>
          {circuit && <Pips circuit={circuit} />}
        </div>
        <div className={classes.connection}>
          <div className={classes.wire}>
            <ConnectionLine server={server} />
            {held > 0 && (
              <Link
                to={pinPath({ server: server.id })}
                className={classes.held}
                aria-label={`${formatCount(held, "tool")} in quarantine`}
              >
                <IconPin size={12} aria-hidden />
                {held} held
              </Link>
            )}
            <span className={classes.transport} title={server.transport}>
              {transportWords[server.transport]}
            </span>
          </div>
          <SignInButton server={server} />
          {stderr.length > 0 && (
            <ul className={classes.stderr} aria-label="Last line of stderr">
              {stderr.map((line, index) => (
                <li key={index} title={visibleText(line, 500)}>
                  <InertText text={line} maxLength={200} />
                </li>
              ))}
            </ul>
          )}
        </div>
        {state.kind !== "closed" && (
          <p className={classes.cause} title={lastMove && visibleText(causeWords(lastMove), 500)}>
            <UntilProbe state={state} /> {lastMove && <InertText text={causeWords(lastMove)} maxLength={200} />}
          </p>
        )}
        <ToolCircuits circuits={toolCircuits} />

        <div className={classes.minute}>
          <Sparkline minute={minute} className={classes.spark ?? ""} />
          <div className={classes.axis} aria-hidden>
            <span>60 s ago</span>
            <span>now</span>
          </div>
        </div>
        <dl className={classes.figures}>
          <Figure name="p50" title="Half of the last minute's calls were answered faster">
            <Duration ms={minute?.p50Ms ?? null} />
          </Figure>
          <Figure name="p95" title="19 of 20 of the last minute's calls were answered faster">
            <Duration ms={minute?.p95Ms ?? null} />
          </Figure>
          <Figure name="calls" title="Calls in the last 60 s; opens their list">
            <Link to={`/activity?server=${encodeURIComponent(server.id)}`}>{minute?.calls ?? 0}</Link>
          </Figure>
          <Figure name="failed" title="How many of them failed; opens their list" isBad={failed > 0}>
            {failed > 0 ? <Link to={failedPath(server.id)}>{failed}</Link> : 0}
          </Figure>
          <Figure name="tools" title="Its tools; opens their list">
            <Link to={`/tools?server=${encodeURIComponent(server.id)}`}>{server.toolCount}</Link>
            {server.toolsStale && (
              <span className={classes.stale} title="The last known tools of a server that is down">
                stale
              </span>
            )}
          </Figure>
        </dl>

        <footer className={classes.footer}>
          {circuit && <CircuitActions circuit={circuit} />}
          <ConnectButton server={server} />
          <ActionIcon aria-label="Log" title="Log" data-order="log" onClick={() => onOpen(server.id, "log")}>
            <IconFileText size={16} stroke={1.5} aria-hidden />
          </ActionIcon>
        </footer>
      </div>
    </>
  );
}

/** What is left of the ring, in figures; the words beside it say the same. */
function RailClock({ until }: { until: number }) {
  const seconds = Math.ceil(useTimeLeft(until) / 1000);
  if (seconds === 0) return null;
  return (
    <p className={classes.clock} aria-hidden>
      {seconds < 100 ? seconds : Math.ceil(seconds / 60)}
      <small>{seconds < 100 ? "s" : "min"}</small>
    </p>
  );
}

type FigureProps = { name: string; title: string; isBad?: boolean; children: ReactNode };

function Figure({ name, title, isBad, children }: FigureProps) {
  return (
    <div title={title} data-bad={isBad}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
