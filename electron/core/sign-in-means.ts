import { recordSignIn } from "./audit-entries.ts";
import { MCPClientError, MCPRefusedError } from "./errors.ts";
import type { AuditChain } from "./journal/journal.ts";
import type { SignInsDeps } from "./oauth/sign-ins.ts";
import type { Clock } from "./ports.ts";
import { assertEnabled } from "./preconditions.ts";
import type { Redactor } from "./secrets/redact.ts";
import type { TargetOf } from "./secrets/bound-targets.ts";
import { resolveSecret } from "./secrets/resolve.ts";
import type { Vault } from "./secrets/vault.ts";
import type { SettingsStore } from "./settings-store.ts";

type Parts = {
  clock: Clock;
  env: Readonly<Record<string, string | undefined>>;
  vault: Vault;
  redactor: Redactor;
  settings: SettingsStore;
  audit: AuditChain;
  targetOf: TargetOf;
};

type Means = Pick<
  SignInsDeps,
  "record" | "clock" | "store" | "learnSecret" | "forgetSecret" | "resolveSecret" | "assertAllowed"
>;

/** What signing in needs of the core: tokens are kept in the vault, and nowhere else. */
export function signInMeans({ clock, env, vault, redactor, settings, audit, targetOf }: Parts): Means {
  return {
    clock,
    record: (change) => recordSignIn(audit, change),
    store: {
      read: (name) => vault.readInternal(name),
      write: (name, value) => vault.writeInternal(name, value),
      assertUsable: async () => {
        const status = await vault.status();
        if (status.state === "ready") return;
        throw new MCPClientError("vault_locked", `A sign-in could not be kept: ${status.reason}`, {
          hint: status.hint,
        });
      },
    },
    learnSecret: (secret) => redactor.add(secret),
    forgetSecret: (secret) => redactor.forget(secret),
    resolveSecret: async (reference, what, id) => {
      const target = targetOf(id);
      if (!target) throw new MCPRefusedError("unknown_server", `No server in the catalog has the id "${id}".`);
      return (await resolveSecret(reference, { env, vault, user: { id, target } }, what)).value;
    },
    assertAllowed: () => assertEnabled(settings),
  };
}
