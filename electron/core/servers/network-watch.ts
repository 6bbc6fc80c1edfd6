import { networkInterfaces } from "node:os";
import type { Clock } from "../ports.ts";

const everyMs = 5_000;

/** Notices that the machine is on another network: connections over the old one may be dead, and nothing tells. */
export class NetworkWatch {
  #clock: Clock;
  #onChange: () => void;
  #read: () => string;
  #known: string;
  #timer: Disposable;

  /** @param read tells the machine's addresses; two that differ are two networks. */
  constructor(clock: Clock, onChange: () => void, read: () => string = addresses) {
    this.#clock = clock;
    this.#onChange = onChange;
    this.#read = read;
    this.#known = read();
    this.#timer = clock.schedule(everyMs, () => this.#look());
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
  }

  #look(): void {
    const now = this.#read();
    const isNew = now !== this.#known;
    this.#known = now;
    this.#timer = this.#clock.schedule(everyMs, () => this.#look());
    if (isNew) this.#onChange();
  }
}

/** Those that lead out of the machine; empty where the system does not tell. */
function addresses(): string {
  try {
    const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
    const outward = all.filter(({ internal }) => !internal).map(({ cidr, address }) => cidr ?? address);
    return outward.toSorted().join(" ");
  } catch {
    return "";
  }
}
