import { IconAlertTriangle, IconShieldCheck, IconShieldQuestion } from "@tabler/icons-react";
import type { AuditVerdict } from "../../../shared/audit.ts";
import { formatCount } from "../../components/format.ts";
import classes from "./chain-check.module.css";

/** What checking the chain found. */
export function ChainCheck({ verdict }: { verdict: AuditVerdict }) {
  const { records, sealed, keys, fault, remarks } = verdict;
  const state = fault ? "broken" : sealed > 0 ? "sound" : "unsigned";
  const StateIcon = { broken: IconAlertTriangle, sound: IconShieldCheck, unsigned: IconShieldQuestion }[state];
  return (
    <div className={classes.check} data-state={state} role={fault ? "alert" : "status"}>
      <StateIcon size={18} aria-hidden />
      <div className={classes.words}>
        <strong>
          {fault ? `The chain is not sound. ${fault.message}` : `${formatCount(records, "record")} checked.`}
        </strong>
        <span>
          {fault
            ? `${formatCount(records, "record")} before that are whole.`
            : "Nothing was changed, removed or put in."}{" "}
          {sealed > 0 && `Signed up to record ${sealed}.`} {remarks.join(" ")}
        </span>
        {keys.map((key) => (
          <span key={key} className={classes.key}>
            Signed by key <code>{key}</code>
          </span>
        ))}
      </div>
    </div>
  );
}
