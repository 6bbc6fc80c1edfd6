import { Button } from "@mantine/core";
import { IconLogout } from "@tabler/icons-react";
import { useLogOut } from "../../api/use-log-out.ts";
import { formatCount } from "../../components/format.ts";
import { SettingGroup, SettingRow } from "./setting-row.tsx";

/** The session of a console in a browser, and what only a desktop has. */
export function BrowserSetting({ idleMinutes }: { idleMinutes: number }) {
  const logOut = useLogOut();
  return (
    <SettingGroup title="In this browser">
      <SettingRow
        title="Session"
        description={`You act as “browser” in records. The session ends when you log out, when Switchgear stops, and after ${formatCount(idleMinutes, "minute")} without anybody here.`}
      >
        <Button
          variant="default"
          leftSection={<IconLogout size={14} aria-hidden />}
          loading={logOut.isPending}
          onClick={() => logOut.mutate()}
        >
          Log out
        </Button>
      </SettingRow>
      <SettingRow
        title="What only a desktop has"
        description="Notifications, the tray, starting at login, showing folders and updates belong to the application with a window. Keep this page open to see who waits: its title counts them."
      >
        {null}
      </SettingRow>
    </SettingGroup>
  );
}
