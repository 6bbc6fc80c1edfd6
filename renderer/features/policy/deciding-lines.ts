import type { ToolView } from "../../../shared/tool.ts";

/** How many tools each line of the policy file decides for, without arguments. */
export function countDeciding(tools: readonly ToolView[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const { permission } of tools) {
    if (permission.line !== null) counts.set(permission.line, (counts.get(permission.line) ?? 0) + 1);
  }
  return counts;
}

/** The line that an address asks for; `null` where it asks for none, or for what is no line. */
export function readLine(text: string | null): number | null {
  const line = Number(text);
  return Number.isSafeInteger(line) && line > 0 ? line : null;
}
