import type { InvocationOutcome } from "../../../shared/invocation.ts";
import { outcomeWords } from "../../components/outcome-words.ts";

/** Where a server's last calls stand that did not end well. */
export function failedPath(server: string): string {
  const outcomes = Object.keys(outcomeWords) as InvocationOutcome[];
  const failed = outcomes.filter((outcome) => ["bad", "warn"].includes(outcomeWords[outcome].tone));
  const params = new URLSearchParams({ server, since: "15m" });
  for (const outcome of failed) params.append("outcome", outcome);
  return `/activity?${params.toString()}`;
}
