import type { McpSubscription } from "@modelcontextprotocol/client";
import type { AskedClient } from "./client-request.ts";

/** The resources that one session is told changes of. */
export class SessionWatch {
  #uris: ReadonlySet<string> = new Set();
  #stream: McpSubscription | null = null;

  /**
   * Makes them these. One that cannot be had keeps none of the others from it.
   * @param onLost hears that the server tells no more of any, though nobody asked it to stop
   * @throws what the server answered, of one that cannot be had
   */
  async set(uris: ReadonlySet<string>, { client, options }: AskedClient, onLost: () => void): Promise<void> {
    if (client.getProtocolEra() === "modern") return this.#listen(uris, { client, options }, onLost);
    const before = this.#uris;
    const added = [...uris].filter((uri) => !before.has(uri));
    const removed = [...before].filter((uri) => !uris.has(uri));
    const asked = await Promise.allSettled(added.map((uri) => client.subscribeResource({ uri }, options)));
    await Promise.allSettled(removed.map((uri) => client.unsubscribeResource({ uri }, options)));
    const refused = new Set(added.filter((_uri, index) => asked[index]!.status === "rejected"));
    this.#uris = new Set([...uris].filter((uri) => !refused.has(uri)));
    const failure = asked.find((each) => each.status === "rejected");
    if (failure) throw failure.reason;
  }

  /** Since the 2026-07-28 revision one stream is for all of them, so another takes its place. */
  async #listen(uris: ReadonlySet<string>, { client, options }: AskedClient, onLost: () => void): Promise<void> {
    const before = this.#stream;
    const filter = { resourceSubscriptions: [...uris] };
    this.#stream = uris.size === 0 ? null : await client.listen(filter, { timeout: options.timeout });
    const stream = this.#stream;
    void stream?.closed.then((how) => {
      if (how !== "local" && stream === this.#stream) onLost();
    });
    await before?.close();
  }
}
