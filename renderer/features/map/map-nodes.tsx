import { Handle, Position, type Node, type NodeProps } from "@xyflow/react";
import {
  IconDeviceDesktop,
  IconPlugConnected,
  IconShieldCheck,
  IconShieldX,
  IconUserQuestion,
} from "@tabler/icons-react";
import { Link } from "react-router-dom";
import type { EndpointState } from "../../../shared/endpoint.ts";
import { circuitWords } from "../../components/badges.tsx";
import { formatCount } from "../../components/format.ts";
import { visibleText } from "../../components/hidden-characters.ts";
import { InertText } from "../../components/inert-text.tsx";
import { useNow } from "../../components/use-now.ts";
import { ConnectionGlyph } from "../servers/connection-glyph.tsx";
import { connectionStepMs, connectionWords } from "../servers/connection-words.ts";
import { trafficWords, type Caller, type FleetServer } from "./fleet.ts";
import classes from "./fleet-map.module.css";

export type CallerNode = Node<{ caller: Caller }, "caller">;
export type OthersNode = Node<{ count: number }, "others">;
export type HubNode = Node<
  { gateway: EndpointState | undefined; isPolicyValid: boolean; waiting: number; environment: string },
  "hub"
>;
export type ServerNode = Node<{ entry: FleetServer; isSmall: boolean; onOpen: (server: string) => void }, "server">;

/** Where lines end; nothing is connected by hand. */
function Ends({ isSource = false, isTarget = false }: { isSource?: boolean; isTarget?: boolean }) {
  return (
    <>
      {isTarget && <Handle type="target" position={Position.Left} isConnectable={false} className={classes.end} />}
      {isSource && <Handle type="source" position={Position.Right} isConnectable={false} className={classes.end} />}
    </>
  );
}

export function CallerCard({ data: { caller } }: NodeProps<CallerNode>) {
  const { name, isClient } = caller;
  return (
    <>
      <Link className={classes.caller} to={`/activity?client=${encodeURIComponent(name)}`} title="Opens its calls">
        {isClient ? <IconPlugConnected size={16} aria-hidden /> : <IconDeviceDesktop size={16} aria-hidden />}
        <span className={classes.words}>
          <InertText text={name} maxLength={40} className={classes.title} />
          <span className={classes.traffic}>{trafficWords(caller)}</span>
        </span>
      </Link>
      <Ends isSource />
    </>
  );
}

export function OthersCard({ data: { count } }: NodeProps<OthersNode>) {
  return (
    <>
      <Link className={classes.caller} to="/clients">
        and {formatCount(count, "other")}
      </Link>
      <Ends isSource />
    </>
  );
}

const gatewayWords: Record<EndpointState["state"], string> = {
  off: "Gateway off",
  starting: "Gateway starts",
  listening: "Gateway listens",
  failed: "Gateway failed",
};

export function HubCard({ data: { gateway, isPolicyValid, waiting, environment } }: NodeProps<HubNode>) {
  return (
    <>
      <Ends isTarget isSource />
      <div className={classes.hub}>
        <strong>Switchgear</strong>
        <Link to="/clients">
          <IconPlugConnected size={14} aria-hidden />
          {gatewayWords[gateway?.state ?? "off"]}
        </Link>
        <Link to="/policy" data-bad={!isPolicyValid}>
          {isPolicyValid ? <IconShieldCheck size={14} aria-hidden /> : <IconShieldX size={14} aria-hidden />}
          {isPolicyValid ? `Policy, ${environment}` : "Policy invalid"}
        </Link>
        <Link to="/approvals" data-waiting={waiting > 0}>
          <IconUserQuestion size={14} aria-hidden />
          {waiting > 0 ? formatCount(waiting, "call waits", "calls wait") : "No call waits"}
        </Link>
      </div>
    </>
  );
}

export function ServerCard({ data: { entry, isSmall, onOpen } }: NodeProps<ServerNode>) {
  const { id, title, server, kind } = entry;
  const { shape, state } = connectionWords(server, useNow(connectionStepMs(server)));
  const words = `${circuitWords[kind].label}, ${state}, ${trafficWords(entry)}`;
  return (
    <>
      <Ends isTarget />
      <button
        type="button"
        className={classes.server}
        data-kind={kind}
        data-small={isSmall}
        data-off={!server.enabled}
        aria-label={`${visibleText(title, 60)}: circuit ${words}`}
        title={words}
        onClick={() => onOpen(id)}
      >
        <ConnectionGlyph shape={shape} />
        <span className={classes.words}>
          <InertText text={title} maxLength={40} className={classes.title} />
          {!isSmall && (
            <span className={classes.traffic}>
              {kind !== "closed" && <strong>{circuitWords[kind].label} · </strong>}
              {trafficWords(entry)}
            </span>
          )}
        </span>
        {isSmall && entry.calls > 0 && <span className={classes.count}>{entry.calls}</span>}
      </button>
    </>
  );
}
