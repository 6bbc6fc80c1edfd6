import type { ApprovalTimeView } from "../../shared/status.ts";
import type { Notices } from "./notices.ts";
import type { PolicyStore } from "./policy/policy-store.ts";

const variable = "MAGSAG_APPROVAL_TTL_MIN";
/** As long as a ticket may wait: 30 days. */
const mostMinutes = 30 * 24 * 60;
const withoutPolicy = 30;

/** How long a call waits for a person: what the policy file says, unless the environment variable governs it. */
export class ApprovalTime {
  #policy: Pick<PolicyStore, "file">;
  #governed: number | null;

  constructor(env: Readonly<Record<string, string | undefined>>, policy: Pick<PolicyStore, "file">, notices: Notices) {
    const text = env[variable];
    this.#policy = policy;
    this.#governed = text === undefined ? null : parseMinutes(text);
    if (text === undefined || this.#governed !== null) return;
    notices.add({
      id: "approval-time-variable",
      level: "error",
      message: `${variable} is ${JSON.stringify(text)}, so calls wait for approval as long as the policy file says.`,
      hint: `Set ${variable} to a number of minutes above 0, at most ${mostMinutes}, or unset it, and start again.`,
    });
  }

  get timeoutMs(): number {
    return this.view().minutes * 60_000;
  }

  view(): ApprovalTimeView {
    if (this.#governed !== null) return { minutes: this.#governed, governedBy: "environment-variable", variable };
    const minutes = this.#policy.file()?.approval.default_timeout_minutes ?? withoutPolicy;
    return { minutes, governedBy: "policy-file", variable };
  }
}

function parseMinutes(text: string): number | null {
  const minutes = /^\d+(?:\.\d+)?$/.test(text.trim()) ? Number(text) : NaN;
  return minutes > 0 && minutes <= mostMinutes ? minutes : null;
}
