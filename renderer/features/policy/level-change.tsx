import { IconAlertOctagon, IconArrowRight, IconLockOpen2, IconShieldPlus, type Icon } from "@tabler/icons-react";
import type { PermissionLevel } from "../../../shared/policy.ts";
import { LevelBadge } from "../../components/badges.tsx";
import { changeKind, changeWords, type ChangeKind } from "./change-words.ts";
import classes from "./level-change.module.css";

const icons: Readonly<Record<ChangeKind, Icon>> = {
  danger: IconAlertOctagon,
  looser: IconLockOpen2,
  stricter: IconShieldPlus,
};

/** From one level to another, and which way that is: by shape and word as well as by colour. */
export function LevelChange({ was, becomes }: { was: PermissionLevel; becomes: PermissionLevel }) {
  const kind = changeKind(was, becomes);
  const KindIcon = icons[kind];
  return (
    <span className={classes.change}>
      <span className={classes.kind} data-kind={kind} title={changeWords[kind].meaning}>
        <KindIcon size={14} aria-hidden />
        {changeWords[kind].label}
      </span>
      <LevelBadge level={was} />
      <IconArrowRight size={14} role="img" aria-label="becomes" className={classes.arrow} />
      <LevelBadge level={becomes} />
    </span>
  );
}
