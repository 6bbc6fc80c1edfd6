import type { PolicyStatus } from "../../shared/policy.ts";
import type { CoreEvents } from "./events.ts";
import { AuditLog } from "./journal/audit-chain.ts";
import { AuditSealer, type KeyKeeper } from "./journal/audit-seal.ts";
import type { SqlDatabase } from "./journal/sql-database.ts";
import { PolicyRecord } from "./policy-record.ts";
import type { Clock, Logger } from "./ports.ts";
import type { Redactor } from "./secrets/redact.ts";
import type { Vault } from "./secrets/vault.ts";

export type AuditKeeperDeps = {
  database: SqlDatabase;
  clock: Clock;
  events: CoreEvents;
  logger: Logger;
  redactor: Redactor;
  vault: Vault;
};

/** The vault's name for the key that signs the chain. */
const keyName = "audit:signing-key";

/** The audit chain with what keeps it: its seals, and the records of the policy file. */
export class AuditKeeper {
  readonly log: AuditLog;
  readonly sealer: AuditSealer;
  #policy: PolicyRecord;
  #logger: Logger;

  constructor({ database, clock, events, logger, redactor, vault }: AuditKeeperDeps) {
    this.log = new AuditLog({
      ...{ database, clock },
      redact: (value) => redactor.value(value),
      onAppended: () => events.emit("audit.grown", {}),
    });
    this.sealer = new AuditSealer({ audit: this.log, clock, logger, keeper: keyIn(vault) });
    this.#policy = new PolicyRecord(this.log);
    this.#logger = logger;
  }

  /** What the policy file says now; its text is `null` where it cannot be read. */
  policyIs(status: PolicyStatus, text: string | null): void {
    this.#policy.changed(status, text);
  }

  /** Writes what is still noted, and signs the head. */
  async close(): Promise<void> {
    try {
      this.log.flush();
    } catch (error) {
      this.#logger.error("The last records of the audit chain could not be written.", { error });
    }
    await this.sealer.close();
  }
}

function keyIn(vault: Vault): KeyKeeper {
  return {
    read: () => vault.readInternal(keyName),
    make: async (create) => (await vault.updateInternal(keyName, (current) => current ?? create()))!,
  };
}
