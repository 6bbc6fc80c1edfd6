import type { Invocation, TimelineStep } from "../../../shared/invocation.ts";
import type { SettingsView } from "../../../shared/settings.ts";
import type { CoreEvents } from "../events.ts";
import type { Logger } from "../ports.ts";
import type { CallObserver } from "./call-observer.ts";

export type TelemetryDeps = {
  version: string;
  events: CoreEvents;
  logger: Pick<Logger, "warn">;
};

/** Steps that wait for the exporter to be loaded. */
const mostEarly = 10_000;

/** Tells an OpenTelemetry receiver of calls, where one is set. While there is none, nothing of it is loaded. */
export class Telemetry {
  #deps: TelemetryDeps;
  #endpoint: string | null = null;
  #observer: CallObserver | null = null;
  #done: Promise<void> = Promise.resolve();
  #subscription: Disposable;
  #isLoading = false;
  #early: [row: Readonly<Invocation>, step: TimelineStep][] = [];

  /** Follows the settings from those of now on. */
  constructor(deps: TelemetryDeps, now: Pick<SettingsView, "telemetry">) {
    this.#deps = deps;
    this.#subscription = deps.events.on(
      "settings.changed",
      ({ telemetry }) => void this.apply(telemetry.value.endpoint),
    );
    void this.apply(now.telemetry.value.endpoint);
  }

  /** @param endpoint the receiver; `null` tells nobody. Resolves when it is so. */
  apply(endpoint: string | null): Promise<void> {
    if (endpoint === this.#endpoint) return this.#done;
    this.#endpoint = endpoint;
    return (this.#done = this.#done.then(() => this.#become(endpoint)));
  }

  step(row: Readonly<Invocation>, step: TimelineStep): void {
    if (this.#observer) return this.#observer.step(row, step);
    // A call that begins while the exporter is loaded is told as well.
    if (this.#isLoading && this.#early.length < mostEarly) this.#early.push([row, step]);
  }

  /** Sends what is left. */
  close(): Promise<void> {
    this.#subscription[Symbol.dispose]();
    return this.apply(null);
  }

  async #become(endpoint: string | null): Promise<void> {
    const before = this.#observer;
    this.#observer = null;
    await before?.close();
    if (endpoint === null) return;
    try {
      this.#isLoading = true;
      const { startOtlp } = await import("./otlp.ts");
      this.#observer = startOtlp({ endpoint, version: this.#deps.version });
      for (const [row, step] of this.#early) this.#observer.step(row, step);
    } catch (error) {
      this.#deps.logger.warn("Calls cannot be told to the OpenTelemetry receiver.", { endpoint, error });
    } finally {
      this.#isLoading = false;
      this.#early = [];
    }
  }
}
