import { describe, expect, it } from "vitest";
import { FakeClock } from "../fake-clock.ts";
import { LoopbackRedirect } from "./loopback-redirect.ts";

const options = { state: "s", port: 0, isPortFirm: false, timeoutMs: 300_000 };

describe("LoopbackRedirect", () => {
  it("gives up when its time is up, and listens no longer", async () => {
    const clock = new FakeClock();
    const redirect = await LoopbackRedirect.open({ ...options, clock });
    await clock.advance(299_999);
    expect((await fetch(redirect.uri)).status).toBe(400);
    await clock.advance(1);
    await expect(redirect.answer).rejects.toMatchObject({ code: "timeout", message: expect.stringContaining("5 min") });
    await expect(fetch(redirect.uri)).rejects.toThrow();
    expect(clock.pending).toBe(0);
  });

  it("takes the first of two answers that come at once", async () => {
    const clock = new FakeClock();
    const redirect = await LoopbackRedirect.open({ ...options, clock });
    const answers = await Promise.allSettled(
      ["one", "two"].map((code) => fetch(`${redirect.uri}?state=s&code=${code}`)),
    );
    const taken = answers.filter((each) => each.status === "fulfilled" && each.value.status === 200);
    expect(taken).toHaveLength(1);
    expect((await redirect.answer).get("state")).toBe("s");
    expect(clock.pending).toBe(0);
  });

  it("takes another port where the one of before is taken", async () => {
    const clock = new FakeClock();
    const first = await LoopbackRedirect.open({ ...options, clock });
    const port = Number(new URL(first.uri).port);
    const second = await LoopbackRedirect.open({ ...options, clock, port });
    expect(second.uri).not.toBe(first.uri);
    for (const each of [first, second]) each.close(new Error("done"));
  });

  it("answers with fixed words that nothing loads into and nothing frames", async () => {
    const clock = new FakeClock();
    const redirect = await LoopbackRedirect.open({ ...options, clock });
    const response = await fetch(`${redirect.uri}?state=s&error=<script>alert(1)</script>`);
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.text()).not.toContain("alert");
  });
});
