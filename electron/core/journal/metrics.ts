import type { ServerMetrics } from "../../../shared/invocation.ts";
import type { Clock } from "../ports.ts";

const windowSeconds = 60;
/** Durations kept of one second: up to so many a second the percentiles are exact, beyond it they are those of the latest. */
const samplesPerSecond = 256;

/** One second of one server. */
type Bucket = { second: number; ok: number; failed: number; answered: number; durations: number[] };

/** What the panel shows live: the last minute of each server, in memory. Recording costs the same however much was recorded. */
export class Metrics {
  #clock: Clock;
  #servers = new Map<string, (Bucket | undefined)[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A call ended: `ok` where the tool answered without `isError`. */
  callEnded(server: string, ok: boolean): void {
    const bucket = this.#bucket(server);
    if (ok) bucket.ok += 1;
    else bucket.failed += 1;
  }

  /** @param durationMs from sending to the answer; waiting for a person, delays and failed attempts do not count */
  attemptAnswered(server: string, durationMs: number): void {
    const bucket = this.#bucket(server);
    bucket.durations[bucket.answered % samplesPerSecond] = durationMs;
    bucket.answered += 1;
  }

  /** All zero for a server that nothing is known of. */
  snapshot(server: string): ServerMetrics {
    const now = this.#clock.now();
    const second = Math.floor(now / 1000);
    const ok: number[] = new Array(windowSeconds).fill(0);
    const failed: number[] = new Array(windowSeconds).fill(0);
    const durations: number[] = [];
    let calls = 0;
    for (const bucket of this.#servers.get(server) ?? []) {
      const index = bucket ? bucket.second - second + windowSeconds - 1 : -1;
      if (!bucket || index < 0) continue;
      ok[index] = bucket.ok;
      failed[index] = bucket.failed;
      calls += bucket.ok + bucket.failed;
      for (const duration of bucket.durations) durations.push(duration);
    }
    const sorted = Float64Array.from(durations).toSorted();
    return {
      server,
      until: this.#clock.wallNow() + (second + 1) * 1000 - now,
      ok,
      failed,
      p50Ms: percentile(sorted, 0.5),
      p95Ms: percentile(sorted, 0.95),
      calls,
    };
  }

  /** Drops what is known of a server that was removed. */
  forget(server: string): void {
    this.#servers.delete(server);
  }

  /** The bucket of this second, in a ring of `windowSeconds`. */
  #bucket(server: string): Bucket {
    let ring = this.#servers.get(server);
    if (!ring) this.#servers.set(server, (ring = []));
    const second = Math.floor(this.#clock.now() / 1000);
    const place = second % windowSeconds;
    let bucket = ring[place];
    if (bucket?.second !== second) ring[place] = bucket = { second, ok: 0, failed: 0, answered: 0, durations: [] };
    return bucket;
  }
}

/** Nearest rank. */
function percentile(sorted: Float64Array, share: number): number | null {
  return sorted[Math.ceil(sorted.length * share) - 1] ?? null;
}
