import type { PermissionView } from "../../../shared/tool.ts";
import { LevelBadge } from "../../components/badges.tsx";
import classes from "./permission-mark.module.css";

/** What the policy says of something, in one word; marked where other arguments could change it. */
export function PermissionMark({ permission }: { permission: PermissionView }) {
  return (
    <>
      <LevelBadge level={permission.level} short />
      {permission.conditional && (
        <abbr className={classes.mark} title="Differs by arguments" aria-label="differs by arguments">
          ±
        </abbr>
      )}
    </>
  );
}
