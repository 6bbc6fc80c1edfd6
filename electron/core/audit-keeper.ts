import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import type { AuditVerdict } from "../../shared/audit.ts";
import type { PolicyStatus } from "../../shared/policy.ts";
import { recordSettings } from "./audit-entries.ts";
import { MCPClientError } from "./errors.ts";
import type { CoreEvents } from "./events.ts";
import { AuditLog } from "./journal/audit-chain.ts";
import { checkChain, type CheckOptions } from "./journal/audit-check.ts";
import { chainPages, exportChain } from "./journal/audit-export.ts";
import { AuditSealer, type KeyKeeper } from "./journal/audit-seal.ts";
import type { SqlDatabase } from "./journal/sql-database.ts";
import type { AuditChain } from "./journal/journal.ts";
import type { SharedDatabase } from "./postgres/shared-database.ts";
import { PolicyRecord } from "./policy-record.ts";
import type { Clock, Logger } from "./ports.ts";
import type { Redactor } from "./secrets/redact.ts";
import type { Vault } from "./secrets/vault.ts";
import type { RecordChange } from "./settings-store.ts";

export type AuditKeeperDeps = {
  database: SqlDatabase;
  /** Where several machines keep one chain. */
  postgres: SharedDatabase | null;
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
  readonly log: AuditChain;
  /** What the journal writes in each of its transactions. */
  readonly alongside: AuditLog | undefined;
  readonly sealer: AuditSealer;
  #policy: PolicyRecord;
  #logger: Logger;
  #clock: Clock;
  #assertThere: () => void;

  constructor({ database, postgres, clock, events, logger, redactor, vault }: AuditKeeperDeps) {
    if (!postgres) {
      this.alongside = new AuditLog({
        ...{ database, clock },
        redact: (value) => redactor.value(value),
        onAppended: () => events.emit("audit.grown", {}),
      });
    }
    this.log = postgres?.audit ?? this.alongside!;
    this.sealer = new AuditSealer({ audit: this.log, clock, logger, keeper: keyIn(vault) });
    this.#policy = new PolicyRecord(this.log);
    this.#logger = logger;
    this.#clock = clock;
    this.#assertThere = () => (postgres ? postgres.assertUp() : database.assertOpened());
  }

  /** Changes settings and records it, or does neither. */
  readonly recordSettings: RecordChange = (...change) => recordSettings(this.log, ...change);

  /** What the policy file says now; its text is `null` where it cannot be read. */
  policyIs(status: PolicyStatus, text: string | null): void {
    this.#policy.changed(status, text);
  }

  /** Reads the whole chain, a few records at a time, and says what is the first that is wrong. @throws MCPClientError `journal_unavailable` */
  async verify(options: CheckOptions = {}): Promise<AuditVerdict> {
    this.#assertThere();
    return checkChain(chainPages(this.log, this.#pause), await this.log.seals(), options);
  }

  /**
   * Writes the chain, signed up to its end where a vault can be used, as a file that `checkExport` checks.
   * @returns how many records it holds. @throws MCPClientError `journal_unavailable`; `config_invalid` where the file cannot be written
   */
  async exportTo(file: string): Promise<number> {
    this.#assertThere();
    await this.sealer.seal();
    const lines = exportChain(this.log, this.#clock.wallNow(), this.#pause);
    let records = -1;
    const counted = async function* () {
      for await (const line of lines) {
        records += Number(!line.startsWith('{"seal"'));
        yield `${line}\n`;
      }
    };
    await pipeline(counted, createWriteStream(file, { mode: 0o600 })).catch((cause: NodeJS.ErrnoException) => {
      // What failed otherwise is the chain's, and says so itself.
      if (cause.syscall === undefined) throw cause;
      const hint = "Choose another folder, or make room on the disk.";
      throw new MCPClientError("config_invalid", `The file ${file} could not be written: ${cause.message}`, {
        hint,
        cause,
      });
    });
    return records;
  }

  #pause = () => this.#clock.sleep(0);

  /** Writes what is still noted, and signs the head. */
  async close(): Promise<void> {
    try {
      await this.log.flush();
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
