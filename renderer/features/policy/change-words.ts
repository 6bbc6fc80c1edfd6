import { isStricter, type PermissionLevel } from "../../../shared/policy.ts";

/** Which way a level changes; `danger`: what was refused would run without anybody being asked. */
export type ChangeKind = "danger" | "looser" | "stricter";

export function changeKind(was: PermissionLevel, becomes: PermissionLevel): ChangeKind {
  if (was === "NEVER" && becomes === "ALWAYS") return "danger";
  return isStricter(becomes, was) ? "stricter" : "looser";
}

export const changeWords: Readonly<Record<ChangeKind, { label: string; meaning: string }>> = {
  danger: { label: "Danger", meaning: "Was refused, and would run without asking." },
  looser: { label: "Looser", meaning: "Less would stand in its way." },
  stricter: { label: "Stricter", meaning: "More would stand in its way." },
};

const gravity: readonly ChangeKind[] = ["danger", "looser", "stricter"];

/** The most dangerous first; otherwise in the order that they have. */
export function byGravity<T extends { was: { level: PermissionLevel }; becomes: { level: PermissionLevel } }>(
  changes: readonly T[],
): T[] {
  const rank = ({ was, becomes }: T) => gravity.indexOf(changeKind(was.level, becomes.level));
  return changes.toSorted((a, b) => rank(a) - rank(b));
}
