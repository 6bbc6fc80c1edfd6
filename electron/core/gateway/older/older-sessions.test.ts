/** What a client of the older line gets over HTTP: JSON where nothing streams, a stream where something does, and the rest of one that it lost. */
import { get, request, type IncomingMessage } from "node:http";
import { describe, expect, it, vi } from "vitest";
import { GatewayFixture } from "../fixtures/gateway-fixture.ts";
import { EventLog } from "./event-log.ts";

type Answer = { status: number; type: string; text: string };

class RawClient {
  readonly headers: Record<string, string>;
  #url: string;

  constructor({ gateway, token }: GatewayFixture) {
    this.#url = gateway.url;
    this.headers = {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
    };
  }

  static async begin(fixture: GatewayFixture, protocolVersion = "2025-11-25"): Promise<RawClient> {
    const client = new RawClient(fixture);
    const clientInfo = { name: "raw", version: "1" };
    const params = { protocolVersion, capabilities: {}, clientInfo };
    const begun = await client.send({ id: 0, method: "initialize", params });
    client.headers["mcp-session-id"] = begun.headers["mcp-session-id"] as string;
    client.headers["mcp-protocol-version"] = protocolVersion;
    await read(begun);
    await client.post({ method: "notifications/initialized" });
    return client;
  }

  /** @returns the answer as soon as its head is there */
  send(message: object, headers: Record<string, string> = {}): Promise<IncomingMessage> {
    const body = Array.isArray(message)
      ? message.map((each: object) => ({ jsonrpc: "2.0", ...each }))
      : { jsonrpc: "2.0", ...message };
    return new Promise((resolve, reject) => {
      const sent = request(this.#url, { method: "POST", headers: { ...this.headers, ...headers } }, resolve);
      sent.once("error", reject);
      sent.end(JSON.stringify(body));
    });
  }

  async post(message: object, headers: Record<string, string> = {}): Promise<Answer> {
    return read(await this.send(message, headers));
  }

  listen(headers: Record<string, string> = {}): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      get(this.#url, { headers: { ...this.headers, ...headers } }, resolve).once("error", reject);
    });
  }
}

async function read(response: IncomingMessage): Promise<Answer> {
  let text = "";
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode!, type: response.headers["content-type"] ?? "", text };
}

/** The events of a stream, each with its id and what it holds. */
const eventsIn = (text: string) =>
  [...text.matchAll(/^id: (.*)\ndata: (.*)$/gm)].map(([, id, data]) => ({
    id: id!,
    data: data === "" ? null : JSON.parse(data!),
  }));

const call = (id: number, name: string, args = {}, meta = {}) => ({
  ...{ id, method: "tools/call" },
  params: { name, arguments: args, _meta: meta },
});
const countTo = (count: number) => call(7, "lab__progress", { steps: count, intervalMs: 20 }, { progressToken: "p" });

describe("an older client's call", () => {
  it("is answered with JSON where nothing comes before its answer", async () => {
    await using fixture = await GatewayFixture.open();
    const client = await RawClient.begin(fixture);
    const answer = await client.post(call(1, "lab__echo", { message: "hello" }));
    expect(answer).toMatchObject({ status: 200, type: "application/json" });
    expect(JSON.parse(answer.text)).toMatchObject({ id: 1, result: { content: [{ text: "hello" }] } });
    const batch = await client.post([call(2, "lab__echo", { message: "a" }), { id: "3", method: "ping" }]);
    const answered = (JSON.parse(batch.text) as { id: unknown }[]).map(({ id }) => id);
    expect(new Set(answered)).toEqual(new Set([2, "3"]));
  });

  it("is answered with a stream where progress comes before its answer", async () => {
    await using fixture = await GatewayFixture.open();
    const client = await RawClient.begin(fixture);
    const { type, text } = await client.post(countTo(3));
    expect(type).toBe("text/event-stream");
    const events = eventsIn(text).map(({ data }) => data as { method?: string; id?: number });
    const methods = new Set(events.slice(0, -1).map(({ method }) => method));
    expect(methods).toEqual(new Set(["notifications/progress", "notifications/message"]));
    expect(events.length).toBeGreaterThan(1);
    expect(events.at(-1)).toMatchObject({ id: 7, result: {} });
  });

  it("whose stream is lost is taken up where it was left, and runs once", async () => {
    await using fixture = await GatewayFixture.open();
    const client = await RawClient.begin(fixture);
    const response = await client.send(countTo(30));
    const [first] = (await response[Symbol.asyncIterator]().next()).value.toString().match(/id: \S+/g) as string[];
    response.destroy();
    const lastId = first!.slice("id: ".length);
    const again = await vi.waitFor(async () => {
      const answer = await client.listen({ "last-event-id": lastId });
      expect(answer.statusCode).toBe(200);
      return answer;
    });
    const rest = eventsIn((await read(again)).text);
    expect(rest.at(-1)!.data).toMatchObject({ id: 7, result: {} });
    const numbers = rest.map(({ id }) => Number(id.split(".")[1]));
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    expect(numbers[0]).toBeGreaterThan(Number(lastId.split(".")[1]));
    expect((await fixture.core.core.journal.list({ tool: "progress" }, null, 10)).rows).toHaveLength(1);
  });

  it("that is taken back ends in its server too", async () => {
    await using fixture = await GatewayFixture.open();
    const client = await RawClient.begin(fixture);
    const slow = client.post(call(4, "lab__slow", { ms: 60_000 }));
    const rows = async () => (await fixture.core.core.journal.list({}, null, 10)).rows;
    await vi.waitFor(async () => expect((await rows())[0]).toMatchObject({ tool: "slow", phase: "running" }));
    expect((await client.post({ method: "notifications/cancelled", params: { requestId: 4 } })).status).toBe(202);
    expect((await slow).text).toContain("took the call back");
    await vi.waitFor(async () => expect((await rows())[0]).toMatchObject({ outcome: "cancelled" }));
  });
});

describe("what an older client gets wrong", () => {
  it.each([
    ["accepts no stream", 406, { accept: "application/json" }],
    ["names a revision that nobody speaks", 400, { "mcp-protocol-version": "1999-01-01" }],
    ["names a session that is none", 404, { "mcp-session-id": "made-up" }],
  ])("is answered in words where it %s", async (_what, status, headers) => {
    await using fixture = await GatewayFixture.open();
    const client = await RawClient.begin(fixture);
    const answer = await client.post({ id: 1, method: "ping" }, headers);
    expect(answer).toMatchObject({ status, type: "application/json" });
    expect(JSON.parse(answer.text)).toMatchObject({ error: { code: -32_000 - Number(status === 404) } });
  });

  it("is answered in words where one id stands for two requests", async () => {
    await using fixture = await GatewayFixture.open();
    const client = await RawClient.begin(fixture);
    const twice = [
      { id: 1, method: "ping" },
      { id: 1, method: "ping" },
    ];
    expect(await client.post(twice)).toMatchObject({ status: 400 });
    expect(await client.post([])).toMatchObject({ status: 400 });
  });

  it("is answered by the rules of the protocol where a call is not whole", async () => {
    await using fixture = await GatewayFixture.open();
    const client = await RawClient.begin(fixture);
    const answer = await client.post({ id: 1, method: "tools/call", params: { name: 5 } });
    expect(JSON.parse(answer.text)).toMatchObject({ id: 1, error: { code: expect.any(Number) as number } });
  });
});

describe("the stream on which an older client listens", () => {
  it("is one at a time, begins with an id where the client knows that, and tells of changed lists", async () => {
    await using fixture = await GatewayFixture.open();
    const client = await RawClient.begin(fixture);
    const response = await client.listen();
    let text = "";
    response.on("data", (chunk: Buffer) => (text += chunk.toString()));
    await vi.waitFor(() => expect(eventsIn(text)[0]).toMatchObject({ data: null }));
    expect((await read(await client.listen())).status).toBe(409);
    await client.post(call(1, "lab__change-description", {}));
    await vi.waitFor(() => expect(text).toContain("notifications/tools/list_changed"));
    response.destroy();
    await vi.waitFor(async () => {
      const missed = await client.listen({ "last-event-id": eventsIn(text)[0]!.id });
      missed.destroy();
      expect(missed.statusCode).toBe(200);
    });
    expect((await read(await client.listen({ "last-event-id": "standing.999" }))).status).toBe(400);
    const older = await RawClient.begin(fixture, "2025-06-18");
    const silent = await older.listen();
    await fixture.core.core.pins.block("lab", ["echo"], { by: "console", why: "a test" });
    const { value } = (await silent[Symbol.asyncIterator]().next()) as { value: Buffer };
    expect(value.toString()).toContain("list_changed");
    silent.destroy();
  });
});

describe("the log of events", () => {
  it("keeps streams apart, and gives what came after an event", () => {
    const log = new EventLog();
    const first = log.add("a", "1");
    log.add("b", "2");
    const third = log.add("a", "3");
    expect(log.after(first.id)).toEqual({ stream: "a", events: [{ ...third, stream: "a" }] });
    expect(log.after(third.id)).toEqual({ stream: "a", events: [] });
    for (const id of ["a.4", "a", "", "a.b"]) expect(log.after(id)).toBeNull();
  });

  it("drops the oldest where it holds too many, or too much", () => {
    const log = new EventLog();
    const first = log.add("a", "x");
    for (let n = 0; n < 1_000; n++) log.add("a", String(n));
    expect(log.after(first.id)!.events).toHaveLength(1_000);
    log.add("a", "y".repeat(5_000_000));
    expect(log.after(first.id)!.events).toHaveLength(1);
  });
});
