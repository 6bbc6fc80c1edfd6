import { hostname } from "node:os";
import process from "node:process";
import type { CircuitSharing, Notice } from "../../shared/status.ts";
import { toClientError } from "./errors.ts";
import type { Ports } from "./ports.ts";
import type { CircuitStore, CircuitStoreOptions } from "./resilience/circuit-store.ts";
import { readRedisAddress, redisVariable } from "./resilience/redis-address.ts";
import { RedisCircuitStore } from "./resilience/redis-circuit-store.ts";
import { RedisLink } from "./resilience/redis-link.ts";
import type { Redactor } from "./secrets/redact.ts";

/** How long a start waits for Redis: the circuits agree later, too. */
const startMs = 1500;

/** Where the circuits live: in Redis with those of other instances where SWITCHGEAR_REDIS_URL asks for it, else in this process. */
export type SharedCircuits = {
  createStore: ((options: CircuitStoreOptions) => CircuitStore) | undefined;
  /** `null` where nobody asked for it. */
  sharing(): CircuitSharing | null;
  /** Looks for Redis, once until `close`; resolves when it has answered, or soon anyway. Never rejects. */
  start(): Promise<void>;
  close(): Promise<void>;
};

type SharingParts = Pick<Ports, "clock" | "logger" | "env"> & { redactor: Redactor; onChange: () => void };

/** @throws MCPClientError `config_invalid` where the variable holds no URL of a Redis. */
export function shareCircuits({ clock, logger, env, redactor, onChange }: SharingParts): SharedCircuits {
  const url = env[redisVariable];
  if (!url) return inThisProcess;
  redactor.add(url);
  const address = readRedisAddress(url);
  for (const secret of address.secrets) redactor.add(secret);
  const link = new RedisLink({
    ...{ address, clock, logger, onChange },
    instance: `${hostname()} (pid ${process.pid})`,
    redact: (text) => redactor.text(text),
  });
  const look = async () => {
    let timer: Disposable | undefined;
    const soon = new Promise<void>((resolve) => (timer = clock.schedule(startMs, resolve)));
    await Promise.race([link.start(), soon]);
    timer?.[Symbol.dispose]();
  };
  let started: Promise<void> | undefined;
  return {
    createStore: (options) => new RedisCircuitStore(options, link),
    sharing: () => link.sharing,
    start: () => (started ??= look()),
    close: async () => {
      started = undefined;
      await link.close();
    },
  };
}

const inThisProcess: SharedCircuits = {
  createStore: undefined,
  sharing: () => null,
  start: async () => {},
  close: async () => {},
};

/** As `shareCircuits`, for those who have screens: what cannot be used is told there, and circuits go by this process alone. */
export function shareCircuitsOrTell(
  parts: Omit<SharingParts, "onChange">,
  notices: { add(notice: Notice): void; dismiss(id: string): void },
): SharedCircuits {
  const id = "circuit-sharing";
  const onChange = () => {
    const sharing = shared.sharing();
    if (sharing?.state !== "alone") return notices.dismiss(id);
    notices.add({
      ...{ id, level: "warning" },
      message: `Circuits are not shared: the Redis at ${sharing.place} is away (${sharing.reason}).`,
      hint: "They go by what happens here alone, and agree with the others again once it is back.",
    });
  };
  const shared = attempt();
  return shared;

  function attempt(): SharedCircuits {
    try {
      return shareCircuits({ ...parts, onChange });
    } catch (error) {
      const { message, hint } = toClientError(error);
      notices.add({ id, level: "error", message: `${message} Circuits are not shared.`, ...(hint && { hint }) });
      return inThisProcess;
    }
  }
}
