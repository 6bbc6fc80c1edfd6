import type { AppStatus, CircuitSharing } from "../../../shared/status.ts";
import { formatCount } from "../../components/format.ts";
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
        <dt>Circuits</dt>
        <dd>{status.circuitSharing ? <Sharing sharing={status.circuitSharing} /> : "This instance's own"}</dd>
      </dl>
    </SettingGroup>
  );
}

function Sharing({ sharing }: { sharing: CircuitSharing }) {
  const words =
    sharing.state === "shared" ? `Shared by ${formatCount(sharing.instances, "instance")}` : "Not shared now";
  return (
    <>
      {words}, over the Redis at <code>{sharing.place}</code>
    </>
  );
}
