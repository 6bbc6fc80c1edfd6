import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CoreFixture } from "./fixtures/core-fixture.ts";
import { RedisServer } from "./resilience/fixtures/redis-server.ts";

const soon = { timeout: 5000 };
const ada = { who: "ada", why: "maintenance" };

let redis: RedisServer;
let password: string;
beforeEach(async () => {
  password = "correct-horse";
  redis = await RedisServer.start("--requirepass", password);
});
afterEach(() => redis.kill());

const open = (url = redis.url.replace("//", `//:${password}@`)) =>
  CoreFixture.open({}, { MAGSAG_MCP_ENABLED: "true", SWITCHGEAR_REDIS_URL: url });
const noticesOf = ({ core }: CoreFixture) => core.status().notices.map(({ message }) => message);

describe("SWITCHGEAR_REDIS_URL", () => {
  it("makes the circuits of two consoles one: what one operator does, the other sees and its calls obey", async () => {
    await using one = await open();
    await using two = await open();
    expect(two.core.status().circuitSharing).toEqual({
      ...{ state: "shared", place: `127.0.0.1:${redis.port}`, instances: 2 },
    });
    one.core.circuits.trip("lab", null, ada);
    await vi.waitFor(() => expect(two.core.status().circuitsNotClosed).toBe(1), soon);
    expect((await two.call("echo")).error).toMatchObject({ code: "circuit_open" });
    expect(two.core.circuits.view("lab", null).transitions).toMatchObject([{ cause: { kind: "operator", ...ada } }]);
    two.core.circuits.reset("lab", null, ada);
    await vi.waitFor(() => expect(one.core.status().circuitsNotClosed).toBe(0), soon);
    expect((await one.call("echo", { message: "hi" })).error).toBeNull();
  });

  it("is told on every screen while Redis is away, and no longer once it is back", async () => {
    await redis.kill();
    await using one = await open();
    const notice = `Circuits are not shared: the Redis at 127.0.0.1:${redis.port} is away (`;
    expect(noticesOf(one)).toEqual([expect.stringContaining(notice)]);
    expect(one.core.status().circuitSharing).toMatchObject({ state: "alone" });
    expect((await one.call("echo", { message: "hi" })).error).toBeNull();
    await redis.start();
    await vi.waitFor(() => expect(one.core.status().circuitSharing).toMatchObject({ state: "shared" }), soon);
    expect(noticesOf(one)).toEqual([]);
    await redis.kill();
    await vi.waitFor(() => expect(noticesOf(one)).toHaveLength(1), soon);
  });

  it("never shows its password, nor what stands in its place", async () => {
    await using one = await open(redis.url.replace("//", "//:battery-staple@"));
    expect(noticesOf(one)).toEqual([expect.stringContaining("WRONGPASS")]);
    expect(JSON.stringify(one.core.status())).not.toContain("staple");
  });

  it("that is none is told in words, and circuits go by what happens here", async () => {
    await using one = await open("http://:battery-staple@cache");
    expect(noticesOf(one)).toEqual([
      "SWITCHGEAR_REDIS_URL cannot be used: its scheme is none of redis, rediss and unix. Circuits are not shared.",
    ]);
    expect(one.core.status().circuitSharing).toBeNull();
    expect((await one.call("echo", { message: "hi" })).error).toBeNull();
  });

  it("that is not set shares nothing and says nothing", async () => {
    await using one = await CoreFixture.open();
    expect([one.core.status().circuitSharing, noticesOf(one)]).toEqual([null, []]);
  });
});
