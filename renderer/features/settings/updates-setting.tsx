import { Button, Progress } from "@mantine/core";
import type { UpdateState } from "../../../shared/desktop.ts";
import { useDesktop, useUpdate } from "../../api/use-desktop.ts";
import { InertText } from "../../components/inert-text.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import { SettingRow } from "./setting-row.tsx";
import classes from "./settings.module.css";

/** Whether there is a newer version, and fetching and installing it. */
export function UpdatesSetting() {
  const state = useDesktop().data?.updates;
  const { check, download, install } = useUpdate();
  if (!state) return null;
  return (
    <SettingRow title="Updates" description={<span role="status">{words(state)}</span>}>
      {state.state === "downloading" && (
        <Progress className={classes.progress} value={state.percent} aria-label="Fetched so far" />
      )}
      {(state.state === "idle" || state.state === "current" || state.state === "failed") && (
        <Button variant="default" onClick={() => check.mutate()}>
          Check for updates
        </Button>
      )}
      {state.state === "available" && (
        <Button loading={download.isPending} onClick={() => download.mutate()}>
          Download {state.version}
        </Button>
      )}
      {state.state === "ready" && <Button onClick={() => install.mutate()}>Quit and install {state.version}</Button>}
    </SettingRow>
  );
}

function words(state: UpdateState) {
  switch (state.state) {
    case "off":
      return (
        <>
          No feed is set, so this Switchgear asks nobody. Start it with <code>SWITCHGEAR_UPDATE_FEED</code> to set one.
        </>
      );
    case "idle":
      return "It is looked for once a day, and nothing is fetched before you say so.";
    case "checking":
      return "Looking for a newer version…";
    case "current":
      return (
        <>
          This is the newest version. Looked <TimeAgo at={state.at} />.
        </>
      );
    case "available":
      return `Version ${state.version} is there. Your servers and calls go on while it is fetched.`;
    case "downloading":
      return `Fetching version ${state.version}: ${state.percent} %`;
    case "ready":
      return `Version ${state.version} is fetched and checked. Installing it ends running calls; calls that wait are interrupted.`;
    case "failed":
      return (
        <>
          {state.message} <InertText text={state.reason} maxLength={300} />
        </>
      );
  }
}
