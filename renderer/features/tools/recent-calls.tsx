import { useEffect, useMemo } from "react";
import { Link } from "react-router-dom";
import { useInvocations } from "../../api/use-invocations.ts";
import { OutcomeBadge } from "../../components/badges.tsx";
import { Duration } from "../../components/duration.tsx";
import { InertText } from "../../components/inert-text.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import { callPath } from "../activity/call-path.ts";
import classes from "./recent-calls.module.css";

const shown = 6;

/** A tool's last calls, whoever made them; one that still runs stands here after a reload of the page too. */
export function RecentCalls({ server, tool }: { server: string; tool: string }) {
  const filter = useMemo(() => ({ server, tool }), [server, tool]);
  const { rows, newCount, showNew, isSuccess } = useInvocations(filter, shown);
  useEffect(() => {
    if (newCount > 0) void showNew();
  }, [newCount, showNew]);
  if (!isSuccess || rows.length === 0) return null;
  const all = new URLSearchParams({ server, tool });
  return (
    <section className={classes.recent} aria-label="Recent calls">
      <header className={classes.head}>
        <h2 className={classes.heading}>Recent calls</h2>
        <Link to={`/activity?${all.toString()}`}>All in Activity</Link>
      </header>
      <ul className={classes.list}>
        {rows.slice(0, shown).map((call) => (
          <li key={call.id}>
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
  );
}
