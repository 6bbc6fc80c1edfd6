import type { PinChoice, PinDetail, PinStanding, PinView, ToolDefinition } from "../../../shared/pin.ts";
import { isQuarantined } from "../../../shared/pin.ts";
import type { CoreEvents } from "../events.ts";
import type { Clock, Logger } from "../ports.ts";
import { DefinitionTraits } from "./definition-traits.ts";
import { definitionJson, type ListedTool } from "./fingerprint.ts";
import { Neighbours } from "./neighbours.ts";
import { PinBook, standingOf, standingToRecord, type Pin } from "./pin-book.ts";
import { changedMeanwhile, neverListed } from "./pin-errors.ts";
import { firstList, itself, PinTable, type NewPin, type PinDatabase } from "./pin-table.ts";
import { isSerious } from "./warnings.ts";

export type ToolPinsDeps = {
  database: PinDatabase;
  clock: Clock;
  events: CoreEvents;
  logger: Pick<Logger, "warn">;
  /** Records a verdict, or that definitions changed, in the transaction that does it; what it throws undoes it. */
  record: (kind: "pin.accepted" | "pin.blocked" | "pin.drifted", pins: readonly [NewPin, ...NewPin[]]) => void;
  /** Resolves once other machines know of what was recorded. */
  published?: () => Promise<void>;
};

/** A person's verdict: who gives it, from where, and why. */
export type PinVerdict = { by: string; why: string };

/** How long what was read counts as what there is: a lease, so that most calls need not ask the disk. */
const leaseMs = 20;
/** How long a block takes to be told: until every lease that was taken before it is over, and what a timer may be early. */
const leaseOutMs = leaseMs + 5;
/** How soon the screens see another process's verdicts. */
const pollMs = 1_000;
const returned = "It is again what was accepted.";

/**
 * The definitions of tools that somebody stands by. A server's first list is accepted, all but what raises a serious warning; from then
 * on, what differs waits for a person. The database is the truth, and several processes share it.
 */
export class ToolPins {
  #deps: ToolPinsDeps;
  #table: PinTable;
  #book = new PinBook();
  /** Monotonic milliseconds. */
  #leasedUntil = 0;
  #lastId = 0;
  #lists = new Map<string, ReadonlyMap<string, ListedTool>>();
  /** Servers whose list could not be written down yet. */
  #owed = new Set<string>();
  #timer: Disposable | null = null;
  #traits = new DefinitionTraits();

  constructor(deps: ToolPinsDeps) {
    this.#deps = deps;
    deps.events.on("server.removed", ({ server }) => this.#forget(server));
    this.#table = new PinTable(deps.database);
    this.#catchUp();
    this.#poll();
  }

  /** SHA-256, hex, of a tool's definition. */
  fingerprint(tool: ListedTool): string {
    return this.#traits.fingerprint(tool);
  }

  /** A server's list, as it came: what is new or different in it is written down before any of it is called. */
  observe(server: string, tools: readonly ListedTool[]): void {
    const list = new Map<string, ListedTool>();
    for (const tool of tools) {
      const name = storedName(tool.name);
      if (list.has(name)) this.#traits.markDouble(tool);
      list.set(name, tool);
    }
    this.#lists.set(server, list);
    this.#record(server);
  }

  /**
   * What a tool's definition is worth.
   * @param tool its definition; until it is known nothing but a person's block counts, and the question is to be put again
   */
  standing(server: string, name: string, tool: ListedTool | undefined): PinStanding {
    const pin = this.#book.find(server, storedName(name));
    if (!tool) return pin?.blocked ? "blocked" : "accepted";
    return standingOf(pin, this.fingerprint(tool));
  }

  /** Reads what other processes wrote, unless it holds a lease on what it read. @throws MCPClientError `journal_unavailable` */
  keepFresh(): void {
    if (this.#deps.clock.now() >= this.#leasedUntil) this.refresh();
  }

  /** Reads what other processes wrote. @throws MCPClientError `journal_unavailable` */
  refresh(): void {
    for (const server of this.#catchUp()) this.#tell(server);
  }

  /** The tools in quarantine that their servers list, by server. */
  quarantined(): Map<string, string[]> {
    const found = new Map<string, string[]>();
    for (const [server, list] of this.#lists) {
      const names = [...list].filter(([name, tool]) => isQuarantined(this.standing(server, name, tool)));
      if (names.length > 0)
        found.set(
          server,
          names.map(([name]) => name),
        );
    }
    return found;
  }

  /** Every tool that was ever listed by these servers. */
  list(servers: ReadonlySet<string>): PinView[] {
    const neighbours = this.#neighbours();
    return [...this.#book.entries()]
      .filter(({ latest }) => servers.has(latest.server))
      .map((pin) => this.#view(pin, neighbours));
  }

  /** @throws MCPClientError `not_found` */
  detail(server: string, tool: string): PinDetail {
    const pin = this.#require(server, tool);
    const { latest, accepted } = pin;
    return {
      pin: this.#view(pin, this.#neighbours()),
      accepted: accepted && this.#read(accepted),
      offered: this.#read(latest),
      history: this.#table.history(latest.server, latest.tool),
    };
  }

  /**
   * A person stands by these definitions from now on: by all of them or, where one is no longer what they saw, by none.
   * @throws MCPClientError `policy_changed`, `not_found`, `journal_unavailable`
   */
  accept(server: string, choices: readonly PinChoice[], verdict: PinVerdict): void {
    this.#decide(server, "accepted", verdict, () =>
      choices.flatMap(({ tool, fingerprint }) => {
        const pin = this.#require(server, tool);
        if (pin.latest.fingerprint !== fingerprint) throw changedMeanwhile(server, tool);
        return pin.blocked || pin.latest.standing !== "accepted" ? [pin] : [];
      }),
    );
  }

  /**
   * Calls of these tools are refused from now on, whatever their definitions: here at once, and once it resolves by every process.
   * @throws as `accept`
   */
  async block(server: string, tools: readonly string[], verdict: PinVerdict): Promise<void> {
    this.#decide(server, "blocked", verdict, () =>
      tools.map((tool) => this.#require(server, tool)).filter(({ blocked }) => !blocked),
    );
    await Promise.all([this.#deps.clock.sleep(leaseOutMs), this.#deps.published?.()]);
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = null;
  }

  #decide(server: string, standing: "accepted" | "blocked", { by, why }: PinVerdict, choose: () => Pin[]): void {
    const at = this.#deps.clock.wallNow();
    this.#table.write(
      () => {
        this.#catchUp();
        const pins = choose().map(({ latest }) => {
          return { ...latest, at, standing, by, why, definition: this.#table.definition(latest) };
        });
        this.#add(pins, `pin.${standing}`);
      },
      { durable: true },
    );
    this.#catchUp();
    this.#tell(server);
  }

  #record(server: string): void {
    try {
      this.#catchUp();
      if (this.#unrecorded(server).length > 0) {
        this.#table.write(() => {
          // Another process may have been first.
          this.#catchUp();
          const pins = this.#unrecorded(server);
          this.#add(
            pins.filter(({ by }) => by === firstList),
            "pin.accepted",
          );
          this.#add(
            pins.filter(({ by }) => by !== firstList),
            "pin.drifted",
          );
        });
        this.#catchUp();
      }
      this.#owed.delete(server);
    } catch (error) {
      this.#owed.add(server);
      this.#deps.logger.warn("The definitions of a server's tools could not be written down.", { server, error });
    }
    this.#tell(server);
  }

  #add(pins: readonly NewPin[], kind: Parameters<ToolPinsDeps["record"]>[0]): void {
    const [first, ...others] = pins;
    if (!first) return;
    for (const pin of pins) this.#table.add(pin);
    this.#deps.record(kind, [first, ...others]);
  }

  #unrecorded(server: string): NewPin[] {
    const isFirstList = !this.#book.knows(server);
    const at = this.#deps.clock.wallNow();
    return [...this.#lists.get(server)!].flatMap(([name, tool]) => {
      const fingerprint = this.fingerprint(tool);
      const pin = this.#book.find(server, name);
      const isSuspect = () => isSerious(this.#traits.warnings(tool));
      const standing = standingToRecord(pin, fingerprint, { isFirstList, isSuspect });
      if (standing === null) return [];
      const isAcceptedUnseen = standing === "accepted" && !pin;
      const by = isAcceptedUnseen ? firstList : itself;
      const why = standing === "accepted" && pin ? returned : null;
      return [{ at, server, tool: name, standing, fingerprint, by, why, definition: definitionJson(tool) }];
    });
  }

  /** @returns the servers of which something new was read */
  #catchUp(): Set<string> {
    const leasedUntil = this.#deps.clock.now() + leaseMs;
    const rows = this.#table.after(this.#lastId);
    this.#leasedUntil = leasedUntil;
    for (const row of rows) this.#book.apply(row);
    this.#lastId = rows.at(-1)?.id ?? this.#lastId;
    return new Set(rows.map(({ server }) => server));
  }

  #poll(): void {
    this.#timer = this.#deps.clock.schedule(pollMs, () => {
      this.#poll();
      try {
        this.refresh();
      } catch {
        // The status tells that the journal cannot be read, and calls are refused for it.
      }
      for (const server of this.#owed) this.#record(server);
    });
  }

  /** The server is no longer in the catalog. Its pins are kept, should it come back. */
  #forget(server: string): void {
    this.#lists.delete(server);
    this.#owed.delete(server);
    this.#tell(server);
  }

  #tell(server: string): void {
    this.#deps.events.emit("pins.changed", { server });
  }

  #view(pin: Pin, neighbours: Neighbours): PinView {
    const { server, tool, fingerprint } = pin.latest;
    const { at: since, by, why, standing } = pin.blocked ?? pin.latest;
    const list = this.#lists.get(server);
    const listed = list?.get(tool);
    const known = listed ?? (standing === "accepted" ? null : this.#read(pin.latest));
    const warnings = known
      ? [
          ...this.#traits.warnings(known),
          ...neighbours.warnings({ server, fingerprint }, tool, this.#traits.words(known)),
        ]
      : [];
    const presence = listed ? "listed" : list ? "gone" : "unseen";
    return { server, tool, standing, fingerprint, since, by, why, presence, warnings };
  }

  #neighbours(): Neighbours {
    const neighbours = new Neighbours();
    for (const [server, list] of this.#lists) {
      for (const [name, tool] of list) neighbours.add(name, { server, fingerprint: this.fingerprint(tool) });
    }
    return neighbours;
  }

  #read(row: Pick<NewPin, "server" | "tool" | "fingerprint">): ToolDefinition {
    // Not through a schema, which would leave out what it does not know: a difference may be hidden there.
    return JSON.parse(this.#table.definition(row)) as ToolDefinition;
  }

  #require(server: string, tool: string): Pin {
    const pin = this.#book.find(server, storedName(tool));
    if (pin) return pin;
    throw neverListed(server, tool);
  }
}

/** SQLite cannot hold a NUL, so its sign stands for it. */
function storedName(name: string): string {
  return name.replaceAll("\0", "\u2400");
}
