import type { CircuitView } from "../../../shared/circuit.ts";
import { StateBadge } from "../../components/badges.tsx";
import { InertText } from "../../components/inert-text.tsx";
import { CircuitActions } from "./circuit-actions.tsx";
import classes from "./tool-circuits.module.css";

/** The circuits of single tools that are not closed, where a server gives each tool one. */
export function ToolCircuits({ circuits }: { circuits: readonly CircuitView[] }) {
  const notClosed = circuits.filter(({ state }) => state.kind !== "closed");
  if (notClosed.length === 0) return null;
  return (
    <ul className={classes.list} aria-label="Tools whose circuit is not closed">
      {notClosed.map((circuit) => (
        <li key={circuit.tool} className={classes.tool}>
          <StateBadge kind={circuit.state.kind} />
          <InertText text={circuit.tool ?? ""} mono maxLength={80} className={classes.name} />
          <CircuitActions circuit={circuit} />
        </li>
      ))}
    </ul>
  );
}
