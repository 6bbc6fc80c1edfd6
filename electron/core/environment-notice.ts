import type { Notices } from "./notices.ts";
import type { PolicyStore } from "./policy/policy-store.ts";
import type { SettingsStore } from "./settings-store.ts";

type Parts = { settings: SettingsStore; policy: PolicyStore; notices: Notices };

/** A mistyped environment would silently leave its rules out. */
export function noteUnknownEnvironment({ settings, policy, notices }: Parts): void {
  const { environment } = settings;
  const current = policy.current();
  const known =
    current.state === "invalid" || environment === "production" || current.environments.includes(environment);
  if (known) return notices.dismiss("environment");
  notices.add({
    id: "environment",
    level: "warning",
    message: `The policy file knows no environment "${environment}", so only its general rules hold.`,
    hint: "Choose another in Settings or by SWITCHGEAR_ENV, or add it to the file.",
  });
}
