import type { CircuitState } from "../../../shared/circuit.ts";
import { useTimeLeft } from "../../components/use-time-left.ts";
import classes from "./breaker-switch.module.css";

/** Of the ring, in units of the drawing. */
const radius = 29;
const circumference = 2 * Math.PI * radius;

/** How far the blade swings from the contact, degrees. */
const swing = { closed: 0, "half-open": 22, open: 48 } as const;

/**
 * A circuit as it is drawn in a diagram: the line comes from above, the blade closes the way to the load below. Around it,
 * while it is open, a ring that runs out as the time to half-open does. A picture of what the words beside it say.
 */
export function BreakerSwitch({ state }: { state: CircuitState }) {
  return (
    <svg className={classes.switch} data-kind={state.kind} viewBox="0 0 72 72" aria-hidden>
      <circle className={classes.housing} cx="36" cy="36" r={radius} />
      {state.kind === "open" && <CountdownRing state={state} />}
      {state.kind === "half-open" && <circle className={classes.probing} cx="36" cy="36" r={radius} />}
      <path className={classes.line} d="M36 0 V20" />
      <path className={classes.load} d="M36 52 V72" />
      <circle className={classes.contact} cx="36" cy="22" r="3.25" />
      <g className={classes.blade} style={{ transform: `rotate(${swing[state.kind]}deg)` }}>
        <path d="M36 50 V25.5" />
      </g>
      <circle className={classes.hinge} cx="36" cy="50" r="3.25" />
    </svg>
  );
}

function CountdownRing({ state }: { state: Extract<CircuitState, { kind: "open" }> }) {
  const leftMs = useTimeLeft(state.retryAt);
  const whole = Math.max(1, state.retryAt - state.openedAt);
  const left = Math.min(1, leftMs / whole);
  return (
    <circle
      className={classes.ring}
      cx="36"
      cy="36"
      r={radius}
      strokeDasharray={`${left * circumference} ${circumference}`}
    />
  );
}
