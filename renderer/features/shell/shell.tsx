import { useEffect } from "react";
import { Outlet, useLocation } from "react-router-dom";
import { useStatus } from "../../api/use-status.ts";
import { ErrorState } from "../../components/error-state.tsx";
import { LinkBar } from "../session/link-bar.tsx";
import { KeysSheet } from "./keys-sheet.tsx";
import { Notices } from "./notices.tsx";
import { Search } from "./search.tsx";
import classes from "./shell.module.css";
import { SideNav } from "./side-nav.tsx";
import { TopBar } from "./top-bar.tsx";
import { useGoKeys } from "./use-go-keys.ts";
import { useThemeSetting } from "./use-theme-setting.ts";

/** What every screen stands in. */
export function Shell() {
  const status = useStatus();
  const { pathname } = useLocation();
  useThemeSetting();
  useGoKeys();

  const waiting = status.data ? status.data.pendingApprovals + status.data.openQuestions : 0;
  useEffect(() => {
    document.title = waiting > 0 ? `(${waiting}) Switchgear` : "Switchgear";
  }, [waiting]);

  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#main" onClick={focusMain}>
        Skip to content
      </a>
      <TopBar status={status.data} />
      <SideNav status={status.data} />
      <div className={classes.content}>
        <LinkBar />
        {status.data && <Notices status={status.data} isHome={pathname === "/"} />}
        <main id="main" className={classes.main} tabIndex={-1}>
          {status.isError && <ErrorState error={status.error} onRetry={() => void status.refetch()} />}
          <Outlet />
        </main>
      </div>
      <Search />
      <KeysSheet />
    </div>
  );
}

/** The address bar belongs to the router, so the link moves the focus instead. */
function focusMain(event: React.MouseEvent): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}
