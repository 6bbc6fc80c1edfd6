/** What servers ask in the middle of the console's own calls, and of calls that the console answers for. */
import { describe, expect, it, vi } from "vitest";
import type { Question } from "../../../shared/question.ts";
import { FakeClock } from "../fake-clock.ts";
import { CoreFixture, openPolicy } from "../fixtures/core-fixture.ts";

const ask = { question: "Who?" };
const textOf = (report: { result: { content: readonly object[] } | null }) =>
  (report.result!.content[0] as { text: string }).text;
const byConsole = { client: "console" };

async function waiting(fixture: CoreFixture): Promise<Question> {
  return vi.waitFor(
    () => {
      const [question] = fixture.core.questions.list();
      expect(question).toBeDefined();
      return question!;
    },
    { timeout: 10_000 },
  );
}

describe("a question to the console", () => {
  it("waits with its form until a person answers, and its call goes on", async () => {
    await using fixture = await CoreFixture.open();
    const told: string[] = [];
    fixture.core.events.on("question.changed", ({ state }) => told.push(state));
    const call = fixture.call("ask", ask, byConsole);
    const question = await waiting(fixture);
    expect(question).toMatchObject({
      ...{ server: "lab", tool: "ask", client: "console", message: "Who?", state: "open" },
      asks: { kind: "form", schema: { required: ["name", "colour"] } },
    });
    expect(question.expiresAt - question.askedAt).toBe(30 * 60_000);
    expect(fixture.core.status().openQuestions).toBe(1);
    const content = { name: "Ada", colour: "blue" };
    fixture.core.questions.answer(question.id, { action: "accept", content }, "console");
    const report = await call;
    expect(textOf(report)).toBe("Hello Ada, blue suits you.");
    expect(report.invocation.waitedMs).toBeGreaterThanOrEqual(0);
    expect(told).toEqual(["open", "over"]);
    expect(fixture.core.status().openQuestions).toBe(0);
    const { timeline } = await fixture.core.journal.get(report.invocation.id);
    expect(timeline.map(({ kind }) => kind)).toEqual(["received", "decided", "input", "attempt", "result"]);
    expect(timeline[2]).toMatchObject({ outcome: "answered", by: "console", answer: { action: "accept", content } });
  });

  it("takes no answer that does not fit its form, and the first that does", async () => {
    await using fixture = await CoreFixture.open();
    const call = fixture.call("ask", ask, byConsole);
    const { id } = await waiting(fixture);
    const { questions } = fixture.core;
    expect(() =>
      questions.answer(id, { action: "accept", content: { name: "Ada", colour: "plaid" } }, "console"),
    ).toThrow(/`colour` must be one of/);
    questions.answer(id, { action: "decline" }, "console");
    expect(() => questions.answer(id, { action: "cancel" }, "console")).toThrow("no longer open");
    expect(textOf(await call)).toContain("decline");
  });

  it("counts in no bound of its call, whose server may be slow on either side of it", async () => {
    const clock = new FakeClock();
    const fixture = CoreFixture.create();
    await using opened = fixture;
    await opened.start({ connect: "on-demand" }, { clock });
    const call = fixture.call("ask", ask, byConsole);
    const { id } = await waiting(fixture);
    // Twenty times what the whole call may take.
    await clock.advance(400_000);
    expect(fixture.core.questions.list()).toHaveLength(1);
    fixture.core.questions.answer(id, { action: "accept", content: { name: "Ada", colour: "red" } }, "console");
    const report = await call;
    expect(textOf(report)).toContain("Hello Ada");
    expect(report.invocation.waitedMs).toBeGreaterThanOrEqual(400_000);
    const { timeline } = await fixture.core.journal.get(report.invocation.id);
    const attempt = timeline.find((step) => step.kind === "attempt");
    expect(attempt?.durationMs).toBeLessThan(400_000);
  });

  it("ends as put away where nobody answers in time", async () => {
    const clock = new FakeClock();
    await using fixture = CoreFixture.create();
    await fixture.start({ connect: "on-demand" }, { clock });
    const call = fixture.call("ask", ask, byConsole);
    await waiting(fixture);
    await clock.advance(30 * 60_000);
    const report = await call;
    expect(textOf(report)).toContain("cancel");
    expect(fixture.core.questions.list()).toEqual([]);
    const { timeline } = await fixture.core.journal.get(report.invocation.id);
    expect(timeline).toContainEqual(expect.objectContaining({ kind: "input", outcome: "expired" }));
  });

  it("goes with its call", async () => {
    await using fixture = await CoreFixture.open();
    const over = new AbortController();
    const call = fixture.call("ask", ask, byConsole, { signal: over.signal });
    await waiting(fixture);
    over.abort();
    expect((await call).error).toMatchObject({ code: "cancelled" });
    expect(fixture.core.questions.list()).toEqual([]);
  });

  it("is answered for a client that cannot be asked, where the server's file says so, and not elsewhere", async () => {
    const lab = `id: lab\ntransport: http\nurl: \${fault-lab}/mcp\n`;
    await using fixture = await CoreFixture.open({
      "servers/lab.yaml": `${lab}elicitation: console\n`,
      "servers/other.yaml": lab.replace("id: lab", "id: other"),
      "policies/mcp_permissions.yaml": openPolicy,
    });
    const call = fixture.call("ask", ask, { client: "cursor" });
    const { id, client } = await waiting(fixture);
    expect(client).toBe("cursor");
    fixture.core.questions.answer(id, { action: "decline" }, "console");
    expect(textOf(await call)).toContain("decline");
    const other = await fixture.call("ask", ask, { client: "cursor", server: "other" });
    expect(other.result ?? other.error).toMatchObject(other.result ? { isError: true } : { code: "protocol_error" });
    expect(fixture.core.questions.list()).toEqual([]);
  });
});
