import { useState } from "react";
import { Link } from "react-router-dom";
import type { PinView } from "../../../shared/pin.ts";
import { formatCount } from "../../components/format.ts";
import { InertText } from "../../components/inert-text.tsx";
import classes from "./pin-list.module.css";
import { groupPins, pinPath } from "./pin-words.ts";
import { StandingBadge } from "./standing-badge.tsx";

type PinListProps = {
  pins: readonly PinView[];
  titles: ReadonlyMap<string, string>;
  /** What the address points to: a tool, or with no tool a server. */
  server: string | null;
  tool: string | null;
};

/** Every server's tools: those that wait for a verdict in view, the others folded. */
export function PinList({ pins, titles, server, tool }: PinListProps) {
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  return (
    <ul className={classes.list} aria-label="Definitions">
      {groupPins(pins).map((group) => {
        const isOpen = unfolded.has(group.server);
        const isChosen = (pin: PinView) => pin.server === server && pin.tool === tool;
        const shown = [...group.waiting, ...(isOpen ? group.settled : group.settled.filter(isChosen))];
        return (
          <li key={group.server}>
            <h2 className={classes.server}>
              <InertText text={titles.get(group.server) ?? group.server} maxLength={80} />
              {group.waiting.length > 0 && (
                <Link
                  to={pinPath(group)}
                  className={classes.review}
                  aria-current={server === group.server && tool === null ? "page" : undefined}
                >
                  Review {group.waiting.length}
                </Link>
              )}
            </h2>
            <ul className={classes.group}>
              {shown.map((pin) => (
                <li key={pin.tool}>
                  <Link
                    to={pinPath(pin)}
                    className={classes.pin}
                    aria-label={`${pin.tool} on ${pin.server}`}
                    aria-current={isChosen(pin) ? "page" : undefined}
                  >
                    <InertText text={pin.tool} mono maxLength={80} className={classes.name ?? ""} />
                    <StandingBadge standing={pin.standing} />
                  </Link>
                </li>
              ))}
            </ul>
            {group.settled.length > 0 && (
              <button
                type="button"
                className={classes.fold}
                aria-expanded={isOpen}
                onClick={() => setUnfolded(toggled(unfolded, group.server))}
              >
                {isOpen ? "Hide" : "Show"} {formatCount(group.settled.length, "settled tool")}
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function toggled(set: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(key)) next.add(key);
  return next;
}
