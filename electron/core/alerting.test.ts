import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { describe, expect, it, vi } from "vitest";
import { isSignedBy, WebhookReceiver } from "./alerts/fixtures/webhook-receiver.ts";
import { CoreFixture } from "./fixtures/core-fixture.ts";
import { createAuthority } from "./http/fixtures/certificates.ts";

const eventually = (check: () => unknown) => vi.waitFor(check, { timeout: 10_000, interval: 20 });
const env = { MAGSAG_MCP_ENABLED: "true", SWITCHGEAR_VAULT_KEY: "a passphrase that is long enough" };
const secret = "s3cret-argument-value";

async function open(policy: string, notify?: (notification: { title: string; text: string }) => boolean) {
  const fixture = CoreFixture.create({ "policies/mcp_permissions.yaml": policy }, env);
  await fixture.start({ connect: "on-demand" }, notify ? { notify } : {});
  return fixture;
}

/** Soon enough for a test: 0.001 minutes are 60 ms. */
const escalating = (to: readonly string[]) => `
default_permission: REQUIRE_APPROVAL
approval:
  escalation: { escalate_after_minutes: 0.001, escalate_to: ${JSON.stringify(to)} }
`;

function kinds({ core }: CoreFixture): string[] {
  const { records } = core.audit.list(
    { kinds: ["alert.raised", "alert.sent", "alert.not_sent", "webhook.key"] },
    null,
    50,
  );
  return records.map(({ kind }) => kind).toReversed();
}

describe("a call that nobody answers", () => {
  it("is marked in the inbox, told on the desktop and to the webhook, without its arguments, and goes on waiting", async () => {
    await using receiver = await WebhookReceiver.open();
    const notify = vi.fn(() => true);
    await using fixture = await open(escalating([receiver.url, "#operations"]), notify);
    const { core } = fixture;
    const report = fixture.call("wipe", { path: secret }, { client: "claude" });
    await eventually(() => expect(core.alerting.alerts.list()).toMatchObject([{ deliveries: [{ state: "sent" }] }]));
    const [ticket] = core.approvals.list("pending");
    expect(ticket).toMatchObject({ state: "pending", escalatedAt: expect.any(Number) });
    expect(core.alerting.alerts.list()).toMatchObject([{ cause: { kind: "escalation", ticketId: ticket!.id } }]);
    const text = expect.stringContaining("claude has waited") as unknown;
    await eventually(() => expect(notify.mock.calls).toMatchObject([[{ title: "A call waits unanswered", text }]]));
    expect(receiver.received).toHaveLength(1);
    const [received] = receiver.received;
    expect(received!.body).not.toContain(secret);
    expect(JSON.parse(received!.body)).toMatchObject({ recipients: ["#operations"], data: { ticketId: ticket!.id } });
    expect(isSignedBy(await core.alerting.webhookKey.show("console", { renew: false }), received!)).toBe(true);
    await core.desk.approve(ticket!.id, "console", {});
    expect((await report).error).toBeNull();
    expect(kinds(fixture)).toEqual(["alert.raised", "alert.sent", "webhook.key"]);
    expect(await core.auditKeeper.verify()).toMatchObject({ fault: null });
  });

  it("fails no call where the webhook fails: that is a notice and a record", async () => {
    await using receiver = await WebhookReceiver.open();
    receiver.answers = [{ status: 410 }];
    await using fixture = await open(escalating([receiver.url]));
    const { core } = fixture;
    const report = fixture.call("wipe");
    await eventually(() => expect(core.alerting.alerts.list()).toMatchObject([{ deliveries: [{ state: "failed" }] }]));
    expect(core.status().notices).toMatchObject([
      {
        level: "warning",
        message: `The webhook at ${receiver.origin} was not told of an alert. It answered HTTP 410.`,
      },
    ]);
    await core.desk.approve(core.approvals.list("pending")[0]!.id, "console", {});
    expect((await report).error).toBeNull();
    expect(kinds(fixture)).toEqual(["alert.raised", "alert.not_sent"]);
  });

  it.each([
    ["nobody", [], "escalate_to in the policy file names nobody"],
    ["no webhook", ["on-call@example.com"], "Switchgear reaches on-call@example.com only by a webhook"],
  ])("says that nobody else was told where escalate_to names %s", async (_, to, words) => {
    const notify = vi.fn<(notification: { title: string; text: string }) => boolean>(() => true);
    await using fixture = await open(escalating(to), notify);
    void fixture.call("wipe");
    await eventually(() => expect(notify).toHaveBeenCalled());
    expect(notify.mock.calls[0]![0].text).toContain(words);
  });

  it("is told to no webhook whose certificate nobody vouches for", async () => {
    const requests: string[] = [];
    const server = createServer(createAuthority().issue("127.0.0.1", new Date(Date.now() + 3_600_000)), (request) => {
      requests.push(request.url ?? "");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    await using fixture = await open(escalating([`https://127.0.0.1:${port}/hook`]));
    void fixture.call("wipe");
    const problem = expect.stringContaining("It could not be reached") as unknown;
    await eventually(() => expect(fixture.core.alerting.alerts.list()).toMatchObject([{ deliveries: [{ problem }] }]));
    expect(requests).toEqual([]);
    server.close();
  });
});

describe("a client that goes on and on", () => {
  it("raises one alert by its calls and one by its denials, and is refused nothing for it", async () => {
    const notify = vi.fn(() => true);
    await using fixture = await open(
      `
default_permission: ALWAYS
tools: { lab.wipe: { permission: NEVER } }
audit:
  alerts:
    - { type: high_frequency, threshold: 4, window_minutes: 5 }
    - { type: repeated_denials, threshold: 2, window_minutes: 5 }
`,
      notify,
    );
    for (let index = 0; index < 6; index += 1) expect((await fixture.call("echo", { text: "x" })).error).toBeNull();
    for (let index = 0; index < 3; index += 1) {
      expect((await fixture.call("wipe")).error).toMatchObject({ code: "policy_denied" });
    }
    const { core } = fixture;
    await eventually(() => expect(core.alerting.alerts.list()).toHaveLength(2));
    const causes = core.alerting.alerts.list().map(({ cause: { kind, tool, client } }) => ({ kind, tool, client }));
    expect(causes).toEqual(
      expect.arrayContaining([
        { kind: "high_frequency", tool: "echo", client: "library" },
        { kind: "repeated_denials", tool: "wipe", client: "library" },
      ]),
    );
    await eventually(() => expect(notify).toHaveBeenCalledTimes(2));
    core.alerting.alerts.dismiss(
      core.alerting.alerts.list().map(({ id }) => id),
      "console",
    );
    expect(core.alerting.alerts.list()).toEqual([]);
  });

  it("is told in the window where the desktop shows no notifications", async () => {
    await using fixture = await open(
      `default_permission: ALWAYS\naudit: { alerts: [{ type: high_frequency, threshold: 1, window_minutes: 5 }] }\n`,
      () => false,
    );
    for (const client of ["a", "b", "c", "d"]) await fixture.call("echo", { text: "x" }, { client });
    await eventually(() => expect(fixture.core.alerting.alerts.list()).toHaveLength(4));
    const message = "This desktop shows no notifications, so alerts are told in this window alone.";
    await eventually(() => expect(fixture.core.status().notices).toMatchObject([{ message }]));
  });
});

describe("the webhook key", () => {
  it("stays the same until it is renewed, and each showing is recorded", async () => {
    await using fixture = await open("default_permission: ALWAYS\n");
    const { webhookKey } = fixture.core.alerting;
    const key = await webhookKey.show("console", { renew: false });
    expect(key).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(await webhookKey.show("console", { renew: false })).toBe(key);
    expect(await webhookKey.show("console", { renew: true })).not.toBe(key);
    expect(kinds(fixture)).toEqual(["webhook.key", "webhook.key", "webhook.key"]);
    expect(JSON.stringify(fixture.core.audit.list({}, null, 50))).not.toContain(key);
  });
});

it("calls that come through one process after the other are counted together", async () => {
  const alerts = "[{ type: repeated_denials, threshold: 3, window_minutes: 10 }]";
  await using fixture = await open(`default_permission: NEVER\naudit: { alerts: ${alerts} }\n`);
  for (let process = 1; process <= 3; process += 1) {
    await fixture.call("wipe", {}, { client: "claude" });
    await fixture.call("wipe", {}, { client: `codex-${process}` });
    await fixture.core.close();
    await fixture.start();
    expect(fixture.core.alerting.alerts.list()).toHaveLength(process < 3 ? 0 : 1);
  }
  expect(fixture.core.alerting.alerts.list()).toMatchObject([
    { cause: { kind: "repeated_denials", client: "claude", server: "lab", tool: "wipe" } },
  ]);
});
