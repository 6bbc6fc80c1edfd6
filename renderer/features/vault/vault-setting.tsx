import { Button, Skeleton } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useVault } from "../../api/use-vault.ts";
import { ErrorState } from "../../components/error-state.tsx";
import { SettingGroup } from "../settings/setting-row.tsx";
import settings from "../settings/settings.module.css";
import { MissingRow } from "./missing-row.tsx";
import { SecretForm } from "./secret-form.tsx";
import { SecretRow } from "./secret-row.tsx";
import { VaultState } from "./vault-state.tsx";

/** The secrets that servers' files refer to: who may use each, and never what it is. */
export function VaultSetting() {
  const vault = useVault();
  const [isAdding, setAdding] = useState(false);
  return (
    <SettingGroup title="Vault">
      {vault.isPending && <Skeleton height={96} aria-label="Looking at the vault" />}
      {vault.isError && <ErrorState error={vault.error} onRetry={() => void vault.refetch()} />}
      {vault.isSuccess && (
        <>
          <VaultState status={vault.data.status} />
          {vault.data.missing.map((missing) => (
            <MissingRow key={missing.name} missing={missing} canAdd={vault.data.status.state === "ready"} />
          ))}
          {vault.data.secrets.map((secret) => (
            <SecretRow key={secret.name} secret={secret} canChange={vault.data.status.state === "ready"} />
          ))}
          {vault.data.status.state === "ready" && (
            <div className={settings.stack}>
              {isAdding ? (
                <SecretForm label="Add a secret" onDone={() => setAdding(false)} />
              ) : (
                <div className={settings.inline}>
                  <Button
                    variant="default"
                    leftSection={<IconPlus size={14} aria-hidden />}
                    onClick={() => setAdding(true)}
                  >
                    Add a secret
                  </Button>
                </div>
              )}
            </div>
          )}
        </>
      )}
    </SettingGroup>
  );
}
