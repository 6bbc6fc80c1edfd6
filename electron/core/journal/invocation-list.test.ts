import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { Invocation, InvocationFilter } from "../../../shared/invocation.ts";
import { CoreEvents } from "../events.ts";
import { FakeClock } from "../fake-clock.ts";
import { silentLogger } from "../logger.ts";
import { openDatabase } from "./database.ts";
import { InvocationLog } from "./invocation-log.ts";

let clock: FakeClock;

beforeEach(() => {
  clock = new FakeClock();
});

const openLog = () =>
  new InvocationLog({
    ...{ database: openDatabase(":memory:", clock).database, clock, events: new CoreEvents(silentLogger) },
    ...{ redact: (value: unknown) => value, owner: "me", isOwnerAlive: () => true },
  });
const start = (id: string, rest: Partial<Invocation> = {}) => ({
  ...{ id, server: "lab", tool: "echo", client: "console", environment: "production", args: {} },
  ...rest,
});

describe("the list", () => {
  const seed = async (log: InvocationLog) => {
    const calls: [string, Partial<Invocation>, "ok" | "timeout" | null][] = [
      ["1", { server: "lab", tool: "echo", client: "console" }, "ok"],
      ["2", { server: "lab", tool: "slow", client: "library" }, "timeout"],
      ["3", { server: "files", tool: "read_file", client: "console" }, "ok"],
      ["4", { server: "files", tool: "echo_100%", client: "console" }, null],
    ];
    for (const [id, rest, outcome] of calls) {
      const record = log.begin(start(id, rest));
      const level = id === "3" ? "ALWAYS" : "REQUIRE_APPROVAL";
      record.step({ kind: "decided", at: 0, level, rule: `Rule-${id}`, trace: [] });
      if (outcome === "ok") record.finish({ outcome });
      if (outcome === "timeout") record.finish({ outcome, error: { code: "timeout", message: "slow" } });
      await clock.advance(10);
    }
  };
  const t0 = Date.UTC(2026, 0, 1);
  const cases: [InvocationFilter, string[]][] = [
    [{}, ["4", "3", "2", "1"]],
    [{ server: "lab" }, ["2", "1"]],
    [{ server: "lab", tool: "echo" }, ["1"]],
    [{ client: "console" }, ["4", "3", "1"]],
    [{ outcomes: ["ok", "timeout"] }, ["3", "2", "1"]],
    [{ outcomes: [] }, []],
    [{ level: "ALWAYS" }, ["3"]],
    [{ from: t0 + 10, to: t0 + 20 }, ["3", "2"]],
    [{ text: "ECHO" }, ["4", "1"]],
    [{ text: "100%" }, ["4"]],
    [{ text: "rule-2" }, ["2"]],
    [{ text: "timeout" }, ["2"]],
    [{ text: "" }, ["4", "3", "2", "1"]],
  ];

  it.each(cases)("under %j is %j", async (filter, ids) => {
    const log = openLog();
    await seed(log);
    const page = await log.list(filter, null, 10);
    expect(page.rows.map((row) => row.id)).toEqual(ids);
    expect(page.next).toBeNull();
  });

  it("comes in pages that join to the whole, newest first, whatever the times and the limit", async () => {
    const times = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(times, fc.integer({ min: 1, max: 8 }), async (delays, limit) => {
        clock = new FakeClock();
        const log = openLog();
        const expected: { startedAt: number; id: string }[] = [];
        for (const [n, delay] of delays.entries()) {
          const id = `${(n * 7) % 31}-${n}`;
          expected.push({ startedAt: clock.wallNow(), id });
          log.begin(start(id));
          clock.jumpWall(delay - 2);
        }
        expected.sort((a, b) => b.startedAt - a.startedAt || (a.id < b.id ? 1 : -1));
        const seen: string[] = [];
        let cursor: string | null = null;
        do {
          const page = await log.list({}, cursor, limit);
          expect(page.rows.length).toBeLessThanOrEqual(limit);
          seen.push(...page.rows.map((row) => row.id));
          cursor = page.next;
        } while (cursor !== null);
        expect(seen).toEqual(expected.map((row) => row.id));
      }),
      { numRuns: 60 },
    );
  });

  it.each(["", "garbage", Buffer.from("[1]").toString("base64url")])(
    "refuses a cursor that is none: %j",
    async (cursor) => {
      await expect(openLog().list({}, cursor, 10)).rejects.toMatchObject({ code: "bad_request" });
    },
  );
});
