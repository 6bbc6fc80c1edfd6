import { expect, it } from "vitest";
import { describeAlert, unreachedWords, type Alert } from "./alert.ts";

const about = { client: "claude", server: "github", tool: "get_user" };

it("says in words what an alert is about", () => {
  expect(describeAlert({ kind: "high_frequency", ...about, threshold: 100, windowMinutes: 5 }).text).toBe(
    "claude called github.get_user 100 times within 5 minutes.",
  );
  expect(describeAlert({ kind: "repeated_denials", ...about, threshold: 1, windowMinutes: 1 }).text).toBe(
    "claude was refused github.get_user once within a minute.",
  );
  expect(describeAlert({ kind: "escalation", ...about, ticketId: "t", waitedMinutes: 15 }).text).toBe(
    "claude has waited 15 minutes for an answer to github.get_user.",
  );
});

it("shows names as one short line without hidden characters", () => {
  const cause = {
    kind: "high_frequency",
    ...about,
    client: `a\n\u202eb${"c".repeat(500)}`,
    threshold: 2,
    windowMinutes: 2,
  };
  const { text } = describeAlert(cause as Alert["cause"]);
  expect(text).toMatch(/^a �bc{50,60}… called/u);
});

it("says that nobody else was told of a call that waits, where that is so", () => {
  const cause = { kind: "escalation" as const, ...about, ticketId: "t", waitedMinutes: 15 };
  const alert: Alert = { id: "1", at: 0, cause, deliveries: [], recipients: [], dismissed: null };
  expect(unreachedWords(alert)).toContain("names nobody");
  expect(unreachedWords({ ...alert, recipients: ["a@b.c", "#ops"] })).toContain("a@b.c, #ops only by a webhook");
  const deliveries = [{ to: "https://x.test", state: "pending" as const, attempts: 0, problem: null }];
  expect(unreachedWords({ ...alert, deliveries })).toBeNull();
  const counted = { kind: "high_frequency" as const, ...about, threshold: 2, windowMinutes: 2 };
  expect(unreachedWords({ ...alert, cause: counted })).toBeNull();
});
