/** Everything that several machines keep together, in one PostgreSQL. */

import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import process from "node:process";
import { grantEntry, ticketEntry } from "../audit-entries.ts";
import type { CoreEvents } from "../events.ts";
import type { GrantsDeps } from "../approvals/grants.ts";
import type { SqlDatabase } from "../journal/sql-database.ts";
import type { Ports } from "../ports.ts";
import type { Redactor } from "../secrets/redact.ts";
import { databaseVariable, readDatabaseAddress } from "./database-address.ts";
import { DatabaseLink } from "./database-link.ts";
import { SharedAudit } from "./shared-audit.ts";
import { SharedGrants } from "./shared-grants.ts";
import { SharedInbox } from "./shared-inbox.ts";
import { SharedPins } from "./shared-pins.ts";
import { SharedJournal, type SharedJournalDeps } from "./shared-journal.ts";
import { SharedRetention, type SharedRetentionDeps } from "./shared-retention.ts";

export type SharedDatabaseDeps = Pick<Ports, "clock" | "logger" | "env"> & {
  /** This machine's own database. */
  local: SqlDatabase;
  events: CoreEvents;
  redactor: Redactor;
};

export class SharedDatabase {
  /** For people: without credentials. */
  readonly place: string;
  readonly audit: SharedAudit;
  readonly pins: SharedPins;
  #deps: SharedDatabaseDeps;
  #link: DatabaseLink;

  /** @param url checked by `readDatabaseAddress`. @throws MCPClientError `config_invalid` */
  constructor(url: string, deps: SharedDatabaseDeps) {
    const { clock, logger, local, events, redactor } = deps;
    redactor.add(url);
    const address = readDatabaseAddress(url);
    for (const secret of address.secrets) redactor.add(secret);
    const host = hostname();
    this.place = address.place;
    this.#deps = deps;
    this.#link = new DatabaseLink({
      ...{ address, clock, logger, redact: (text) => redactor.text(text) },
      instance: { id: randomUUID(), host, name: `${host} (pid ${process.pid})` },
    });
    this.audit = new SharedAudit({
      ...{ link: this.#link, local, clock, logger, redact: (value) => redactor.value(value) },
      onAppended: () => events.emit("audit.grown", {}),
    });
    this.pins = new SharedPins({ link: this.#link, local, events, logger });
  }

  /** What SWITCHGEAR_DATABASE_URL asks for; `null` where it asks for nothing. @throws MCPClientError `config_invalid` */
  static from(deps: SharedDatabaseDeps): SharedDatabase | null {
    const url = deps.env[databaseVariable];
    return url ? new SharedDatabase(url, deps) : null;
  }

  openJournal(deps: Omit<SharedJournalDeps, "link" | "audit">): SharedJournal {
    return new SharedJournal({ ...deps, link: this.#link, audit: this.audit });
  }

  openRetention(deps: Omit<SharedRetentionDeps, "link">): SharedRetention {
    return new SharedRetention({ ...deps, link: this.#link });
  }

  openApprovals(rules: GrantsDeps["rules"]): { approvals: SharedInbox; grants: SharedGrants } {
    const { clock, events, redactor } = this.#deps;
    const kept = { link: this.#link, clock, events, redact: <T>(value: T): T => redactor.value(value) };
    return {
      approvals: new SharedInbox({ ...kept, entryOf: ticketEntry }),
      grants: new SharedGrants({ ...kept, entryOf: grantEntry, rules }),
    };
  }

  assertUp(): void {
    this.#link.assertUp();
  }

  /** Looks for the database; resolves when it has answered, or within seconds. Never rejects. */
  start(): Promise<void> {
    return this.#link.start();
  }

  async close(): Promise<void> {
    await this.pins.published();
    await this.#link.close();
  }
}
