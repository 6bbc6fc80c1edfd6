import { spotlight } from "@mantine/spotlight";
import {
  IconPin,
  IconSearch,
  IconShieldCheck,
  IconShieldX,
  IconUserCheck,
  IconUserQuestion,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "react-router-dom";
import type { AppStatus } from "../../../shared/status.ts";
import { CircuitGlyph } from "../../components/circuit-glyph.tsx";
import { formatCount } from "../../components/format.ts";
import { SessionMenu } from "../session/session-menu.tsx";
import { MasterSwitch } from "./master-switch.tsx";
import { modifierKey } from "./modifier-key.ts";
import classes from "./top-bar.module.css";

/** What is always said: circuits not closed, calls waiting, the policy, the environment, the master switch. */
export function TopBar({ status }: { status: AppStatus | undefined }) {
  return (
    <header className={classes.bar}>
      <Link to="/" className={classes.brand} aria-label="Switchgear, to the panel">
        <CircuitGlyph kind="closed" size={20} />
        <span>Switchgear</span>
      </Link>
      {status && <Readings status={status} />}
      <div className={classes.right}>
        <button type="button" className={classes.search} onClick={spotlight.open}>
          <IconSearch size={14} aria-hidden />
          <span>Search</span>
          <kbd aria-hidden>{modifierKey} K</kbd>
        </button>
        {status && (
          <>
            <Link
              to="/settings"
              className={classes.environment}
              title="The environment that the policy judges by"
              aria-label={`Environment: ${status.environment}`}
            >
              {status.environment}
            </Link>
            <MasterSwitch mcp={status.mcp} />
          </>
        )}
        <SessionMenu />
      </div>
    </header>
  );
}

function Readings({ status }: { status: AppStatus }) {
  const { circuitsNotClosed, pendingApprovals, openQuestions, toolsInQuarantine, policy, mcp } = status;
  const waiting = pendingApprovals + openQuestions;
  const isValid = policy.state === "valid";
  return (
    <div className={classes.readings} role="group" aria-label="State">
      <Reading
        to={circuitsNotClosed > 0 ? "/?state=not-closed" : "/"}
        tone={circuitsNotClosed > 0 ? "bad" : "quiet"}
        icon={<CircuitGlyph kind={circuitsNotClosed > 0 || !mcp.enabled ? "open" : "closed"} size={16} />}
      >
        {circuitsNotClosed > 0
          ? `${formatCount(circuitsNotClosed, "circuit")} not closed`
          : mcp.enabled
            ? "All circuits closed"
            : "No circuit in use"}
      </Reading>
      <Reading
        to="/approvals"
        tone={waiting > 0 ? "accent" : "quiet"}
        icon={waiting > 0 ? <IconUserQuestion size={16} aria-hidden /> : <IconUserCheck size={16} aria-hidden />}
      >
        {waiting > 0 ? `${formatCount(waiting, "call waits", "calls wait")} for you` : "No call waits"}
      </Reading>
      {toolsInQuarantine > 0 && (
        <Reading to="/pins" tone="held" icon={<IconPin size={16} aria-hidden />}>
          {formatCount(toolsInQuarantine, "tool")} in quarantine
        </Reading>
      )}
      <Reading
        to="/policy"
        tone={isValid ? "quiet" : "strong"}
        icon={isValid ? <IconShieldCheck size={16} aria-hidden /> : <IconShieldX size={16} aria-hidden />}
      >
        {isValid ? "Policy valid" : "Policy invalid"}
      </Reading>
    </div>
  );
}

type ReadingProps = {
  to: string;
  tone: "quiet" | "bad" | "accent" | "held" | "strong";
  icon: ReactNode;
  children: ReactNode;
};

function Reading({ to, tone, icon, children }: ReadingProps) {
  return (
    <Link to={to} className={classes.reading} data-tone={tone}>
      {icon}
      <span>{children}</span>
    </Link>
  );
}
