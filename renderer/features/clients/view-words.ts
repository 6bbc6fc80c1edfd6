import type { ClientView, SeenServer } from "../../../shared/access.ts";
import { formatCount } from "../../components/format.ts";

/** What a client is shown, in a few words. */
export function viewWords({ sees, lazy }: ClientView): string {
  const what = sees === null ? "Sees everything" : sees.length === 0 ? "Sees nothing" : `Sees ${patterns(sees)}`;
  return lazy ? `${what}, lazily` : what;
}

/** How much a client would see of what there is. */
export function seenWords(servers: readonly SeenServer[]): string {
  const seen = servers.reduce((sum, each) => sum + each.seen.length, 0);
  const all = servers.reduce((sum, each) => sum + each.hidden, seen);
  const from = servers.filter((each) => each.seen.length > 0).length;
  if (all === 0) return "No tool is known yet: servers tell theirs when they are connected.";
  if (seen === 0) return `It sees none of the ${formatCount(all, "tool")}.`;
  const what =
    seen === all
      ? all === 1
        ? "the 1 tool"
        : `all ${formatCount(all, "tool")}`
      : `${seen} of ${formatCount(all, "tool")}`;
  return `It sees ${what}, of ${formatCount(from, "server")}.`;
}

function patterns(sees: readonly string[]): string {
  return sees.length <= 2 ? sees.join(" and ") : `${sees.slice(0, 2).join(", ")} and ${sees.length - 2} more`;
}
