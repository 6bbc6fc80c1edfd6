import type { AuditEntry } from "../../../shared/audit.ts";
import { makeWebhookKey } from "./webhook.ts";

/** The vault's name for it. */
const keyName = "webhook:signing-key";

export type WebhookKeyDeps = {
  vault: { updateInternal(name: string, change: (current: string | null) => string | null): Promise<string | null> };
  record: (kind: "webhook.key", entry: AuditEntry) => void;
};

/** The key that signs what goes to webhooks. It is in the vault, and made when it is first needed. */
export class WebhookKey {
  #deps: WebhookKeyDeps;

  constructor(deps: WebhookKeyDeps) {
    this.#deps = deps;
  }

  /** @throws MCPClientError `vault_locked` */
  async get(): Promise<string> {
    return (await this.#deps.vault.updateInternal(keyName, (current) => current ?? makeWebhookKey()))!;
  }

  /**
   * The key for a person, who hands it to a receiver; that it was shown is recorded first.
   * @param renew makes another, by which receivers must check from now on
   * @throws MCPClientError `vault_locked`, `journal_unavailable`
   */
  async show(by: string, { renew }: { renew: boolean }): Promise<string> {
    this.#deps.record("webhook.key", { by, detail: { renewed: renew } });
    if (!renew) return this.get();
    return (await this.#deps.vault.updateInternal(keyName, makeWebhookKey))!;
  }
}
