import { ActionIcon } from "@mantine/core";
import { IconFileText, IconPlugConnected, IconPlugConnectedX } from "@tabler/icons-react";
import { memo } from "react";
import { Link } from "react-router-dom";
import type { CircuitView } from "../../../shared/circuit.ts";
import type { ServerMetrics } from "../../../shared/invocation.ts";
import { isQuarantined } from "../../../shared/pin.ts";
import type { ServerView } from "../../../shared/server.ts";
import { useConnect, useDisconnect } from "../../api/use-servers.ts";
import { useTools } from "../../api/use-tools.ts";
import { circuitWords } from "../../components/badges.tsx";
import { Duration } from "../../components/duration.tsx";
import { formatCount } from "../../components/format.ts";
import { visibleText } from "../../components/hidden-characters.ts";
import { InertText } from "../../components/inert-text.tsx";
import { pinPath } from "../pins/pin-words.ts";
import { ConnectionLine } from "../servers/connection-line.tsx";
import { SignInButton } from "../servers/sign-in-button.tsx";
import { BreakerSwitch } from "./breaker-switch.tsx";
import classes from "./breaker-module.module.css";
import { CircuitActions } from "./circuit-actions.tsx";
import { causeWords } from "./circuit-words.ts";
import { Pips } from "./pips.tsx";
import type { DrawerTab } from "./server-drawer.tsx";
import { Sparkline } from "./sparkline.tsx";
import { ToolCircuits } from "./tool-circuits.tsx";
import { UntilProbe } from "./until-probe.tsx";

type BreakerModuleProps = {
  server: ServerView;
  /** The circuit of the whole server; `undefined` until it is known. */
  circuit: CircuitView | undefined;
  toolCircuits: readonly CircuitView[];
  metrics: ServerMetrics | undefined;
  onOpen: (server: string, tab: DrawerTab) => void;
};

/** Short, since the title needs the room. */
const transportWords: Record<ServerView["transport"], string> = { stdio: "stdio", http: "http", websocket: "ws" };

/** One server on the panel: its switch, what the circuit counts and waits for, how its last minute went. */
export const BreakerModule = memo(function BreakerModule(props: BreakerModuleProps) {
  const { server, circuit, toolCircuits, metrics, onOpen } = props;
  const state = circuit?.state ?? { kind: "closed", failures: 0 };
  const stderr = server.connection.kind === "parked" ? server.connection.stderr.slice(-1) : [];
  const lastMove = state.kind === "closed" ? undefined : circuit?.transitions[0];
  return (
    <article
      className={classes.module}
      role="group"
      aria-label={`${visibleText(server.title)} breaker`}
      data-kind={state.kind}
      data-live={server.connection.kind === "ready" || server.connection.kind === "degraded"}
      data-off={!server.enabled}
    >
      <div className={classes.rail}>
        <BreakerSwitch state={state} />
      </div>

      <div className={classes.body}>
        <header className={classes.header}>
          <h2 className={classes.title}>
            <button type="button" className={classes.open} onClick={() => onOpen(server.id, "about")}>
              <InertText text={server.title} maxLength={60} />
            </button>
          </h2>
          <span className={classes.transport} title={server.transport}>
            {transportWords[server.transport]}
          </span>
        </header>

        <div className={classes.state}>
          <span className={classes.word}>{circuitWords[state.kind].label}</span>
          {circuit && <Pips circuit={circuit} />}
        </div>
        {state.kind !== "closed" && (
          <p className={classes.cause} title={lastMove && visibleText(causeWords(lastMove), 500)}>
            <UntilProbe state={state} /> {lastMove && <InertText text={causeWords(lastMove)} maxLength={200} />}
          </p>
        )}
        <ToolCircuits circuits={toolCircuits} />

        <div className={classes.connection}>
          <ConnectionLine server={server} />
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

        <Sparkline metrics={metrics} />
        <dl className={classes.figures}>
          <Figure name="p50" title="Half of the last minute's calls were answered faster">
            <Duration ms={metrics?.p50Ms ?? null} />
          </Figure>
          <Figure name="p95" title="19 of 20 of the last minute's calls were answered faster">
            <Duration ms={metrics?.p95Ms ?? null} />
          </Figure>
          <Figure name="calls" title="Calls in the last 60 s; opens their list">
            <Link to={`/activity?server=${encodeURIComponent(server.id)}`}>{metrics?.calls ?? 0}</Link>
          </Figure>
          <Figure name="tools" title="Its tools; opens their list">
            <Link to={`/tools?server=${encodeURIComponent(server.id)}`}>{server.toolCount}</Link>
            <QuarantineCount server={server.id} />
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
          <ActionIcon aria-label="Log" title="Log" onClick={() => onOpen(server.id, "log")}>
            <IconFileText size={16} stroke={1.5} aria-hidden />
          </ActionIcon>
        </footer>
      </div>
    </article>
  );
});

/** How many of its tools are refused for what became of their definitions. */
function QuarantineCount({ server }: { server: string }) {
  const tools = useTools();
  const count = tools.data?.filter((tool) => tool.server === server && isQuarantined(tool.standing)).length ?? 0;
  if (count === 0) return null;
  return (
    <Link to={pinPath({ server })} className={classes.stale} aria-label={`${formatCount(count, "tool")} in quarantine`}>
      {count} held
    </Link>
  );
}

function Figure({ name, title, children }: { name: string; title: string; children: React.ReactNode }) {
  return (
    <div title={title}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function ConnectButton({ server }: { server: ServerView }) {
  const connect = useConnect();
  const disconnect = useDisconnect();
  const { kind } = server.connection;
  const isUp = kind === "ready" || kind === "degraded" || kind === "connecting";
  const label = isUp ? "Disconnect" : kind === "idle" ? "Connect" : "Reconnect";
  const order = isUp ? disconnect : connect;
  return (
    <ActionIcon
      aria-label={label}
      title={label}
      disabled={!server.enabled}
      loading={order.isPending}
      onClick={() => order.mutate(server.id)}
    >
      {isUp ? (
        <IconPlugConnectedX size={16} stroke={1.5} aria-hidden />
      ) : (
        <IconPlugConnected size={16} stroke={1.5} aria-hidden />
      )}
    </ActionIcon>
  );
}
