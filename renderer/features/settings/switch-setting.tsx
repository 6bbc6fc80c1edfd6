import { Switch } from "@mantine/core";
import type { SettingsView } from "../../../shared/settings.ts";
import { useSetSettings } from "../../api/use-settings.ts";
import { Governed, SettingRow } from "./setting-row.tsx";

/** The master switch. */
export function SwitchSetting({ enabled }: { enabled: SettingsView["mcpEnabled"] }) {
  const set = useSetSettings();
  const governed = enabled.governedBy === "environment-variable";
  return (
    <SettingRow
      title="Master switch"
      description="Off means: no server is started or dialled, and every call is refused."
    >
      <Switch
        aria-label="MCP enabled"
        label={enabled.value ? "On" : "Off"}
        checked={enabled.value}
        disabled={governed || set.isPending}
        onChange={(event) => set.mutate({ mcpEnabled: event.currentTarget.checked })}
      />
      {governed && <Governed variable={enabled.variable} />}
    </SettingRow>
  );
}
