import { Button } from "@mantine/core";
import { IconLock, IconLockOff, IconLockOpen } from "@tabler/icons-react";
import type { VaultStatus } from "../../../shared/vault.ts";
import { useRefreshVault } from "../../api/use-vault.ts";
import settings from "../settings/settings.module.css";
import classes from "./vault.module.css";

const titles: Record<VaultStatus["state"], string> = {
  ready: "Open",
  locked: "Locked",
  unavailable: "Not available here",
  damaged: "Damaged",
};

/** Whether secrets can be used, why not, and what to do. */
export function VaultState({ status }: { status: VaultStatus }) {
  const refresh = useRefreshVault();
  const Icon = { ready: IconLockOpen, locked: IconLock, unavailable: IconLockOff, damaged: IconLockOff }[status.state];
  return (
    <div className={settings.row} role="status" aria-label="Vault state">
      <div className={settings.words}>
        <h3 className={classes.state}>
          <Icon size={16} aria-hidden />
          {titles[status.state]}
        </h3>
        {status.state === "ready" ? (
          <p className={settings.description}>
            Sealed by {status.openedBy === "keychain" ? "the system’s keychain" : <code>SWITCHGEAR_VAULT_KEY</code>}. A
            server’s file refers to a secret as <code>secrets://NAME</code>; the value is read when the server connects.
          </p>
        ) : (
          <>
            <p className={classes.reason}>{status.reason}</p>
            <p className={settings.description}>{status.hint}</p>
          </>
        )}
        <code className={settings.path}>{status.file}</code>
      </div>
      {status.state !== "ready" && (
        <Button variant="default" loading={refresh.isPending} onClick={() => refresh.mutate()}>
          Try again
        </Button>
      )}
    </div>
  );
}
