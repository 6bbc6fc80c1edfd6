import type { PolicyFile } from "../../../shared/policy.ts";
import type { Clock } from "../ports.ts";
import { SlidingWindow } from "./sliding-window.ts";

/** `rate_limits` of the policy file. */
export type RateLimits = PolicyFile["rate_limits"];

/** `retryAt` is in wall-clock milliseconds; `limit` names what is reached, e.g. `30 calls a minute on server "github"`. */
export type RateVerdict = { ok: true } | { ok: false; retryAt: number; limit: string };

type Rate = NonNullable<RateLimits["global"]>;
type NamedWindow = { window: SlidingWindow; span: "a minute" | "an hour"; scope: string };

const spans = [
  { span: "a minute", key: "calls_per_minute", ms: 60_000 },
  { span: "an hour", key: "calls_per_hour", ms: 3_600_000 },
] as const;

const admitted: RateVerdict = { ok: true };

/** Holds calls to the policy's limits, over all servers and for each. Only what is admitted counts. */
export class RateLimiter {
  readonly #clock: Clock;
  #global: readonly NamedWindow[] = [];
  /** For each server with limits of its own, those and the global ones. */
  #servers = new Map<string, readonly NamedWindow[]>();

  constructor(clock: Clock, limits: RateLimits) {
    this.#clock = clock;
    this.configure(limits);
  }

  /** Changes the limits at once; what was admitted under a limit that stays still counts. */
  configure(limits: RateLimits): void {
    const before = this.#servers;
    this.#global = createWindows(limits.global, "over all servers", this.#global);
    this.#servers = new Map();
    for (const [server, rate] of Object.entries(limits.servers)) {
      const own = createWindows(rate, `on server "${server}"`, before.get(server));
      this.#servers.set(server, [...this.#global, ...own]);
    }
  }

  /** Admits and counts one call, or says which limit is in its way; of several, the one that lasts longest. */
  check(server: string): RateVerdict {
    const now = this.#clock.now();
    const windows = this.#servers.get(server) ?? this.#global;
    let reached: NamedWindow | undefined;
    let freeAt = now;
    for (const named of windows) {
      const at = named.window.freeAt(now);
      if (at <= freeAt) continue;
      reached = named;
      freeAt = at;
    }
    if (reached) {
      const limit = `${reached.window.limit} calls ${reached.span} ${reached.scope}`;
      return { ok: false, retryAt: this.#clock.wallNow() + freeAt - now, limit };
    }
    for (const { window } of windows) window.add(now);
    return admitted;
  }
}

function createWindows(
  rate: Rate | undefined,
  scope: string,
  before: readonly NamedWindow[] | undefined,
): readonly NamedWindow[] {
  const windows: NamedWindow[] = [];
  for (const { span, key, ms } of spans) {
    const limit = rate?.[key];
    if (limit === undefined) continue;
    const kept = before?.find((named) => named.span === span && named.scope === scope)?.window;
    if (kept) kept.limit = limit;
    windows.push({ window: kept ?? new SlidingWindow(ms, limit), span, scope });
  }
  return windows;
}
