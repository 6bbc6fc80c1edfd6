import type { ServerConfig } from "../../shared/server.ts";
import type { FaultLab } from "./ports.ts";

/** Starts the fault lab when the first enabled server needs it, and remembers where it listens. */
export class LazyFaultLab {
  #start: () => Promise<FaultLab>;
  #lab: FaultLab | null = null;
  #starting: Promise<void> | null = null;

  constructor(start: () => Promise<FaultLab>) {
    this.#start = start;
  }

  /** Resolves once the lab listens, if any of these servers needs it. */
  async provideFor(configs: readonly ServerConfig[]): Promise<void> {
    if (this.#lab || !configs.some((config) => config.enabled && "url" in config && config.url.includes("${fault-lab")))
      return;
    this.#starting ??= this.#start()
      .then((lab) => void (this.#lab = lab))
      .finally(() => (this.#starting = null));
    await this.#starting;
  }

  placeholders(): { "fault-lab"?: string; "fault-lab-ws"?: string } {
    return this.#lab ? { "fault-lab": this.#lab.httpUrl, "fault-lab-ws": this.#lab.wsUrl } : {};
  }

  async close(): Promise<void> {
    await this.#starting;
    await this.#lab?.close();
    this.#lab = null;
  }
}
