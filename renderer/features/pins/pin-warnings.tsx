import { IconAlertTriangle, IconInfoCircle } from "@tabler/icons-react";
import { pinWarningCodes, type PinWarning } from "../../../shared/pin.ts";
import { InertText } from "../../components/inert-text.tsx";
import classes from "./pin-warnings.module.css";

/** What a definition shows that a person should judge. */
export function PinWarnings({ warnings }: { warnings: readonly PinWarning[] }) {
  if (warnings.length === 0) return null;
  return (
    <ul className={classes.list} aria-label="Warnings">
      {warnings.map(({ code, where, excerpt }) => {
        const { serious, meaning } = pinWarningCodes[code];
        const Sign = serious ? IconAlertTriangle : IconInfoCircle;
        return (
          <li key={code} className={classes.warning} data-serious={serious || undefined}>
            <Sign size={18} stroke={1.5} aria-hidden />
            <div className={classes.words}>
              <p>{meaning}</p>
              <p className={classes.place}>
                <InertText text={where} mono maxLength={120} />
                <q>
                  <InertText text={excerpt} maxLength={140} />
                </q>
              </p>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
