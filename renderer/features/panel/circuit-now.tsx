import type { CircuitView } from "../../../shared/circuit.ts";
import { circuitWords } from "../../components/badges.tsx";
import { formatCount, formatDuration } from "../../components/format.ts";
import { BreakerSwitch } from "./breaker-switch.tsx";
import classes from "./circuit-now.module.css";
import { Pips } from "./pips.tsx";
import { UntilProbe } from "./until-probe.tsx";

/** How a server's circuit stands, and what moves it. */
export function CircuitNow({ circuit }: { circuit: CircuitView }) {
  const { state, settings } = circuit;
  return (
    <section className={classes.now} data-kind={state.kind} aria-label="The circuit now">
      <BreakerSwitch state={state} />
      <div className={classes.words}>
        <p className={classes.state}>
          <span className={classes.word}>{circuitWords[state.kind].label}</span>
          <Pips circuit={circuit} />
        </p>
        <p className={classes.meaning}>
          {state.kind === "closed" ? circuitWords.closed.meaning : <UntilProbe state={state} />}
        </p>
        <p className={classes.rules}>
          {formatCount(settings.failure_threshold, "failure")} in a row open it ·{" "}
          {formatDuration(settings.timeout_seconds * 1000)} later it half-opens ·{" "}
          {formatCount(settings.success_threshold, "success", "successes")} close it
        </p>
      </div>
    </section>
  );
}
