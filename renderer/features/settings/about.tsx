import type { AppStatus } from "../../../shared/status.ts";
import { SettingGroup } from "./setting-row.tsx";
import classes from "./settings.module.css";

/** Which Switchgear this is, and what it runs on. */
export function About({ status }: { status: AppStatus }) {
  return (
    <SettingGroup title="About">
      <dl className={classes.facts}>
        <dt>Version</dt>
        <dd>Switchgear {status.version}</dd>
        <dt>Runtime</dt>
        <dd>{status.runtime}</dd>
      </dl>
    </SettingGroup>
  );
}
