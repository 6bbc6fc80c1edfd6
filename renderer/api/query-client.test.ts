import { onlineManager, QueryObserver, type QueryClient } from "@tanstack/react-query";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "./api-error.ts";
import { LinkLostError, type Link, type LinkState } from "./link.ts";
import { createQueryClient, followLink } from "./query-client.ts";

/** A link that stands as the test says. */
class FakeLink implements Link {
  current: LinkState = { state: "opening" };
  #watchers = new Set<() => void>();
  readonly bridge = { invoke: () => Promise.resolve(), subscribe: () => () => {} };
  readonly logOut = null;
  readonly retry = () => {};
  readonly stay = () => {};
  readonly state = () => this.current;
  readonly watch = (listener: () => void) => {
    this.#watchers.add(listener);
    return () => void this.#watchers.delete(listener);
  };

  becomes(state: LinkState): void {
    this.current = state;
    for (const watcher of this.#watchers) watcher();
  }
}

const lost: LinkState = { state: "lost", nextAt: null };
const open: LinkState = { state: "open" };

function start() {
  const link = new FakeLink();
  const failures: unknown[] = [];
  const client = createQueryClient((error) => failures.push(error));
  const onReturn = vi.fn<() => void>();
  followLink(link, onReturn);
  client.mount();
  opened.push(client);
  return { link, client, onReturn, failures };
}

const opened: QueryClient[] = [];
afterEach(() => {
  for (const client of opened.splice(0)) client.unmount();
  onlineManager.setEventListener(() => undefined);
  onlineManager.setOnline(true);
});

describe("questions to the core", () => {
  it("wait for the way to it, and are asked once it is there", async () => {
    const { client, link } = start();
    const ask = vi.fn<() => Promise<string>>().mockResolvedValue("answer");
    const observer = new QueryObserver(client, { queryKey: ["a"], queryFn: ask });
    const stop = observer.subscribe(() => {});
    expect(ask).not.toHaveBeenCalled();
    link.becomes(open);
    await vi.waitFor(() => expect(observer.getCurrentResult().data).toBe("answer"));
    stop();
  });

  it("are asked anew where the way was cut before the answer, and fail for nothing else", async () => {
    const { client, link } = start();
    link.becomes(open);
    const ask = vi.fn<() => Promise<string>>().mockImplementationOnce(async () => {
      link.becomes(lost);
      throw new LinkLostError(true);
    });
    ask.mockResolvedValueOnce("answer");
    const observer = new QueryObserver(client, { queryKey: ["b"], queryFn: ask });
    const stop = observer.subscribe(() => {});
    await vi.waitFor(() => expect(observer.getCurrentResult().fetchStatus).toBe("paused"));
    link.becomes(open);
    await vi.waitFor(() => expect(observer.getCurrentResult().data).toBe("answer"));
    const refuse = vi.fn<() => Promise<never>>().mockRejectedValue(new ApiError({ code: "internal", message: "No." }));
    await expect(client.fetchQuery({ queryKey: ["c"], queryFn: refuse })).rejects.toThrow("No.");
    expect(refuse).toHaveBeenCalledTimes(1);
    stop();
  });
});

describe("an order to the core", () => {
  it("fails at once where there is no way to it, and is never given later", async () => {
    const { client, link, failures } = start();
    link.becomes(open);
    link.becomes(lost);
    const order = vi.fn<() => Promise<never>>().mockRejectedValue(new LinkLostError(false));
    const mutation = client.getMutationCache().build(client, { mutationFn: order });
    await expect(mutation.execute(undefined)).rejects.toThrow("nothing was done");
    link.becomes(open);
    expect(order).toHaveBeenCalledTimes(1);
    expect(failures).toHaveLength(1);
  });
});

describe("the return of the link", () => {
  it.each([
    ["a cut", [open, lost, open], 1],
    ["two cuts", [open, lost, open, lost, lost, open], 2],
    ["a session that was over", [open, { state: "over", why: "unknown" }, open], 1],
    ["its first opening", [open], 0],
    ["a first opening that failed before", [lost, lost, open], 0],
  ] as [string, LinkState[], number][])("is told after %s", (_what, states, times) => {
    const { link, onReturn } = start();
    for (const state of states) link.becomes(state);
    expect(onReturn).toHaveBeenCalledTimes(times);
  });
});
