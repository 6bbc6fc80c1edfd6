import { randomUUID } from "node:crypto";
import type { CircuitSharing } from "../../../shared/status.ts";
import type { Clock, Logger } from "../ports.ts";
import { durationText } from "./duration-text.ts";
import type { RedisAddress } from "./redis-address.ts";
import { circuitScript, presenceScript } from "./redis-circuit-script.ts";
import { parseSnapshot, type Ask, type Snapshot } from "./redis-circuit-snapshot.ts";

export type RedisLinkOptions = {
  address: RedisAddress;
  clock: Clock;
  logger: Logger;
  /** What people know this instance by, e.g. `ops-2 (pid 4711)`. */
  instance: string;
  /** Masks secrets in what Redis says. */
  redact: (text: string) => string;
  /** Hears of every change of `sharing`. */
  onChange: () => void;
};

/** One circuit's end of the link. */
export type LinkMember = {
  /** Redis can be asked, now or again. */
  up(): void;
  heard(snapshot: Snapshot): void;
  /** Redis cannot be asked any more. */
  down(): void;
};

/** Longer than this, and Redis is taken to be away: no call waits for it any longer. */
const answerMs = 1000;
/** The same for opening the connection, which takes several round trips. */
const openMs = 3000;
/** How often this instance says that it is there, and finds out whether Redis is. */
const heartbeatMs = 5000;
const presenceMs = 3 * heartbeatMs;
/** How often an absent Redis is looked for. */
const retryMs = 1000;
const instancesKey = "switchgear:instances";

/** What is used of the client library. */
type Client = {
  evalSha(sha: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  destroy(): void;
};
type Opened = { client: Client; circuit: string; presence: string };

/**
 * This instance's connection to Redis, for all its circuits: one, so that answers and messages come in the order in which things
 * happened. Whatever goes wrong with it ends it; it is then opened anew, and the circuits agree again.
 */
export class RedisLink {
  readonly #options: RedisLinkOptions;
  readonly #id = randomUUID();
  readonly #channel: string;
  readonly #members = new Map<string, Set<LinkMember>>();
  #opened: Opened | undefined;
  #sharing: CircuitSharing;
  #timer: Disposable | undefined;
  #beating: Promise<void> | undefined;
  #closed = false;

  constructor(options: RedisLinkOptions) {
    const { place, database } = options.address;
    this.#options = options;
    // What is published is heard in every database.
    this.#channel = `switchgear:circuits:${database}`;
    this.#sharing = { state: "alone", place, reason: "it has not been asked yet" };
  }

  get instance(): string {
    return this.#options.instance;
  }

  /** Whether circuits are shared now, and by how many. */
  get sharing(): CircuitSharing {
    return this.#sharing;
  }

  get isUp(): boolean {
    return this.#sharing.state === "shared";
  }

  /** Looks for Redis, and then whenever it is away, until `close`. Resolves once it has answered, or has not within seconds. */
  start(): Promise<void> {
    this.#closed = false;
    return (this.#beating ??= this.#beat());
  }

  /** Lets a circuit take part, until it is disposed of. */
  join(key: string, member: LinkMember): Disposable {
    const members = this.#members.get(key) ?? new Set();
    this.#members.set(key, members.add(member));
    return { [Symbol.dispose]: () => void members.delete(member) };
  }

  /** Does one thing to a circuit. @returns how it then stands, or `undefined` where Redis is away. */
  async ask(keys: readonly string[], ask: Ask): Promise<Snapshot | undefined> {
    const opened = this.isUp ? this.#opened : undefined;
    if (!opened) return undefined;
    return this.#use(opened, async ({ client, circuit }) => {
      const options = { keys: [...keys], arguments: [JSON.stringify(ask), this.#channel] };
      return parseSnapshot(await client.evalSha(circuit, options));
    });
  }

  /** Takes leave once what was asked before is answered, and closes the connection. `start` opens it again. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.[Symbol.dispose]();
    await this.#beating;
    this.#beating = undefined;
    if (!this.#opened) return;
    await this.#greet(this.#opened, 0);
    this.#lose(this.#opened, new Error("the connection was closed"));
  }

  /** Says that this instance is there, opening the connection if need be. */
  async #beat(): Promise<void> {
    const opened = this.#opened ?? (await this.#open());
    this.#share(opened && (await this.#greet(opened, presenceMs)));
    this.#plan();
  }

  /** @param forMs for how long this instance counts as there. @returns how many there are. */
  #greet(opened: Opened, forMs: number): Promise<number | undefined> {
    return this.#use(opened, async ({ client, presence }) =>
      Number(await client.evalSha(presence, { keys: [instancesKey], arguments: [this.#id, String(forMs)] })),
    );
  }

  #plan(): void {
    this.#timer?.[Symbol.dispose]();
    if (this.#closed) return;
    // Not all at once, where many have lost it together.
    const waitMs = this.isUp ? heartbeatMs : retryMs * (0.5 + Math.random() / 2);
    this.#timer = this.#options.clock.schedule(waitMs, () => {
      this.#beating = this.#beat();
    });
  }

  async #open(): Promise<Opened | undefined> {
    // Loaded by those who use it.
    const { createClient } = await import("redis");
    const client = createClient({
      url: this.#options.address.url,
      disableOfflineQueue: true,
      maintNotifications: "disabled",
      socket: { connectTimeout: openMs, reconnectStrategy: false },
    });
    const opened: Opened = { client, circuit: "", presence: "" };
    this.#opened = opened;
    client.on("error", (error) => this.#lose(opened, error));
    const connect = async () => {
      await client.connect();
      opened.circuit = await client.scriptLoad(circuitScript);
      opened.presence = await client.scriptLoad(presenceScript);
      await client.subscribe(this.#channel, (message) => this.#hear(message));
      return true;
    };
    const ready = await this.#use(opened, connect, openMs);
    return ready ? opened : undefined;
  }

  /** @returns `undefined` where it failed, or took too long; then the connection is over. */
  async #use<T>(opened: Opened, work: (opened: Opened) => Promise<T>, withinMs = answerMs): Promise<T | undefined> {
    let timer: Disposable | undefined;
    const timeUp = new Promise<never>((_, reject) => {
      const late = () => reject(new Error(`it gave no answer within ${durationText(withinMs)}`));
      timer = this.#options.clock.schedule(withinMs, late);
    });
    try {
      return await Promise.race([work(opened), timeUp]);
    } catch (error) {
      this.#lose(opened, error);
      return undefined;
    } finally {
      timer?.[Symbol.dispose]();
    }
  }

  #hear(message: string): void {
    try {
      const snapshot = parseSnapshot(message);
      for (const member of this.#members.get(snapshot.key) ?? []) member.heard(snapshot);
    } catch (error) {
      this.#options.logger.warn("A message about a circuit could not be read.", { error });
    }
  }

  /** @param instances how many there are; `undefined` where Redis did not answer. */
  #share(instances: number | undefined): void {
    if (instances === undefined) return;
    const { address, logger, onChange } = this.#options;
    const before = this.#sharing;
    this.#sharing = { state: "shared", place: address.place, instances };
    if (before.state !== "shared") {
      logger.info("Circuits are shared by Redis.", { place: address.place, instances });
      this.#each((member) => member.up());
    } else if (before.instances === instances) return;
    onChange();
  }

  #lose(opened: Opened, error: unknown): void {
    if (this.#opened !== opened) return;
    this.#opened = undefined;
    opened.client.destroy();
    const { address, redact, logger, onChange } = this.#options;
    const before = this.#sharing;
    const reason = redact(reasonOf(error));
    this.#sharing = { state: "alone", place: address.place, reason };
    if (before.state === "shared") this.#each((member) => member.down());
    if (this.#closed || (before.state === "alone" && before.reason === reason)) return;
    logger.warn("Circuits are not shared: Redis is away.", { place: address.place, reason });
    onChange();
    this.#plan();
  }

  #each(tell: (member: LinkMember) => void): void {
    for (const members of this.#members.values()) for (const member of members) tell(member);
  }
}

/** A system error's code says enough: where it was is known, and one of several addresses has no message. */
function reasonOf(error: unknown): string {
  const { message, code } = error as { message: string; code?: string };
  return code ?? message;
}
