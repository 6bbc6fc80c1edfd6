import type { ToolTimeout } from "../../../shared/adaptive-timeout.ts";
import { assertNever } from "../../../shared/assert-never.ts";
import { formatCount, formatDuration } from "../../components/format.ts";

/** What bounds one attempt of a tool, and why, where it follows the tool's own times. */
export function timeoutWords({ ms, adaptive }: ToolTimeout): { bound: string; why: string | null } {
  const bound = `${formatDuration(ms)} an attempt`;
  if (adaptive === null) return { bound, why: null };
  switch (adaptive.state) {
    case "learning":
      return { bound, why: `adaptive: learning, ${adaptive.answers} of ${adaptive.needed} answers seen` };
    case "active":
      return { bound, why: `adaptive: 99 in 100 answers come within ${formatDuration(adaptive.p99Ms)}` };
    case "resting":
      return { bound, why: `adaptive: resting, as it cut ${formatCount(adaptive.cut, "recent attempt")} short` };
    default:
      return assertNever(adaptive);
  }
}
