import { expect, it } from "vitest";
import type { PermissionLevel } from "../../../shared/policy.ts";
import { byGravity, changeKind } from "./change-words.ts";

it.each<[PermissionLevel, PermissionLevel, string]>([
  ["NEVER", "ALWAYS", "danger"],
  ["NEVER", "REQUIRE_APPROVAL", "looser"],
  ["REQUIRE_APPROVAL", "ALWAYS", "looser"],
  ["ALWAYS", "NEVER", "stricter"],
  ["ALWAYS", "REQUIRE_APPROVAL", "stricter"],
])("a change from %s to %s is %s", (was, becomes, kind) => {
  expect(changeKind(was, becomes)).toBe(kind);
});

it("changes stand in the order of their danger, then in their own", () => {
  const change = (id: number, was: PermissionLevel, becomes: PermissionLevel) => ({
    id,
    was: { level: was },
    becomes: { level: becomes },
  });
  const changes = [
    change(1, "ALWAYS", "NEVER"),
    change(2, "REQUIRE_APPROVAL", "ALWAYS"),
    change(3, "NEVER", "ALWAYS"),
    change(4, "NEVER", "REQUIRE_APPROVAL"),
  ];
  expect(byGravity(changes).map(({ id }) => id)).toEqual([3, 2, 4, 1]);
});
