import type { ToolTimeout } from "../../../shared/adaptive-timeout.ts";
import type { ServerConfig } from "../../../shared/server.ts";
import type { CoreEvents } from "../events.ts";
import { AnswerTimes, answersNeeded } from "./answer-times.ts";

/** An attempt may take as many times what 99 in 100 of them take. */
const headroom = 2;
/** Tools remembered of one server; of more, the one that came first is forgotten. */
const mostTools = 1_000;

type Settings = Pick<ServerConfig, "id" | "timeout" | "adaptive_timeout">;

/**
 * Bounds attempts by what their tools usually take: twice the 99th percentile of the last 200 attempts, never under the floor or
 * above the configured timeout, and not before 30 answers were seen.
 *
 * An attempt that is cut short is remembered as infinitely long. So a tool that became slower is never cut for long: of its last 200
 * attempts at most three are (one while fewer than 100 are known), then the configured timeout holds again, and what is answered
 * within that is learnt.
 */
export class AdaptiveTimeouts {
  readonly #servers = new Map<string, Map<string, AnswerTimes>>();
  readonly #events: CoreEvents;

  /** @param events tell of each tool whose `view` has changed. */
  constructor(events: CoreEvents) {
    this.#events = events;
  }

  /** Milliseconds for an attempt from when it is sent; `null` where the configured timeout alone holds. */
  boundFor(config: Settings, tool: string): number | null {
    if (!isOn(config)) return null;
    const p99 = this.#servers.get(config.id)?.get(tool)?.p99() ?? Infinity;
    const bound = boundOf(config, p99);
    return bound < config.timeout ? bound : null;
  }

  /** A tool did what it was asked, so many milliseconds after it was sent. */
  answered(config: Settings, tool: string, ms: number): void {
    if (isOn(config)) this.#change(config, tool, (times) => times.answered(ms));
  }

  /** Asked when a bound's time is up. @returns whether the attempt ends, which is then remembered, or has the configured timeout. */
  mayCut(config: Settings, tool: string): boolean {
    if (this.boundFor(config, tool) === null) return false;
    this.#change(config, tool, (times) => times.cutShort());
    return true;
  }

  /** What bounds an attempt as things stand, and why. */
  view(config: Settings, tool: string): ToolTimeout {
    const { timeout } = config;
    if (!isOn(config)) return { ms: timeout, adaptive: null };
    const times = this.#servers.get(config.id)?.get(tool);
    const p99Ms = times?.p99() ?? null;
    if (!times || p99Ms === null) {
      return { ms: timeout, adaptive: { state: "learning", answers: times?.size ?? 0, needed: answersNeeded } };
    }
    if (p99Ms === Infinity) return { ms: timeout, adaptive: { state: "resting", cut: times.cut } };
    return { ms: Math.min(timeout, boundOf(config, p99Ms)), adaptive: { state: "active", p99Ms } };
  }

  /** Forgets a server's tools. */
  remove(server: string): void {
    this.#servers.delete(server);
  }

  #change(config: Settings, tool: string, change: (times: AnswerTimes) => void): void {
    const before = this.view(config, tool);
    change(this.#times(config.id, tool));
    const after = this.view(config, tool);
    if (JSON.stringify(before) !== JSON.stringify(after))
      this.#events.emit("tool.timeout", { server: config.id, tool, timeout: after });
  }

  #times(server: string, tool: string): AnswerTimes {
    let tools = this.#servers.get(server);
    if (!tools) this.#servers.set(server, (tools = new Map()));
    let times = tools.get(tool);
    if (times) return times;
    if (tools.size >= mostTools) tools.delete(tools.keys().next().value!);
    tools.set(tool, (times = new AnswerTimes()));
    return times;
  }
}

function isOn({ adaptive_timeout: settings }: Settings): boolean {
  return settings?.enabled === true;
}

function boundOf({ adaptive_timeout: settings }: Settings, p99Ms: number): number {
  return Math.max(settings!.floor_seconds * 1000, headroom * p99Ms);
}
