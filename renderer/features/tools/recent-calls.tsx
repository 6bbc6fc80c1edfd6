import { Checkbox } from "@mantine/core";
import { useEffect, useMemo, useState } from "react";
import { Link } from "react-router-dom";
import { useInvocations } from "../../api/use-invocations.ts";
import { useNewCalls } from "../../api/use-new-calls.ts";
import { OutcomeBadge } from "../../components/badges.tsx";
import { Duration } from "../../components/duration.tsx";
import { formatMoment } from "../../components/format.ts";
import { InertText } from "../../components/inert-text.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import { callPath } from "../activity/call-path.ts";
import { CompareCalls } from "./compare-calls.tsx";
import classes from "./recent-calls.module.css";

const shown = 6;

/** A tool's last calls, whoever made them; one that still runs stands here after a reload of the page too. */
export function RecentCalls({ server, tool }: { server: string; tool: string }) {
  const filter = useMemo(() => ({ server, tool }), [server, tool]);
  const { rows, showNew, isSuccess } = useInvocations(filter, shown);
  const newCount = useNewCalls(filter, rows, isSuccess);
  useEffect(() => {
    if (newCount > 0) void showNew();
  }, [newCount, showNew]);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  if (!isSuccess || rows.length === 0) return null;
  const choose = (id: string, isChosen: boolean) =>
    setChosen(isChosen ? [...chosen, id].slice(-2) : chosen.filter((other) => other !== id));
  const [first, second] = chosen;
  const all = new URLSearchParams({ server, tool });
  return (
    <>
      <section className={classes.recent} aria-label="Recent calls">
        <header className={classes.head}>
          <h2 className={classes.heading}>Recent calls</h2>
          {rows.length > 1 && (
            <span className={classes.hint} role="status">
              {chosen.length === 1 ? "Choose one more to compare" : "Choose two to compare"}
            </span>
          )}
          <Link to={`/activity?${all.toString()}`}>All in Activity</Link>
        </header>
        <ul className={classes.list}>
          {rows.slice(0, shown).map((call) => (
            <li key={call.id} className={classes.row}>
              <Checkbox
                size="xs"
                aria-label={`Compare the call of ${formatMoment(call.startedAt)}`}
                checked={chosen.includes(call.id)}
                onChange={(event) => choose(call.id, event.currentTarget.checked)}
              />
              <Link className={classes.call} to={callPath(call.id)}>
                <OutcomeBadge outcome={call.outcome} phase={call.phase} />
                <InertText text={call.client} maxLength={60} className={classes.client} />
                <span className={classes.number}>
                  <Duration ms={call.durationMs} />
                </span>
                <span className={classes.number}>
                  <TimeAgo at={call.startedAt} />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      </section>
      {first !== undefined && second !== undefined && (
        <CompareCalls key={`${first} ${second}`} ids={[first, second]} onClose={() => setChosen([])} />
      )}
    </>
  );
}
