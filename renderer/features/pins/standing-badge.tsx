import { IconAlertTriangle, IconBan, IconCheck, IconGitCompare, IconSparkles, type Icon } from "@tabler/icons-react";
import type { PinStanding } from "../../../shared/pin.ts";
import { standingWords } from "./pin-words.ts";
import classes from "./standing-badge.module.css";

const icons: Readonly<Record<PinStanding, Icon>> = {
  accepted: IconCheck,
  new: IconSparkles,
  changed: IconGitCompare,
  suspect: IconAlertTriangle,
  blocked: IconBan,
};

/** What a tool's definition is worth: shape and word. */
export function StandingBadge({ standing }: { standing: PinStanding }) {
  const StandingIcon = icons[standing];
  const { label, meaning } = standingWords[standing];
  return (
    <span className={classes.badge} data-standing={standing} title={meaning}>
      <StandingIcon size={14} aria-hidden />
      {label}
    </span>
  );
}
