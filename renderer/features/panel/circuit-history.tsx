import { IconHistory } from "@tabler/icons-react";
import { Link } from "react-router-dom";
import type { CircuitView } from "../../../shared/circuit.ts";
import { StateBadge } from "../../components/badges.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { InertText } from "../../components/inert-text.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import classes from "./circuit-history.module.css";
import { causeWords } from "./circuit-words.ts";

/** When the circuits of a server moved, and why; newest first. */
export function CircuitHistory({ circuits }: { circuits: readonly CircuitView[] }) {
  const transitions = circuits.flatMap((circuit) => circuit.transitions).toSorted((a, b) => b.at - a.at);
  if (transitions.length === 0) {
    return (
      <EmptyState icon={IconHistory} title="It has not moved">
        Each time the circuit opens, half-opens or closes, the moment and the cause appear here.
      </EmptyState>
    );
  }
  return (
    <ol className={classes.history} aria-label="Circuit history">
      {transitions.map((transition, index) => (
        <li key={`${transition.at}:${index}`} className={classes.step}>
          <StateBadge kind={transition.to} />
          <div className={classes.words}>
            <InertText text={causeWords(transition)} maxLength={600} />
            <p className={classes.more}>
              <TimeAgo at={transition.at} />
              {transition.tool !== null && <InertText text={transition.tool} mono maxLength={120} />}
              {transition.instance !== undefined && <InertText text={`on ${transition.instance}`} maxLength={80} />}
              {transition.instance === undefined && transition.invocationId !== null && (
                <Link to={`/activity?call=${encodeURIComponent(transition.invocationId)}`}>The call</Link>
              )}
            </p>
          </div>
        </li>
      ))}
    </ol>
  );
}
