import type { AccessArea } from "../../../shared/access.ts";
import type { EndpointState, EndpointView } from "../../../shared/endpoint.ts";
import { toClientError } from "../errors.ts";
import type { CoreEvents } from "../events.ts";
import type { Logger } from "../ports.ts";

/** What listens, and can be closed. */
export type Opened = { url: string; close(): Promise<void> };

export type HostedEndpointOptions<T> = {
  area: AccessArea;
  events: CoreEvents;
  logger: Logger;
  /** @returns `null` where it is switched off */
  open: (settings: T) => Promise<Opened> | null;
};

/** An endpoint that follows its settings: opened, moved and closed as they change, and it says in words why it is not there. */
export class HostedEndpoint<T> {
  #options: HostedEndpointOptions<T>;
  #state: EndpointState = { state: "off" };
  #opened: Opened | null = null;
  /** What it was last told to be, to tell a change of other settings apart. */
  #applied = "";
  #done: Promise<void> = Promise.resolve();

  constructor(options: HostedEndpointOptions<T>) {
    this.#options = options;
  }

  view(): EndpointView {
    return { area: this.#options.area, state: this.#state };
  }

  /** Makes the endpoint what the settings say. Resolves when it is, or has failed to be. */
  apply(settings: T): Promise<void> {
    const wanted = JSON.stringify(settings);
    // What has failed is tried again: the file or the port may be there now.
    if (wanted === this.#applied && this.#state.state !== "failed") return this.#done;
    this.#applied = wanted;
    this.#done = this.#done.then(() => this.#become(settings));
    return this.#done;
  }

  close(): Promise<void> {
    this.#done = this.#done.then(() => this.#end());
    return this.#done;
  }

  async #become(settings: T): Promise<void> {
    await this.#end();
    try {
      const opening = this.#options.open(settings);
      if (!opening) return;
      this.#tell({ state: "starting" });
      this.#opened = await opening;
      this.#tell({ state: "listening", url: this.#opened.url });
    } catch (thrown) {
      const error = toClientError(thrown);
      this.#options.logger.warn("An endpoint could not be opened.", { area: this.#options.area, error });
      this.#tell({ state: "failed", error: error.toWire() });
    }
  }

  async #end(): Promise<void> {
    const opened = this.#opened;
    this.#opened = null;
    await opened?.close();
    this.#tell({ state: "off" });
  }

  #tell(state: EndpointState): void {
    if (this.#state.state === state.state && state.state === "off") return;
    this.#state = state;
    this.#options.events.emit("endpoint.changed", this.view());
  }
}
