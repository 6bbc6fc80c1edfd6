import type { ResourceSubscriptions } from "./resource-subscriptions.ts";

type Resource = { server: string; uri: string };

/** What one who needs no more than a yes or no is subscribed to: each resource once, until told otherwise. */
export class OwnSubscriptions {
  #subscriptions: ResourceSubscriptions;
  #client: string;
  #held = new Map<string, { resource: Resource; subscription: Promise<AsyncDisposable> }>();

  /** @param client how the policy knows them */
  constructor(subscriptions: ResourceSubscriptions, client: string) {
    this.#subscriptions = subscriptions;
    this.#client = client;
  }

  list(): Resource[] {
    return [...this.#held.values()].map(({ resource }) => resource);
  }

  has(resource: Resource): boolean {
    return this.#held.has(keyOf(resource));
  }

  /** Whether they are told that it changed: where they wait for it, and may read it still. */
  hears(resource: Resource): boolean {
    return this.has(resource) && this.#subscriptions.mayRead({ ...resource, client: this.#client });
  }

  /** @throws as `ResourceSubscriptions.subscribe` */
  async add(resource: Resource): Promise<void> {
    const key = keyOf(resource);
    const held = this.#held.get(key);
    if (held) return void (await held.subscription);
    const subscription = this.#subscriptions.subscribe({ ...resource, client: this.#client });
    this.#held.set(key, { resource, subscription });
    try {
      await subscription;
    } catch (error) {
      this.#held.delete(key);
      throw error;
    }
  }

  async remove(resource: Resource): Promise<void> {
    const held = this.#held.get(keyOf(resource));
    if (!held) return;
    this.#held.delete(keyOf(resource));
    const subscription = await held.subscription.catch(() => null);
    await subscription?.[Symbol.asyncDispose]();
  }

  /** Ends them all. */
  async clear(): Promise<void> {
    await Promise.allSettled(this.list().map((resource) => this.remove(resource)));
  }
}

function keyOf({ server, uri }: Resource): string {
  return `${server} ${uri}`;
}
