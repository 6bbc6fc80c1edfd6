import type { VaultView } from "../../shared/vault.ts";
import type { CoreEvents } from "./events.ts";
import type { Vault } from "./secrets/vault.ts";
import type { ServerManager } from "./servers/manager.ts";

/** The vault as a person sees it: never a value. */
export async function readVault(vault: Vault, servers: ServerManager): Promise<VaultView> {
  const status = await vault.status();
  const uses = servers.secretUses();
  const secrets = status.state === "damaged" ? [] : vault.list();
  const kept = new Set(secrets.map(({ name }) => name));
  return {
    status,
    secrets: secrets.map(({ targets = {}, ...secret }) => {
      const usedBy = uses.get(secret.name) ?? [];
      const moved = usedBy.flatMap((server) => {
        const from = targets[server];
        const to = servers.secretTarget(server);
        return from && to && from.hash !== to.hash ? [{ server, from: from.shown, to }] : [];
      });
      return { ...secret, usedBy, moved };
    }),
    missing: [...uses].filter(([name]) => !kept.has(name)).map(([name, usedBy]) => ({ name, usedBy })),
  };
}

/** Servers connect anew with secrets that changed, and windows hear of it. */
export function followVault(vault: Vault, servers: ServerManager, events: CoreEvents): void {
  vault.onChange((change) => {
    servers.secretsChanged(change);
    events.emit("vault.changed", {});
  });
}
