import type { Redactor } from "../secrets/redact.ts";
import type { ConnectionLog } from "./connection-log.ts";
import { maskListed } from "./mask-listed.ts";
import type { Session } from "./session.ts";

export type KeptListOptions<T> = {
  /** What is listed, for the log, e.g. `tools`. */
  what: string;
  /** Asks for all of it. */
  ask: (session: Session, timeoutMs: number) => Promise<T[]>;
  log: ConnectionLog;
  redactor: Redactor;
  onChange: () => void;
};

type Refreshing = { session: Session; isOutdated: boolean; done: Promise<Error | null> };

/** More than any list that is of use to a person or a model. */
const mostItems = 10_000;

/** One list of one server: the last that it gave, secrets masked, and whether it still stands. */
export class KeptList<T extends object> {
  #options: KeptListOptions<T>;
  #items: readonly T[] = [];
  #text = "[]";
  #isStale = false;
  #refreshing: Refreshing | null = null;

  constructor(options: KeptListOptions<T>) {
    this.#options = options;
  }

  get items(): readonly T[] {
    return this.#items;
  }

  /** The server is down, and this is what it last had. */
  get isStale(): boolean {
    return this.#isStale && this.#items.length > 0;
  }

  /** Resolves once no list is under way. */
  async settled(): Promise<void> {
    await this.#refreshing?.done;
  }

  /**
   * Asks for the list. A server that cannot give it keeps its last known one, and its log says why.
   * @returns why it was not given
   */
  refresh(session: Session, timeoutMs: number): Promise<Error | null> {
    const refreshing = this.#refreshing;
    if (refreshing?.session === session) {
      // The list under way may be from before the change.
      refreshing.isOutdated = true;
      return refreshing.done;
    }
    const current: Refreshing = { session, isOutdated: false, done: Promise.resolve(null) };
    this.#refreshing = current;
    current.done = this.#refreshUntilCurrent(current, timeoutMs);
    return current.done;
  }

  markStale(): void {
    if (!this.#isStale) this.#set(this.#items, true);
  }

  async #refreshUntilCurrent(current: Refreshing, timeoutMs: number): Promise<Error | null> {
    const { what, ask, log, redactor } = this.#options;
    try {
      do {
        current.isOutdated = false;
        const all = await ask(current.session, timeoutMs);
        if (this.#refreshing !== current) return null;
        if (all.length > mostItems) log.add("connection", `It lists ${all.length} ${what}; ${mostItems} are kept.`);
        this.#replace(all.slice(0, mostItems).map((item) => maskListed(item, redactor)));
      } while (current.isOutdated);
      return null;
    } catch (error) {
      log.add("connection", `Its ${what} could not be listed: ${(error as Error).message}`);
      return error as Error;
    } finally {
      if (this.#refreshing === current) this.#refreshing = null;
    }
  }

  #replace(items: readonly T[]): void {
    const text = JSON.stringify(items);
    if (text !== this.#text || this.#isStale) this.#set(items, false);
    this.#text = text;
  }

  #set(items: readonly T[], stale: boolean): void {
    this.#isStale = stale;
    this.#items = items;
    if (items.length > 0 || !stale) this.#options.onChange();
  }
}
