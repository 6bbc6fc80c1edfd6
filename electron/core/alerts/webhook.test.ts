import { describe, expect, it, vi } from "vitest";
import { FakeClock } from "../fake-clock.ts";
import { isSignedBy, WebhookReceiver } from "./fixtures/webhook-receiver.ts";
import { makeWebhookKey, postWebhook, signWebhook } from "./webhook.ts";

const message = { id: "alert-1.1", body: '{"text":"Look"}' };
const key = makeWebhookKey();

function post(url: string, { clock = new FakeClock(), signal = new AbortController().signal } = {}) {
  return postWebhook(url, message, { key, clock, signal });
}

describe("a message to a webhook", () => {
  it("is signed as Standard Webhooks says", async () => {
    // The example of the specification's own libraries.
    const theirs = signWebhook(
      "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
      { id: "msg_p5jXN8AQM9LWM0D4loKWxJek", body: '{"test": 2432232314}' },
      1_614_265_330,
    );
    expect(theirs).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    await using receiver = await WebhookReceiver.open();
    expect(await post(receiver.url)).toEqual({ ok: true });
    const [received] = receiver.received;
    expect(received).toMatchObject({
      path: "/services/T0/path-secret",
      body: message.body,
      headers: { "content-type": "application/json", "webhook-id": message.id, "webhook-timestamp": "1767225600" },
    });
    expect(isSignedBy(key, received!)).toBe(true);
    expect(isSignedBy(makeWebhookKey(), received!)).toBe(false);
  });

  it.each([301, 302, 307, 308])("is not sent on where it is answered with a redirect (%s)", async (status) => {
    await using elsewhere = await WebhookReceiver.open();
    await using receiver = await WebhookReceiver.open();
    receiver.answers = [{ status, location: elsewhere.url }];
    expect(await post(receiver.url)).toMatchObject({ ok: false, again: false });
    expect(elsewhere.received).toEqual([]);
  });

  it.each([
    [500, true],
    [503, true],
    [429, true],
    [408, true],
    [400, false],
    [404, false],
    [410, false],
  ])("that is answered HTTP %s is sent again: %s", async (status, again) => {
    await using receiver = await WebhookReceiver.open();
    receiver.answers = [{ status }];
    const answer = await post(receiver.url);
    expect(answer).toEqual({ ok: false, again, problem: `It answered HTTP ${status}.` });
  });

  it("is given up for now where no answer comes in time", async () => {
    await using receiver = await WebhookReceiver.open();
    receiver.answers = null;
    const clock = new FakeClock();
    const answer = post(receiver.url, { clock });
    await vi.waitFor(() => expect(receiver.received).toHaveLength(1), 10_000);
    await clock.advance(10_000);
    expect(await answer).toEqual({ ok: false, again: true, problem: "It did not answer within 10 s." });
    expect(clock.pending).toBe(0);
  });

  it("says what the network said, and nothing of the address", async () => {
    const closed = await WebhookReceiver.open();
    const { url } = closed;
    await closed[Symbol.asyncDispose]();
    expect(await post(url)).toEqual({ ok: false, again: true, problem: "It could not be reached (ECONNREFUSED)." });
  });

  it("is taken back when Switchgear closes", async () => {
    const closing = new AbortController();
    closing.abort();
    expect(await post("http://127.0.0.1:9/", { signal: closing.signal })).toMatchObject({ ok: false, again: true });
  });
});
