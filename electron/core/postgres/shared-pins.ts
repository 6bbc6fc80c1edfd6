import type { PinRecord, PinView } from "../../../shared/pin.ts";
import type { CoreEvents } from "../events.ts";
import { plainText } from "../journal/audit-record.ts";
import { firstList, itself, PinTable, type NewPin, type PinDatabase } from "../pins/pin-table.ts";
import type { ToolPins } from "../pins/tool-pins.ts";
import type { Logger } from "../ports.ts";
import type { DatabaseLink } from "./database-link.ts";
import { ReReading } from "./re-reading.ts";
import type { Row } from "./statements.ts";

export type SharedPinsDeps = {
  link: DatabaseLink;
  /** This machine's own database, which its pins are in. */
  local: PinDatabase;
  events: CoreEvents;
  logger: Pick<Logger, "warn">;
};

/** The verdict of a person about a tool, on whichever machine. */
type Verdict = Omit<PinRecord, "standing"> & {
  server: string;
  tool: string;
  standing: "accepted" | "blocked";
  host: string;
};
type Given = Omit<Verdict, "host">;

/**
 * What people decide about the definitions of tools, for every machine. Pins are each machine's own, as each has servers of its own: a
 * machine takes over that a tool is blocked, and that a definition is accepted where its server gives that very one.
 */
export class SharedPins {
  #deps: SharedPinsDeps;
  #table: PinTable;
  #pins: ToolPins | null = null;
  /** By server, then by tool; oldest first. */
  #verdicts = new Map<string, Map<string, Verdict[]>>();
  #revision = 0;
  #toPublish: Given[] = [];
  #publishing: Promise<void> = Promise.resolve();
  #reading = new ReReading(() => this.#catchUp());

  constructor(deps: SharedPinsDeps) {
    this.#deps = deps;
    this.#table = new PinTable(deps.local);
    deps.link.join({
      up: async () => {
        await this.#publish();
        await this.#reading.run();
      },
      heard: () => void this.#reading.run().catch(() => {}),
      beat: () => this.#publish(),
    });
  }

  /** Takes verdicts over into these pins from now on, and again whenever a server gives another list. */
  follow(pins: ToolPins): void {
    this.#pins = pins;
    this.#deps.events.on("pins.changed", ({ server }) => this.#takeOver(server));
  }

  /** Verdicts were given here; those that nobody gave stay here. */
  given(pins: readonly NewPin[]): void {
    for (const { at, server, tool, standing, fingerprint, by, why } of pins) {
      if ((standing !== "accepted" && standing !== "blocked") || by === itself || by === firstList) continue;
      this.#toPublish.push({ at, server, tool, standing, fingerprint, by, why: why && plainText(why) });
    }
    // Once the transaction that it stands in is over.
    queueMicrotask(() => void this.#publish().catch(() => {}));
  }

  /** Resolves once every other machine was told of what was given, or that was tried in vain and is tried again. Never rejects. */
  async published(): Promise<void> {
    await this.#publish().catch((error: unknown) => {
      this.#deps.logger.warn("Other machines could not be told yet what was decided about tools.", { error });
    });
  }

  #publish(): Promise<void> {
    this.#publishing = this.#publishing.catch(() => {}).then(() => this.#publishQueued());
    return this.#publishing;
  }

  async #publishQueued(): Promise<void> {
    const given = [...this.#toPublish];
    if (given.length === 0) return;
    const { link } = this.#deps;
    await link.inTurn(async ({ query }) => {
      await query(
        `INSERT INTO switchgear.pin_verdicts (revision, at, server, tool, standing, fingerprint, by, why, host)
         SELECT nextval('switchgear.revisions'), at, server, tool, standing, fingerprint, by, why, $2
         FROM json_to_recordset($1::json) AS verdict (
           at float8, server text, tool text, standing text, fingerprint text, by text, why text)`,
        ...[JSON.stringify(given), link.instance.host],
      );
    });
    this.#toPublish.splice(0, given.length);
  }

  async #catchUp(): Promise<void> {
    const rows = await this.#deps.link.query(
      `SELECT * FROM switchgear.pin_verdicts WHERE revision > $1 ORDER BY revision`,
      this.#revision,
    );
    const servers = new Set<string>();
    for (const row of rows) {
      const verdict = toVerdict(row);
      const { server, tool } = verdict;
      const tools = this.#verdicts.get(server) ?? new Map<string, Verdict[]>();
      this.#verdicts.set(server, tools.set(tool, [...(tools.get(tool) ?? []), verdict]));
      this.#revision = Number(row.revision);
      servers.add(server);
    }
    for (const server of servers) this.#takeOver(server);
  }

  #takeOver(server: string): void {
    const verdicts = this.#verdicts.get(server);
    if (!verdicts || !this.#pins) return;
    try {
      const due = this.#pins.list(new Set([server])).flatMap((pin) => {
        const verdict = meantFor(pin, verdicts.get(pin.tool) ?? []);
        return verdict ? [{ ...verdict, fingerprint: pin.fingerprint }] : [];
      });
      if (due.length > 0 && this.#write(due) > 0) this.#pins.refresh();
    } catch (error) {
      this.#deps.logger.warn("What another machine decided about tools could not be taken over.", { server, error });
    }
  }

  /** @returns how many were written */
  #write(due: readonly Verdict[]): number {
    const write = () => {
      // Another process of this machine may have been first, and what was decided here since stands.
      const open = due.filter((verdict) => {
        const names = [verdict.by, nameOf(verdict)];
        const isIt = ({ at, standing, by }: PinRecord) =>
          at === verdict.at && standing === verdict.standing && names.includes(by);
        return !this.#table.history(verdict.server, verdict.tool).some(isIt);
      });
      for (const verdict of open) {
        this.#table.add({ ...verdict, by: nameOf(verdict), definition: this.#table.definition(verdict) });
      }
      return open.length;
    };
    return this.#table.write(write, { durable: true });
  }
}

/** What people decided about a tool as it is offered here, where that is not how it stands; oldest first. */
function meantFor({ standing, fingerprint, since }: PinView, verdicts: readonly Verdict[]): Verdict | null {
  const latest = verdicts.at(-1);
  // Whoever accepts another definition does not lift the block of this one.
  const isOfAnother = latest?.standing === "accepted" && latest.fingerprint !== fingerprint;
  const meant = isOfAnother
    ? verdicts.findLast((each) => each.standing === "blocked" || each.fingerprint === fingerprint)
    : latest;
  if (!meant || meant.standing === standing) return null;
  if (meant.standing === "blocked") return meant;
  // What was accepted before others accepted another definition, or before it was blocked here, was accepted for then.
  return isOfAnother || (standing === "blocked" && since >= meant.at) ? null : meant;
}

/** Who decided, for other machines. */
function nameOf({ by, host }: Verdict): string {
  return `${by} on ${host}`;
}

function toVerdict(row: Row): Verdict {
  return {
    ...{ at: Number(row.at), server: String(row.server), tool: String(row.tool), fingerprint: String(row.fingerprint) },
    ...{ standing: row.standing === "blocked" ? "blocked" : "accepted", by: String(row.by), host: String(row.host) },
    why: row.why === null ? null : String(row.why),
  };
}
