import type { PinStanding } from "../../../shared/pin.ts";
import { itself, type PinRow } from "./pin-table.ts";

/** What is known of one tool's definitions. */
export type Pin = {
  /** The last definition that the server gave, and what became of it. */
  latest: PinRow;
  /** The last one that was accepted. */
  accepted: PinRow | null;
  /** Set while a person has blocked the tool. */
  blocked: PinRow | null;
};

/** The pins as their history leaves them. */
export class PinBook {
  #servers = new Map<string, Map<string, Pin>>();

  /** The next entry of the history. */
  apply(row: PinRow): void {
    let tools = this.#servers.get(row.server);
    if (!tools) this.#servers.set(row.server, (tools = new Map()));
    const before = tools.get(row.tool);
    const { standing, by } = row;
    tools.set(row.tool, {
      latest: row,
      accepted: standing === "accepted" ? row : (before?.accepted ?? null),
      // What a server gives does not lift a person's verdict.
      blocked: standing === "blocked" ? row : by === itself ? (before?.blocked ?? null) : null,
    });
  }

  find(server: string, tool: string): Pin | undefined {
    return this.#servers.get(server)?.get(tool);
  }

  /** Whether the server has ever given a list. */
  knows(server: string): boolean {
    return this.#servers.has(server);
  }

  *entries(): Iterable<Pin> {
    for (const tools of this.#servers.values()) yield* tools.values();
  }
}

/** What a definition is worth. One that is not written down yet is not accepted. */
export function standingOf(pin: Pin | undefined, fingerprint: string): PinStanding {
  if (pin?.blocked) return "blocked";
  if (pin?.accepted?.fingerprint === fingerprint) return "accepted";
  if (pin?.latest.fingerprint === fingerprint) return pin.latest.standing;
  return pin?.accepted ? "changed" : "new";
}

/** What becomes of a definition that a server gives; `null` where that is written down already. */
export function standingToRecord(
  pin: Pin | undefined,
  fingerprint: string,
  { isFirstList, isSuspect }: { isFirstList: boolean; isSuspect: () => boolean },
): PinStanding | null {
  if (pin?.latest.fingerprint === fingerprint) return null;
  if (pin?.blocked) return "changed";
  if (pin?.accepted) return pin.accepted.fingerprint === fingerprint ? "accepted" : "changed";
  if (isSuspect()) return "suspect";
  return isFirstList ? "accepted" : "new";
}
