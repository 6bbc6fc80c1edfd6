import { Switch, Tooltip } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import type { AppStatus } from "../../../shared/status.ts";
import { useSetSettings } from "../../api/use-settings.ts";
import classes from "./master-switch.module.css";

/** Off at once means off: nothing is asked, since it may be an emergency. */
export function MasterSwitch({ mcp }: { mcp: AppStatus["mcp"] }) {
  const setSettings = useSetSettings();
  const isGoverned = mcp.governedBy === "environment-variable";
  const word = mcp.enabled ? "on" : "off";
  const explanation = isGoverned
    ? `MAGSAG_MCP_ENABLED keeps it ${word}. Start Switchgear without the variable to use this switch.`
    : mcp.enabled
      ? "Turn off: every server is stopped and every call refused."
      : "Turn on: the servers of the catalog are started.";
  return (
    <Tooltip label={explanation} multiline maw={280}>
      <div className={classes.master}>
        {isGoverned && <IconLock size={14} aria-hidden />}
        <Switch
          size="sm"
          aria-label="MCP"
          aria-description={explanation}
          aria-readonly={isGoverned}
          checked={mcp.enabled}
          withThumbIndicator={false}
          classNames={{ body: classes.body ?? "", input: classes.input ?? "" }}
          onChange={(event) => {
            if (!isGoverned) setSettings.mutate({ mcpEnabled: event.currentTarget.checked });
          }}
        />
        <span className={classes.word} data-off={!mcp.enabled} aria-hidden>
          MCP {word}
        </span>
      </div>
    </Tooltip>
  );
}
