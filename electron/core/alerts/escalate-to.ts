import { createHash } from "node:crypto";
import { isAddress } from "../../../shared/policy.ts";
import type { Target } from "./alert-table.ts";

/** What `escalate_to` names: webhooks, and those whom the webhooks are to tell. */
export function readEscalateTo(entries: readonly string[]): { urls: string[]; recipients: string[] } {
  return { urls: entries.filter(isAddress), recipients: entries.filter((entry) => !isAddress(entry)) };
}

/** How a webhook is named wherever it is shown or kept. */
export function targetOf(url: string): Target {
  return { to: new URL(url).origin, mark: createHash("sha256").update(url).digest("hex") };
}
