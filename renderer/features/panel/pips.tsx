import type { CircuitView } from "../../../shared/circuit.ts";
import { circuitCount } from "./circuit-count.ts";
import classes from "./pips.module.css";

/** More than these are told in numbers alone. */
const maxPips = 10;

/** What a circuit counts, against what it takes to move it. */
export function Pips({ circuit }: { circuit: CircuitView }) {
  const counted = circuitCount(circuit);
  if (!counted) return null;
  const { count, of, what } = counted;
  const words = `${count} of ${of} ${what}`;
  return (
    <span className={classes.pips} data-of={what} title={`${words} in a row`}>
      {of <= maxPips && (
        <span className={classes.row} aria-hidden>
          {Array.from({ length: of }, (_, index) => (
            <span key={index} className={classes.pip} data-filled={index < count} />
          ))}
        </span>
      )}
      <span>{words}</span>
    </span>
  );
}
