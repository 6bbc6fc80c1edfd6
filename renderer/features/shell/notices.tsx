import { ActionIcon, Button } from "@mantine/core";
import { IconAlertTriangle, IconDatabaseOff, IconInfoCircle, IconPower, IconShieldX, IconX } from "@tabler/icons-react";
import { Link } from "react-router-dom";
import type { AppStatus } from "../../../shared/status.ts";
import { useSetSettings } from "../../api/use-settings.ts";
import { useDismissNotice } from "../../api/use-status.ts";
import { formatPlace } from "../../components/format.ts";
import { InertText } from "../../components/inert-text.tsx";
import { AlertBars } from "./alert-bars.tsx";
import { Bar } from "./bar.tsx";
import classes from "./notices.module.css";

/** What has to be known on every screen. */
export function Notices({ status, isHome }: { status: AppStatus; isHome: boolean }) {
  const dismiss = useDismissNotice();
  return (
    <div className={classes.notices}>
      {status.policy.state === "invalid" && <PolicyBanner policy={status.policy} />}
      {!status.mcp.enabled && !isHome && <OffBanner mcp={status.mcp} />}
      {status.journal.state === "unavailable" && (
        <Bar icon={<IconDatabaseOff size={18} aria-hidden />} isStrong>
          <strong>The journal cannot be written, so no call is made.</strong> {status.journal.reason}{" "}
          {status.journal.hint} <code>{status.journal.file}</code>
        </Bar>
      )}
      {status.notices.map((notice) => (
        <Bar
          key={notice.id}
          icon={
            notice.level === "info" ? (
              <IconInfoCircle size={18} aria-hidden />
            ) : (
              <IconAlertTriangle size={18} aria-hidden />
            )
          }
          isStrong={notice.level === "error"}
          action={
            <ActionIcon
              className={classes.dismiss}
              variant="transparent"
              aria-label="Dismiss notice"
              onClick={() => dismiss.mutate(notice.id)}
            >
              <IconX size={16} aria-hidden />
            </ActionIcon>
          }
        >
          <InertText text={notice.message} /> {notice.hint && <InertText text={notice.hint} />}
        </Bar>
      ))}
      <AlertBars />
    </div>
  );
}

function PolicyBanner({ policy }: { policy: Extract<AppStatus["policy"], { state: "invalid" }> }) {
  const first = policy.problems[0];
  const more = policy.problems.length - 1;
  return (
    <Bar
      icon={<IconShieldX size={18} aria-hidden />}
      isStrong
      action={
        <Link className={classes.link} to="/policy">
          {more > 0 ? `Open the policy (${more} more)` : "Open the policy"}
        </Link>
      }
    >
      <strong>The policy file is invalid, so every call is refused.</strong>{" "}
      {first && <InertText text={first.message} />}{" "}
      <code>{formatPlace(policy.file, first?.line ?? null, first?.column ?? null)}</code>
    </Bar>
  );
}

function OffBanner({ mcp }: { mcp: AppStatus["mcp"] }) {
  const setSettings = useSetSettings();
  const isGoverned = mcp.governedBy === "environment-variable";
  return (
    <Bar
      icon={<IconPower size={18} aria-hidden />}
      action={
        !isGoverned && (
          <Button size="compact-sm" onClick={() => setSettings.mutate({ mcpEnabled: true })}>
            Turn MCP on
          </Button>
        )
      }
    >
      <strong>MCP is off{isGoverned && ", kept so by MAGSAG_MCP_ENABLED"}.</strong> Nothing is started and every call is
      refused.
    </Bar>
  );
}
