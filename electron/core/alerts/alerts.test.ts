import { describe, expect, it, vi } from "vitest";
import type { Alert } from "../../../shared/alert.ts";
import type { Invocation } from "../../../shared/invocation.ts";
import { policyFileSchema, type PolicyFile } from "../../../shared/policy.ts";
import { MCPClientError } from "../errors.ts";
import { CoreEvents } from "../events.ts";
import { FakeClock } from "../fake-clock.ts";
import { migrate } from "../journal/migrate.ts";
import { SqlDatabase } from "../journal/sql-database.ts";
import { silentLogger } from "../logger.ts";
import { Alerts, type AlertsDeps } from "./alerts.ts";
import { isSignedBy, WebhookReceiver } from "./fixtures/webhook-receiver.ts";
import { makeWebhookKey } from "./webhook.ts";

const minute = 60_000;
const key = makeWebhookKey();
const call = { id: "call", client: "claude", server: "github", tool: "delete_repo" };
const waiting = { ...call, id: "ticket-1" };

type Given = {
  alerts?: PolicyFile["audit"]["alerts"];
  escalateTo?: string[];
};

function policyOf({ alerts = [], escalateTo = [] }: Given): PolicyFile {
  const escalation = { escalate_after_minutes: 15, escalate_to: escalateTo };
  return policyFileSchema.parse({ default_permission: "ALWAYS", audit: { alerts }, approval: { escalation } });
}

/** One or more processes on one journal. */
class Scene implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly database = new SqlDatabase(":memory:");
  readonly recorded: { kind: string; subject?: string; detail?: unknown }[] = [];
  readonly raised: Alert[] = [];
  readonly unreached: [string, string][] = [];
  readonly warnings: string[] = [];
  policy: PolicyFile | null;
  key: () => Promise<string> = async () => key;
  /** What the journal has of calls like these. */
  counted: AlertsDeps["counted"] = () => 0;
  readonly #escalated = new Set<string>();
  /** When the one ticket was asked for. */
  requestedAt = Infinity;
  #open: Alerts[] = [];
  #events = new Map<Alerts, CoreEvents>();

  constructor(given: Given) {
    migrate(this.database);
    this.policy = policyOf(given);
  }

  start(more: Partial<AlertsDeps> = {}): Alerts {
    const events = new CoreEvents(silentLogger);
    const alerts = new Alerts({
      ...{ database: this.database, clock: this.clock, events },
      logger: { warn: (message) => void this.warnings.push(message) },
      policy: () => this.policy,
      tickets: {
        unanswered: (since) =>
          this.requestedAt <= since && !this.#escalated.has(waiting.id) ? [waiting as never] : [],
        markEscalated: (id) => {
          if (this.#escalated.has(id)) return false;
          this.#escalated.add(id);
          return true;
        },
        waiting: () => new Set(this.requestedAt < Infinity ? [waiting.id] : []),
      },
      counted: (like, since, most) => this.counted(like, since, most),
      key: () => this.key(),
      redact: (text) => text.replaceAll("hunter2hunter2", "•••"),
      record: (kind, { subject, detail }) => void this.recorded.push({ kind, subject, detail }),
      onRaised: (raised) => void this.raised.push(...raised),
      onUnreached: (to, problem) => void this.unreached.push([to, problem]),
      ...more,
    });
    this.#open.push(alerts);
    this.#events.set(alerts, events);
    return alerts;
  }

  /** One call as the journal tells of it. */
  tell(alerts: Alerts, more: Partial<Invocation> = {}): void {
    const row = { ...call, phase: "deciding", errorCode: null, ...more } as Invocation;
    this.#events.get(alerts)!.emit("invocation.changed", row);
  }

  /** Lets what was begun on real sockets end, while time stands still. */
  async until(check: () => void): Promise<void> {
    await vi.waitFor(async () => {
      await this.clock.advance(0);
      check();
    }, 10_000);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const each of this.#open) await each.close();
    expect(this.clock.pending).toBe(0);
    this.database.close();
  }
}

const often = [{ type: "high_frequency" as const, threshold: 3, window_minutes: 5 }];
const refused = [{ type: "repeated_denials" as const, threshold: 2, window_minutes: 10 }];

describe("an alert about many calls", () => {
  it("is raised once for each client and tool, told, and in the audit chain", async () => {
    await using scene = new Scene({ alerts: often });
    const alerts = scene.start();
    for (let index = 0; index < 10; index += 1) scene.tell(alerts);
    for (let index = 0; index < 2; index += 1) scene.tell(alerts, { client: "codex" });
    for (let index = 0; index < 2; index += 1) scene.tell(alerts, { tool: "get_repo" });
    await scene.clock.advance(3_000);
    const cause = { kind: "high_frequency", client: "claude", server: "github", tool: "delete_repo" };
    expect(alerts.list()).toMatchObject([{ cause: { ...cause, threshold: 3, windowMinutes: 5 }, dismissed: null }]);
    expect(scene.raised).toHaveLength(1);
    expect(scene.recorded).toMatchObject([
      { kind: "alert.raised", subject: "github.delete_repo", detail: { kind: "high_frequency", client: "claude" } },
    ]);
  });

  it("counts a call when it comes, and not again as it goes on", async () => {
    await using scene = new Scene({ alerts: often });
    const alerts = scene.start();
    for (const phase of ["deciding", "waiting", "running", "done"] as const) scene.tell(alerts, { phase });
    await scene.clock.advance(3_000);
    expect(alerts.list()).toEqual([]);
  });

  it("is raised once a window by all processes together, over a restart too, and again in the next", async () => {
    await using scene = new Scene({ alerts: often });
    const flood = async (alerts: Alerts) => {
      for (let index = 0; index < 5; index += 1) scene.tell(alerts);
      await scene.clock.advance(3_000);
    };
    const first = scene.start();
    await flood(first);
    await flood(scene.start());
    await first.close();
    await flood(scene.start());
    expect(scene.recorded).toHaveLength(1);
    await scene.clock.advance(5 * minute);
    const later = scene.start();
    await flood(later);
    expect(later.list()).toHaveLength(2);
  });

  it("counts what calls of other processes add, at each look and when it closes", async () => {
    await using scene = new Scene({ alerts: [...often, ...refused] });
    const asked: unknown[] = [];
    let known = 2;
    scene.counted = (...question) => {
      asked.push(question);
      return known;
    };
    const about = { client: "claude", server: "github", tool: "delete_repo" };
    const first = scene.start();
    scene.tell(first);
    await scene.clock.advance(2_000);
    expect(asked).toEqual([[{ ...about, errorCodes: null }, scene.clock.wallNow() - 5 * minute, 3]]);
    await scene.clock.advance(2_000);
    expect(asked).toHaveLength(1);
    expect(first.list()).toEqual([]);

    known = 3;
    const second = scene.start();
    scene.tell(second);
    await second.close();
    expect(first.list()).toMatchObject([{ cause: { kind: "high_frequency", ...about } }]);
    scene.tell(first, { phase: "done", errorCode: "policy_denied" });
    await scene.clock.advance(2_000);
    expect(asked.at(-1)).toEqual([
      { ...about, errorCodes: ["policy_denied", "quarantined", "approval_denied"] },
      ...[scene.clock.wallNow() - 10 * minute, 2],
    ]);
    expect(first.list().map(({ cause }) => cause.kind)).toEqual(["repeated_denials", "high_frequency"]);
  });

  it("is written off the path of the call, and when the process closes at once", async () => {
    await using scene = new Scene({ alerts: often });
    const alerts = scene.start();
    for (let index = 0; index < 3; index += 1) scene.tell(alerts);
    expect(alerts.list()).toEqual([]);
    await alerts.close();
    await alerts.close();
    expect(alerts.list()).toHaveLength(1);
  });

  it("is not counted while the policy file is invalid", async () => {
    await using scene = new Scene({ alerts: often });
    const alerts = scene.start();
    scene.policy = null;
    for (let index = 0; index < 5; index += 1) scene.tell(alerts);
    await scene.clock.advance(3_000);
    expect(alerts.list()).toEqual([]);
  });

  it("that cannot be written is logged once, and raised when it can", async () => {
    await using scene = new Scene({ alerts: often });
    let full = true;
    const alerts = scene.start({
      record: () => {
        if (full) throw new MCPClientError("journal_unavailable", "The disk is full.");
      },
    });
    for (let index = 0; index < 3; index += 1) scene.tell(alerts);
    await scene.clock.advance(10_000);
    expect(alerts.list()).toEqual([]);
    expect(scene.warnings).toHaveLength(1);
    full = false;
    await scene.clock.advance(3_000);
    expect(alerts.list()).toHaveLength(1);
  });
});

describe("an alert about denials", () => {
  it.each(["policy_denied", "quarantined", "approval_denied"])("counts what ended with %s", async (errorCode) => {
    await using scene = new Scene({ alerts: refused });
    const alerts = scene.start();
    for (let index = 0; index < 2; index += 1) scene.tell(alerts, { phase: "done", errorCode });
    await scene.clock.advance(3_000);
    expect(alerts.list()).toMatchObject([{ cause: { kind: "repeated_denials", threshold: 2, windowMinutes: 10 } }]);
  });

  it.each([null, "rate_limited", "invalid_arguments", "mcp_disabled", "timeout"])(
    "does not count what ended with %s",
    async (errorCode) => {
      await using scene = new Scene({ alerts: refused });
      const alerts = scene.start();
      for (let index = 0; index < 5; index += 1) scene.tell(alerts, { phase: "done", errorCode });
      await scene.clock.advance(3_000);
      expect(alerts.list()).toEqual([]);
    },
  );
});

describe("an alert that somebody has seen", () => {
  it("is dismissed for every process, recorded once, and not told again", async () => {
    await using scene = new Scene({ alerts: often });
    const alerts = scene.start();
    const other = scene.start();
    for (let index = 0; index < 3; index += 1) scene.tell(alerts);
    await scene.clock.advance(3_000);
    const [{ id }] = alerts.list() as [Alert];
    alerts.dismiss([id], "console");
    other.dismiss([id], "terminal");
    await scene.clock.advance(3_000);
    expect(other.list()).toEqual([]);
    expect(scene.recorded.filter(({ kind }) => kind === "alert.dismissed")).toHaveLength(1);
    // By each process once, when it was raised.
    expect(scene.raised).toHaveLength(2);
    expect(() => alerts.dismiss(["nothing"], "console")).toThrow("no alert nothing");
  });
});

describe("a ticket that nobody answers", () => {
  it("is escalated after the time, once, over two processes and a restart", async () => {
    await using receiver = await WebhookReceiver.open();
    await using scene = new Scene({ escalateTo: [receiver.url, "on-call@example.com"] });
    const first = scene.start();
    scene.start();
    scene.requestedAt = scene.clock.wallNow();
    await scene.clock.advance(15 * minute - 1);
    expect(first.list()).toEqual([]);
    await scene.clock.advance(2_001);
    await scene.until(() => expect(first.list()).toMatchObject([{ deliveries: [{ state: "sent" }] }]));
    await first.close();
    const again = scene.start();
    await scene.clock.advance(minute);
    expect(again.list()).toMatchObject([
      {
        cause: { kind: "escalation", ticketId: "ticket-1", waitedMinutes: 15 },
        deliveries: [{ to: receiver.origin, state: "sent", attempts: 1, problem: null }],
        recipients: ["on-call@example.com"],
      },
    ]);
    expect(receiver.received).toHaveLength(1);
    expect(isSignedBy(key, receiver.received[0]!)).toBe(true);
    expect(JSON.parse(receiver.received[0]!.body)).toMatchObject({
      type: "escalation",
      text: "claude has waited 15 minutes for an answer to github.delete_repo.",
      recipients: ["on-call@example.com"],
      data: { client: "claude", server: "github", tool: "delete_repo", ticketId: "ticket-1" },
    });
    expect(scene.recorded.map(({ kind }) => kind)).toEqual(["alert.raised", "alert.sent"]);
    expect(JSON.stringify(scene.recorded)).not.toContain("path-secret");
  });

  it("needs nobody's attention any more once it is answered", async () => {
    await using scene = new Scene({});
    scene.requestedAt = 0;
    const alerts = scene.start();
    expect(alerts.list()).toHaveLength(1);
    scene.requestedAt = Infinity;
    await scene.clock.advance(2_000);
    expect(alerts.list()).toEqual([]);
    expect(scene.recorded.at(-1)).toMatchObject({ kind: "alert.dismissed", subject: "github.delete_repo" });
  });

  it("is not escalated where the policy file says nothing of it", async () => {
    await using scene = new Scene({});
    scene.policy = policyFileSchema.parse({ default_permission: "ALWAYS" });
    const alerts = scene.start();
    scene.requestedAt = 0;
    await scene.clock.advance(minute);
    expect(alerts.list()).toEqual([]);
  });
});

describe("telling a webhook", () => {
  it("is tried again after a failure, under the same id, until it is told", async () => {
    await using receiver = await WebhookReceiver.open();
    receiver.answers = [{ status: 500 }, { status: 503 }, { status: 200 }];
    await using scene = new Scene({ escalateTo: [receiver.url] });
    scene.requestedAt = 0;
    const alerts = scene.start();
    for (const [attempts, pause] of [
      [1, 5_000],
      [2, 30_000],
    ] as const) {
      await scene.until(() => expect(alerts.list()).toMatchObject([{ deliveries: [{ state: "pending", attempts }] }]));
      await scene.clock.advance(pause - 2_001);
      expect(receiver.received).toHaveLength(attempts);
      await scene.clock.advance(4_001);
    }
    await scene.until(() => expect(alerts.list()).toMatchObject([{ deliveries: [{ state: "sent", attempts: 3 }] }]));
    expect(new Set(receiver.received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    expect(scene.unreached).toEqual([]);
  });

  it("is given up after five attempts, with words and a record", async () => {
    await using receiver = await WebhookReceiver.open();
    receiver.answers = [{ status: 500 }];
    await using scene = new Scene({ escalateTo: [receiver.url] });
    scene.requestedAt = 0;
    const alerts = scene.start();
    for (const [index, pause] of [5_000, 30_000, 120_000, 600_000, 600_000].entries()) {
      await scene.until(() => expect(alerts.list()).toMatchObject([{ deliveries: [{ attempts: index + 1 }] }]));
      await scene.clock.advance(pause - 1);
      expect(receiver.received).toHaveLength(index + 1);
      await scene.clock.advance(2_001);
    }
    expect(receiver.received).toHaveLength(5);
    expect(alerts.list()).toMatchObject([{ deliveries: [{ state: "failed", problem: "It answered HTTP 500." }] }]);
    expect(scene.unreached).toEqual([[receiver.origin, "It answered HTTP 500."]]);
    expect(scene.recorded.at(-1)).toMatchObject({ kind: "alert.not_sent", subject: receiver.origin });
  });

  it("is given up at once where it can never succeed", async () => {
    await using receiver = await WebhookReceiver.open();
    receiver.answers = [{ status: 404 }];
    await using scene = new Scene({ escalateTo: [receiver.url] });
    scene.requestedAt = 0;
    const alerts = scene.start();
    await scene.until(() => expect(alerts.list()).toMatchObject([{ deliveries: [{ state: "failed", attempts: 1 }] }]));
  });

  it("never happens unsigned: it waits for a vault that is closed", async () => {
    await using receiver = await WebhookReceiver.open();
    await using scene = new Scene({ escalateTo: [receiver.url] });
    scene.key = () => Promise.reject(new MCPClientError("vault_locked", "The vault is locked."));
    scene.requestedAt = 0;
    const alerts = scene.start();
    const problem = "It could not be signed: The vault is locked.";
    await scene.until(() => expect(alerts.list()).toMatchObject([{ deliveries: [{ state: "pending", problem }] }]));
    expect(receiver.received).toEqual([]);
    scene.key = async () => key;
    await scene.clock.advance(7_000);
    await scene.until(() => expect(alerts.list()).toMatchObject([{ deliveries: [{ state: "sent" }] }]));
  });

  it("happens once though the keychain asks a person for longer than it is held", async () => {
    await using receiver = await WebhookReceiver.open();
    await using scene = new Scene({ escalateTo: [receiver.url] });
    let answer!: (key: string) => void;
    const asked = new Promise<string>((resolve) => (answer = resolve));
    scene.key = () => asked;
    scene.requestedAt = 0;
    const alerts = scene.start();
    await scene.clock.advance(3 * minute);
    answer(key);
    await scene.until(() => expect(alerts.list()).toMatchObject([{ deliveries: [{ state: "sent" }] }]));
    expect(receiver.received).toHaveLength(1);
  });

  it("goes to no address that the policy file no longer names, and waits while the file is invalid", async () => {
    await using receiver = await WebhookReceiver.open();
    receiver.answers = [{ status: 500 }];
    await using scene = new Scene({ escalateTo: [receiver.url] });
    scene.requestedAt = 0;
    const alerts = scene.start();
    await scene.until(() => expect(alerts.list()).toMatchObject([{ deliveries: [{ attempts: 1 }] }]));
    scene.policy = null;
    await scene.clock.advance(minute);
    expect(alerts.list()).toMatchObject([{ deliveries: [{ state: "pending", attempts: 1 }] }]);
    scene.policy = policyOf({});
    await scene.clock.advance(2_000);
    const problem = "The policy file no longer names it.";
    await scene.until(() => expect(alerts.list()).toMatchObject([{ deliveries: [{ state: "failed", problem }] }]));
    expect(receiver.received).toHaveLength(1);
  });

  it("is left to the next start where Switchgear closes meanwhile", async () => {
    await using receiver = await WebhookReceiver.open();
    receiver.answers = null;
    await using scene = new Scene({ escalateTo: [receiver.url] });
    scene.requestedAt = 0;
    const first = scene.start();
    await scene.until(() => expect(receiver.received).toHaveLength(1));
    await first.close();
    receiver.answers = [{ status: 200 }];
    const second = scene.start();
    await scene.until(() => expect(second.list()).toMatchObject([{ deliveries: [{ state: "sent", attempts: 1 }] }]));
    expect(scene.recorded.filter(({ kind }) => kind === "alert.raised")).toHaveLength(1);
  });

  it("is news no more after a day", async () => {
    await using receiver = await WebhookReceiver.open();
    await using scene = new Scene({ escalateTo: [receiver.url] });
    scene.requestedAt = 0;
    scene.key = () => Promise.reject(new MCPClientError("vault_locked", "The vault is locked."));
    const first = scene.start();
    await scene.until(() => expect(first.list()).toMatchObject([{ deliveries: [{ attempts: 1 }] }]));
    await first.close();
    await scene.clock.advance(25 * 60 * minute);
    const second = scene.start();
    const problem = "It is news no more.";
    await scene.until(() => expect(second.list()).toMatchObject([{ deliveries: [{ state: "failed", problem }] }]));
    expect(receiver.received).toEqual([]);
  });

  it("masks a secret that stands in a name", async () => {
    await using receiver = await WebhookReceiver.open();
    await using scene = new Scene({ alerts: often, escalateTo: [receiver.url] });
    const alerts = scene.start();
    for (let index = 0; index < 3; index += 1) scene.tell(alerts, { tool: "hunter2hunter2" });
    await scene.until(() => expect(receiver.received).toHaveLength(1));
    expect(receiver.received[0]!.body).toContain("github.•••");
    expect(receiver.received[0]!.body).not.toContain("hunter2hunter2");
    await scene.until(() => expect(alerts.list()).toMatchObject([{ deliveries: [{ state: "sent" }] }]));
  });
});
