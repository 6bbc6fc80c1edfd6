import type { ServerConfig } from "../../shared/server.ts";
import { toClientError } from "./errors.ts";
import type { Notices } from "./notices.ts";
import type { FaultLab } from "./ports.ts";

/** Starts the fault lab when the first enabled server needs it, and remembers where it listens. */
export class LazyFaultLab {
  #start: () => Promise<FaultLab>;
  #lab: FaultLab | null = null;
  #starting: Promise<void> | null = null;
  #closed = false;

  constructor(start: () => Promise<FaultLab>) {
    this.#start = start;
  }

  /** Resolves once the lab listens, if any of these servers needs it. Rejects as its start does. */
  async provideFor(configs: readonly ServerConfig[]): Promise<void> {
    if (this.#lab || this.#closed || !configs.some(needsLab)) return;
    this.#starting ??= this.#start()
      .then((lab) => void (this.#lab = lab))
      .finally(() => (this.#starting = null));
    await this.#starting;
  }

  placeholders(): { "fault-lab"?: string; "fault-lab-ws"?: string } {
    return this.#lab ? { "fault-lab": this.#lab.httpUrl, "fault-lab-ws": this.#lab.wsUrl } : {};
  }

  /** Ends the lab; it is not started again. */
  async close(): Promise<void> {
    this.#closed = true;
    // How it failed is heard by whoever asked for it.
    await this.#starting?.catch(() => {});
    await this.#lab?.close();
    this.#lab = null;
  }
}

/** Where the lab cannot start, its servers stay disconnected, and the operator is told. */
export async function provideOrTell(
  lab: LazyFaultLab,
  servers: readonly { config: ServerConfig }[],
  notices: Notices,
): Promise<void> {
  try {
    await lab.provideFor(servers.map(({ config }) => config));
    notices.dismiss("fault-lab");
  } catch (error) {
    notices.add({
      id: "fault-lab",
      level: "warning",
      message: `The fault lab could not start: ${toClientError(error).message}`,
      hint: "Its servers stay disconnected; the others go on.",
    });
  }
}

/** Whether any setting of an enabled server names the lab: a URL, or an argument of a program. */
function needsLab(config: ServerConfig): boolean {
  return config.enabled && JSON.stringify(config).includes("${fault-lab");
}
