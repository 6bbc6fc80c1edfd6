import { IconBellOff } from "@tabler/icons-react";
import type { DesktopSettings } from "../../../shared/desktop.ts";
import { useDesktop, useStartAtLogin } from "../../api/use-desktop.ts";
import { useSetSettings } from "../../api/use-settings.ts";
import { ErrorState } from "../../components/error-state.tsx";
import { SettingGroup, SwitchRow } from "./setting-row.tsx";
import { UpdatesSetting } from "./updates-setting.tsx";
import classes from "./settings.module.css";

/** When Switchgear runs, and how it reaches a person who does not look at its window. */
export function DesktopSetting({ desktop }: { desktop: DesktopSettings }) {
  const set = useSetSettings();
  const system = useDesktop();
  const choose = (change: Partial<DesktopSettings>) => set.mutate({ desktop: { ...desktop, ...change } });
  return (
    <SettingGroup title="On this desktop">
      {system.isError && <ErrorState error={system.error} onRetry={() => void system.refetch()} />}
      <StartAtLogin />
      <SwitchRow
        title="Keep running when the window is closed"
        description="Clients of the gateway go on calling. The icon in the tray, or another start, brings the window back."
        isOn={desktop.keepRunning}
        disabled={set.isPending}
        onTurn={(keepRunning) => choose({ keepRunning })}
      />
      <SwitchRow
        title="Notify when a call waits"
        description="While you look at the console it stays quiet. What may do harm is decided in the window alone."
        isOn={desktop.notifyWaiting}
        disabled={set.isPending}
        onTurn={(notifyWaiting) => choose({ notifyWaiting })}
      />
      {desktop.notifyWaiting && system.data?.notifications.state === "refused" && (
        <p className={classes.obstacle}>
          <IconBellOff size={16} aria-hidden />
          <span>
            Notifications are not shown: {system.data.notifications.reason} Calls that wait are told in this window, in
            the tray and on the icon.
          </span>
        </p>
      )}
      <UpdatesSetting />
    </SettingGroup>
  );
}

function StartAtLogin() {
  const { data } = useDesktop();
  const start = useStartAtLogin();
  const state = data?.startAtLogin;
  return (
    <SwitchRow
      title="Start at login"
      description={
        state?.state === "unavailable"
          ? state.reason
          : "Opens Switchgear when you log in; in the tray alone, where it keeps running without a window."
      }
      isOn={state?.state === "on"}
      disabled={state === undefined || state.state === "unavailable" || start.isPending}
      onTurn={(isOn) => start.mutate(isOn)}
    />
  );
}
