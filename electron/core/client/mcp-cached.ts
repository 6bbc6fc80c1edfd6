import { LRUCache } from "lru-cache";
import { createSystemClock } from "../clock.ts";
import { MCPClientError } from "../errors.ts";
import { callScope } from "./call-scope.ts";
import { credentialsKey } from "./credentials.ts";
import { plainKey } from "./plain-key.ts";
import { createWrapper, type Wrapper } from "./wrapper.ts";

/** How long values are remembered, and how many. */
export type McpCachedOptions = {
  /** How long a value counts, seconds. */
  ttlSeconds: number;
  /** How many values are kept; the one not used for longest goes first. */
  maxEntries: number;
};

/** Wrapped, since a cache cannot tell `undefined` from nothing. */
type Kept = { value: unknown };

/**
 * Remembers what a function gave for its arguments, which must be plain data. Calls made at once share one flight. Errors are not
 * kept, and neither are results that say `isError`. Instances, managers and credentials do not share values.
 *
 * @throws MCPClientError `config_invalid` where an option is not above 0; its function rejects with `bad_request` where an argument
 * is not plain data.
 */
export function mcpCached({ ttlSeconds, maxEntries }: McpCachedOptions): Wrapper {
  if (!(ttlSeconds > 0) || !(Number.isInteger(maxEntries) && maxEntries > 0)) {
    throw new MCPClientError(
      "config_invalid",
      `mcpCached takes a ttlSeconds above 0 and a whole maxEntries above 0, not ${ttlSeconds} and ${maxEntries}.`,
    );
  }
  return (run, context) => {
    const ttl = ttlSeconds * 1000;
    const cache = new LRUCache<string, Kept>({ max: maxEntries, ttl, ttlResolution: 0, perf: createSystemClock() });
    const flights = new Map<string, Promise<unknown>>();
    const owners = new OwnerNumbers();

    const remember = async (key: string, load: () => Promise<unknown>): Promise<unknown> => {
      try {
        const value = await load();
        if (!saysError(value)) cache.set(key, { value });
        return value;
      } finally {
        flights.delete(key);
      }
    };
    return createWrapper("mcpCached", async (load, self, args) => {
      const { caller, credentials } = callScope.getStore() ?? {};
      const key = plainKey([owners.of(self), owners.of(caller), credentialsKey(credentials), args]);
      const kept = cache.get(key);
      if (kept) return kept.value;
      const flight = flights.get(key) ?? remember(key, load);
      flights.set(key, flight);
      return flight;
    })(run, context);
  };
}

function saysError(value: unknown): boolean {
  return typeof value === "object" && value !== null && "isError" in value && value.isError === true;
}

/** Tells objects apart in a key, without keeping them alive. */
class OwnerNumbers {
  #numbers = new WeakMap<object, number>();
  #last = 0;

  /** @returns 0 for what is no object. */
  of(owner: unknown): number {
    if (typeof owner !== "object" || owner === null) return 0;
    const known = this.#numbers.get(owner) ?? ++this.#last;
    this.#numbers.set(owner, known);
    return known;
  }
}
