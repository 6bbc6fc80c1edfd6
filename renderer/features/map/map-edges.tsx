import type { EdgeProps, Edge } from "@xyflow/react";
import type { CircuitKind } from "../../../shared/circuit.ts";
import type { ConnectionShape } from "../servers/connection-words.ts";
import { lineWidth, type Traffic } from "./fleet.ts";
import classes from "./fleet-map.module.css";

export type CallerEdge = Edge<{ path: string; traffic: Traffic; isCut: boolean }, "caller">;
export type FeederEdge = Edge<
  {
    bus: string;
    stub: string;
    signX: number;
    signY: number;
    kind: CircuitKind;
    shape: ConnectionShape;
    traffic: Traffic;
  },
  "feeder"
>;

/** From a caller to Switchgear; dashed where it cannot come in. */
export function CallerLine({ data }: EdgeProps<CallerEdge>) {
  if (!data) return null;
  const { path, traffic, isCut } = data;
  return (
    <>
      <path className={classes.line} d={path} data-cut={isCut} strokeWidth={lineWidth(traffic)} />
      {traffic.running > 0 && <path className={classes.flow} d={path} />}
    </>
  );
}

/** From Switchgear to a server: the busbar, and the stub with the circuit's switch in it. */
export function FeederLine({ data }: EdgeProps<FeederEdge>) {
  if (!data) return null;
  const { bus, stub, signX, signY, kind, shape, traffic } = data;
  const isLive = shape === "full" && kind !== "open";
  return (
    <g className={classes.feeder} data-kind={kind} data-live={isLive}>
      <path className={classes.line} d={bus} strokeWidth={1.5} />
      <path className={classes.stub} d={stub} strokeWidth={Math.max(lineWidth(traffic), traffic.running > 0 ? 4 : 0)} />
      {traffic.running > 0 && <path className={classes.flow} d={bus} />}
      {traffic.running > 0 && <path className={classes.flow} data-on="stub" d={stub} />}
      <g transform={`translate(${signX} ${signY})`}>
        <rect className={classes.signBack} x="-12" y="-9" width="24" height="18" rx="4" />
        <path className={classes.blade} d="M-7 0H7" transform={`rotate(${swing[kind]} -7 0)`} />
        <circle className={classes.hinge} cx="-7" cy="0" r="2.25" />
        <circle className={classes.contact} cx="7" cy="0" r="2.25" />
      </g>
    </g>
  );
}

/** How far the blade stands from the contact, degrees. */
const swing: Record<CircuitKind, number> = { closed: 0, "half-open": -20, open: -42 };
