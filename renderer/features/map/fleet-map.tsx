import { VisuallyHidden } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { Controls, ReactFlow, useReactFlow, ReactFlowProvider } from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { useEffect, useMemo } from "react";
import type { CircuitView } from "../../../shared/circuit.ts";
import type { ServerView } from "../../../shared/server.ts";
import type { AppStatus } from "../../../shared/status.ts";
import { useRecentCalls } from "../../api/live-store.ts";
import { useAccessTokens, useEndpoint } from "../../api/use-access.ts";
import { useMetrics } from "../../api/use-metrics.ts";
import { circuitWords } from "../../components/badges.tsx";
import { visibleText } from "../../components/hidden-characters.ts";
import { useNow } from "../../components/use-now.ts";
import { connectionWords } from "../servers/connection-words.ts";
import { readCallers, readServers, trafficWords, type Caller, type FleetServer } from "./fleet.ts";
import classes from "./fleet-map.module.css";
import { CallerLine, FeederLine, type CallerEdge, type FeederEdge } from "./map-edges.tsx";
import { callerCard, callerPath, feederPaths, hubCard, layoutMap, type MapSize } from "./map-layout.ts";
import {
  CallerCard,
  HubCard,
  OthersCard,
  ServerCard,
  type CallerNode,
  type HubNode,
  type OthersNode,
  type ServerNode,
} from "./map-nodes.tsx";

const nodeTypes = { caller: CallerCard, others: OthersCard, hub: HubCard, server: ServerCard };
const edgeTypes = { caller: CallerLine, feeder: FeederLine };
/** Above, there is the busbar too. */
const fit = { padding: { top: "44px", right: "16px", bottom: "16px", left: "16px" }, maxZoom: 1.25 } as const;
/** How often what the lines show follows the calls, milliseconds. */
const drawEveryMs = 250;
const noTokens: never[] = [];
const noMinutes = {};

type FleetMapProps = {
  /** Those to draw, in order. */
  servers: readonly ServerView[];
  circuits: readonly CircuitView[];
  status: AppStatus;
  onOpen: (server: string) => void;
};

/** Who calls, through Switchgear, which server: what goes over each line now, and where a circuit holds it back. */
export function FleetMap(props: FleetMapProps) {
  const { ref, width, height } = useElementSize();
  return (
    <div ref={ref} className={classes.map} role="region" aria-label="Map">
      {width > 0 && (
        <ReactFlowProvider>
          <Drawing {...props} room={{ width, height }} />
        </ReactFlowProvider>
      )}
    </div>
  );
}

function Drawing({ servers, circuits, status, onOpen, room }: FleetMapProps & { room: MapSize }) {
  const now = useNow(1000);
  const recent = useRecentCalls(drawEveryMs);
  const minutes = useMetrics().data ?? noMinutes;
  const tokens = useAccessTokens("gateway").data ?? noTokens;
  const gateway = useEndpoint("gateway").data;
  const fleet = useMemo(
    () => readServers(servers, circuits, minutes, recent.values()),
    [servers, circuits, minutes, recent],
  );
  const { callers, others } = useMemo(
    () => readCallers({ tokens, recent: recent.values(), now }),
    [tokens, recent, now],
  );
  const { width, height } = room;
  const lines = callers.length + Number(others > 0);
  const layout = useMemo(
    () => layoutMap(lines, servers.length, { width, height }),
    [lines, servers.length, width, height],
  );

  const { fitView } = useReactFlow();
  useEffect(() => {
    void fitView(fit);
  }, [fitView, layout]);

  const isListening = gateway?.state === "listening";
  const nodes = useMemo(
    (): (CallerNode | OthersNode | HubNode | ServerNode)[] => [
      ...callers.map((caller, index): CallerNode => ({
        ...{ id: `caller ${caller.name}`, type: "caller", position: layout.callers[index]!, data: { caller } },
        ...callerCard,
      })),
      ...(others > 0
        ? [
            {
              id: "others",
              type: "others" as const,
              position: layout.callers.at(-1)!,
              data: { count: others },
              ...callerCard,
            },
          ]
        : []),
      {
        ...{ id: "hub", type: "hub", position: layout.hub, ...hubCard },
        data: {
          gateway,
          isPolicyValid: status.policy.state === "valid",
          waiting: status.pendingApprovals,
          environment: status.environment,
        },
      },
      ...fleet.map((entry, index): ServerNode => ({
        ...{ id: `server ${entry.id}`, type: "server", position: layout.servers[index]!, ...layout.card },
        data: { entry, onOpen, isSmall: layout.card.height < callerCard.height },
      })),
    ],
    [callers, others, fleet, layout, gateway, status, onOpen],
  );
  const edges = useMemo(
    (): (CallerEdge | FeederEdge)[] => [
      ...callers.map((caller, index): CallerEdge => ({
        ...{ id: `from ${caller.name}`, type: "caller", source: `caller ${caller.name}`, target: "hub" },
        data: {
          path: callerPath(layout, layout.callers[index]!),
          traffic: caller,
          isCut: caller.isClient && !isListening,
        },
      })),
      ...fleet.map((entry, index): FeederEdge => {
        const place = layout.servers[index]!;
        const sign = { signX: (place.busX + place.x) / 2, signY: place.y + layout.card.height / 2 };
        const { shape } = connectionWords(entry.server, 0);
        return {
          ...{ id: `to ${entry.id}`, type: "feeder", source: "hub", target: `server ${entry.id}` },
          data: { ...feederPaths(layout, place), ...sign, kind: entry.kind, shape, traffic: entry },
        };
      }),
    ],
    [callers, fleet, layout, isListening],
  );
  return (
    <>
      <ReactFlow
        {...{ nodes, edges, nodeTypes, edgeTypes }}
        fitView
        fitViewOptions={fit}
        minZoom={0.2}
        maxZoom={2}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        zoomOnDoubleClick={false}
        preventScrolling
        proOptions={{ hideAttribution: true }}
      >
        <Controls showInteractive={false} fitViewOptions={fit} className={classes.controls ?? ""} />
      </ReactFlow>
      <MapTable callers={callers} fleet={fleet} />
    </>
  );
}

/** The map in words. */
function MapTable({ callers, fleet }: { callers: readonly Caller[]; fleet: readonly FleetServer[] }) {
  return (
    <VisuallyHidden>
      <table aria-label="The map in words">
        <thead>
          <tr>
            <th>From</th>
            <th>To</th>
            <th>Last 60 s</th>
            <th>Circuit</th>
          </tr>
        </thead>
        <tbody>
          {callers.map((caller) => (
            <tr key={caller.name}>
              <td>{visibleText(caller.name, 60)}</td>
              <td>Switchgear</td>
              <td>{trafficWords(caller)}</td>
              <td>none</td>
            </tr>
          ))}
          {fleet.map((entry) => (
            <tr key={entry.id}>
              <td>Switchgear</td>
              <td>{visibleText(entry.title, 60)}</td>
              <td>{trafficWords(entry)}</td>
              <td>{circuitWords[entry.kind].label}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </VisuallyHidden>
  );
}
