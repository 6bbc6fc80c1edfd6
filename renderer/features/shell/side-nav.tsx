import { NavLink } from "react-router-dom";
import type { AppStatus } from "../../../shared/status.ts";
import { formatCount } from "../../components/format.ts";
import { screens } from "./screens.ts";
import classes from "./side-nav.module.css";

export function SideNav({ status }: { status: AppStatus | undefined }) {
  const waiting = status ? status.pendingApprovals + status.openQuestions : 0;
  const quarantined = status?.toolsInQuarantine ?? 0;
  return (
    <nav className={classes.nav} aria-label="Screens">
      <ul className={classes.list}>
        {screens.map(({ path, title, icon: ScreenIcon, begins }) => (
          <li key={path} data-begins={begins}>
            <NavLink to={path} end={path === "/"} className={classes.link ?? ""} title={title}>
              <ScreenIcon size={18} stroke={1.5} aria-hidden />
              <span className={classes.label}>{title}</span>
              {path === "/pins" && quarantined > 0 && (
                <span className={classes.count} aria-label={`${quarantined} in quarantine`}>
                  {quarantined}
                </span>
              )}
              {path === "/approvals" && waiting > 0 && (
                <span className={classes.count} aria-label={`${formatCount(waiting, "call")} waiting`}>
                  {waiting}
                </span>
              )}
            </NavLink>
          </li>
        ))}
      </ul>
      {status && (
        <p className={classes.version} title={status.runtime}>
          {status.version}
        </p>
      )}
    </nav>
  );
}
