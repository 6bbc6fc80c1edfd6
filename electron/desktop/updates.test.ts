import { expect, it } from "vitest";
import { FakeClock } from "../core/fake-clock.ts";
import { silentLogger } from "../core/logger.ts";
import { feedAddress, Updates, type UpdateFeed } from "./updates.ts";

function scene(feed: Partial<UpdateFeed> | null = {}) {
  const clock = new FakeClock();
  const states: string[] = [];
  const whole: UpdateFeed = { check: async () => null, download: async () => {}, install: () => {}, ...feed };
  const updates: Updates = new Updates({
    ...{ clock, logger: silentLogger, feed: feed && whole },
    onChange: () => states.push(JSON.stringify(updates.state())),
  });
  return { updates, clock, states: () => states.map((each) => JSON.parse(each) as unknown) };
}

it("asks nobody where no feed is set", async () => {
  const { updates, clock, states } = scene(null);
  await updates.check();
  await clock.advance(48 * 60 * 60 * 1000);
  expect(updates.state()).toEqual({ state: "off" });
  expect(states()).toEqual([]);
  await expect(updates.download()).rejects.toMatchObject({ code: "bad_request" });
});

it("finds a newer version, fetches it when told to, and installs it when told to", async () => {
  const installed: string[] = [];
  const { updates, states } = scene({
    check: async () => "2.0.0",
    download: async (onProgress) => [10.2, 10.7, 60, 100].forEach(onProgress),
    install: () => installed.push("yes"),
  });
  await updates.check();
  expect(() => updates.install()).toThrow("nothing to install");
  await updates.download();
  updates.install();
  expect(installed).toEqual(["yes"]);
  expect(states()).toEqual([
    { state: "checking" },
    { state: "available", version: "2.0.0" },
    ...[0, 10, 60, 100].map((percent) => ({ state: "downloading", version: "2.0.0", percent })),
    { state: "ready", version: "2.0.0" },
  ]);
});

it("looks by itself soon after the start and then once a day, and fetches nothing by itself", async () => {
  let asked = 0;
  const { clock, updates } = scene({
    check: async () => {
      asked += 1;
      return null;
    },
    download: () => Promise.reject(new Error("must not happen")),
  });
  expect(asked).toBe(0);
  await clock.advance(30_000);
  expect(asked).toBe(1);
  expect(updates.state()).toMatchObject({ state: "current" });
  await clock.advance(24 * 60 * 60 * 1000);
  expect(asked).toBe(2);
});

it("says what failed and why, and can be told to look again", async () => {
  let isDown = true;
  const { updates } = scene({
    check: async () => {
      if (isDown) throw new Error("connect ECONNREFUSED\n    at somewhere");
      return "2.0.0";
    },
    download: () => Promise.reject(new Error("sha512 checksum mismatch")),
  });
  await updates.check();
  expect(updates.state()).toEqual({
    state: "failed",
    message: "Whether there is a newer version could not be found out.",
    reason: "connect ECONNREFUSED",
  });
  isDown = false;
  await updates.check();
  await updates.download();
  expect(updates.state()).toMatchObject({ state: "failed", reason: "sha512 checksum mismatch" });
  expect(() => updates.install()).toThrow("nothing to install");
});

it.each([
  ["https://updates.example.com/switchgear", "https://updates.example.com/switchgear"],
  ["http://127.0.0.1:8080/", "http://127.0.0.1:8080/"],
  ["http://localhost/feed", "http://localhost/feed"],
  ["http://updates.example.com/", null],
  ["http://127.0.0.1.example.com/", null],
  ["file:///tmp/feed", null],
  ["feed", null],
  ["", null],
  [undefined, null],
])("takes %s as a feed: %s", (text, address) => {
  expect(feedAddress(text)).toBe(address);
});
