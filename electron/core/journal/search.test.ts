import { mkdtempSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import type { InvocationFilter, TimelineStep } from "../../../shared/invocation.ts";
import { CoreEvents } from "../events.ts";
import { FakeClock } from "../fake-clock.ts";
import { silentLogger } from "../logger.ts";
import { openDatabase } from "./database.ts";
import { InvocationLog, type InvocationLogDeps } from "./invocation-log.ts";
import type { InvocationEnd } from "./invocation-recorder.ts";
import { migrate } from "./migrate.ts";
import { migrations } from "./migrations.ts";
import { Retention } from "./retention.ts";
import { SqlDatabase } from "./sql-database.ts";

let clock: FakeClock;
let database: SqlDatabase;
let log: InvocationLog;

const openLog = (overrides: Partial<InvocationLogDeps> = {}) =>
  new InvocationLog({
    ...{ database, clock, events: new CoreEvents(silentLogger), redact: (value) => value, owner: "me" },
    ...{ isOwnerAlive: () => true, ...overrides },
  });
const begin = (id: string, args: Record<string, unknown> = {}, names = {}) =>
  log.begin({ id, server: "lab", tool: "echo", client: "console", environment: "production", args, ...names });
const answer = (text: string): InvocationEnd => ({ outcome: "ok", result: { content: [{ type: "text", text }] } });
const found = async (text: string, rest: InvocationFilter = {}) =>
  (await log.list({ text, ...rest }, null, 500)).rows.map(({ id }) => id);

beforeEach(() => {
  clock = new FakeClock();
  database = openDatabase(":memory:", clock).database;
  log = openLog();
});

describe("searching the log", () => {
  it("finds a call by its names, its arguments, its answer, its error and what people said", async () => {
    begin("names", {}, { server: "git-hub", tool: "getUser", client: "desktop" }).finish({ outcome: "ok" });
    begin("args", { filter: { owner: "ana" }, amount: 1250 }).finish({ outcome: "ok" });
    begin("answer").finish(answer("Light rain over Bergen"));
    begin("structured").finish({ outcome: "ok", result: { content: [], structuredContent: { humidity: 82 } } });
    begin("error").finish({ outcome: "timeout", error: { code: "timeout", message: "No word from the mainframe" } });
    const verdict: TimelineStep = {
      ...{ kind: "verdict", at: 1, ticketId: "t", state: "denied", by: "olga", reason: "Too close to the weekend" },
      ...{ waitedMs: 5 },
    };
    const denied = begin("verdict");
    denied.step(verdict);
    denied.finish({ outcome: "denied" });

    expect(await found("git-hub")).toEqual(["names"]);
    expect(await found("owner ana")).toEqual(["args"]);
    expect(await found("1250")).toEqual(["args"]);
    expect(await found("bergen rain")).toEqual(["answer"]);
    expect(await found("humidity 82")).toEqual(["structured"]);
    expect(await found("mainframe")).toEqual(["error"]);
    expect(await found("weekend olga")).toEqual(["verdict"]);
    expect(await found("nowhere")).toEqual([]);
  });

  it("takes words from their beginning, all of them, and a quoted phrase as it is", async () => {
    begin("a", { path: "/srv/reports/q3.csv" }).finish(answer("delete_repo was refused"));
    begin("b", { path: "/srv/reports/q4.csv" }).finish(answer("repo delete"));
    expect(await found("repor")).toEqual(["b", "a"]);
    expect(await found("q3 refu")).toEqual(["a"]);
    expect(await found("/srv/reports/q4")).toEqual(["b"]);
    expect(await found('"delete repo"')).toEqual(["a"]);
    expect(await found('"repo del"')).toEqual([]);
  });

  it("finds words within camelCase, in any case and accent, and in scripts without spaces", async () => {
    begin("camel", {}, { tool: "listPullRequests" }).finish({ outcome: "ok" });
    begin("accent").finish(answer("Crème brûlée"));
    begin("japanese").finish(answer("請求書を検索しました"));
    expect(await found("pull")).toEqual(["camel"]);
    expect(await found("listpullrequests")).toEqual(["camel"]);
    expect(await found("listPullRequests")).toEqual(["camel"]);
    expect(await found("creme BRULEE")).toEqual(["accent"]);
    expect(await found("検索")).toEqual(["japanese"]);
    expect(await found("索検")).toEqual([]);
  });

  it.each(['"', "* OR", "names : lab", "NEAR(a b)", "-", "a AND NOT b", "(", "'; DROP TABLE invocations", "\u0000"])(
    "takes %j as words, not as a language",
    async (text) => {
      begin("a").finish({ outcome: "ok" });
      await expect(found(text)).resolves.toEqual(expect.any(Array));
    },
  );

  it("joins the words with every other filter", async () => {
    for (const [id, server] of [
      ["1", "lab"],
      ["2", "files"],
      ["3", "lab"],
    ] as const) {
      begin(id, { note: "common" }, { server }).finish({ outcome: id === "3" ? "timeout" : "ok" });
      await clock.advance(1_000);
    }
    const at = (seconds: number) => Date.UTC(2026, 0, 1) + seconds * 1_000;
    expect(await found("common")).toEqual(["3", "2", "1"]);
    expect(await found("common", { server: "lab" })).toEqual(["3", "1"]);
    expect(await found("common", { server: "lab", tool: "echo", client: "console" })).toEqual(["3", "1"]);
    expect(await found("common", { outcomes: ["timeout"] })).toEqual(["3"]);
    expect(await found("common", { from: at(1) })).toEqual(["3", "2"]);
    expect(await found("common", { to: at(1) })).toEqual(["2", "1"]);
    expect(await found("common", { from: at(9) })).toEqual([]);
  });

  it("comes in pages that join to the whole", async () => {
    for (let n = 0; n < 25; n += 1) begin(`${n}`, { even: n % 2 === 0 ? "yes" : "no" }).finish({ outcome: "ok" });
    const ids: string[] = [];
    for (let cursor: string | null = null; ;) {
      const page = await log.list({ text: "yes" }, cursor, 4);
      ids.push(...page.rows.map(({ id }) => id));
      if (!(cursor = page.next)) break;
    }
    expect(ids).toEqual(Array.from({ length: 13 }, (_, index) => `${24 - index * 2}`));
  });

  it("knows a call while it runs, and the rest of its words once it is done", async () => {
    const call = begin("long", { city: "Bergen" });
    await log.flush();
    expect(await found("bergen")).toEqual(["long"]);
    call.step({ kind: "log", at: 1, level: "info", logger: null, text: "halfway" });
    await log.flush();
    call.finish(answer("drizzle"));
    expect(await found("bergen halfway drizzle")).toEqual(["long"]);
  });

  it("holds no secret, and no payload that is not to be kept", async () => {
    const masked = JSON.stringify;
    log = openLog({
      redact: (value) => JSON.parse(masked(value).replaceAll("hunter22", "•••")) as unknown,
      keepsPayloads: () => false,
    });
    begin("a", { password: "hunter22", city: "Oslo" }).finish({ outcome: "ok" });
    expect(await found("oslo")).toEqual([]);
    log = openLog({ redact: (value) => JSON.parse(masked(value).replaceAll("hunter22", "•••")) as unknown });
    begin("b", { password: "hunter22", city: "Oslo" }).finish(answer("hunter22 is wrong"));
    expect(await found("oslo wrong")).toEqual(["b"]);
    expect(await found("hunter22")).toEqual([]);
  });

  it("does not take in what is only encoded, nor more of a long text than it can afford", async () => {
    const image = { type: "image" as const, mimeType: "image/png", data: "QUJD".repeat(2_000) };
    begin("a").finish({ outcome: "ok", result: { content: [image, { type: "text", text: "a picture" }] } });
    begin("b", { text: `${"filler ".repeat(3_000)} beyond` }).finish({ outcome: "ok" });
    expect(await found("picture")).toEqual(["a"]);
    expect(await found("QUJDQUJD")).toEqual([]);
    expect(await found("filler")).toEqual(["b"]);
    expect(await found("beyond")).toEqual([]);
  });
});

describe("the index of the log", () => {
  it("loses the calls that are dropped, and gives their room back", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "switchgear-search-")), "journal.sqlite");
    database = openDatabase(file, clock).database;
    log = openLog();
    for (let n = 0; n < 400; n += 1) {
      const words = Array.from({ length: 200 }, (_, index) => `w${(n * 131 + index * 17) % 20_000}`).join(" ");
      begin(`old-${n}`, { words, note: "ancient" }).finish({ outcome: "ok" });
    }
    await log.flush();
    const size = () => {
      database.all("PRAGMA wal_checkpoint(TRUNCATE)");
      return statSync(file).size;
    };
    const before = size();
    await clock.advance(2 * 86_400_000);
    begin("young", { note: "ancient" }).finish({ outcome: "ok" });
    await log.flush();
    const limits = { days: 1, megabytes: 100 };
    const retention = new Retention({ database, clock, logger: { warn: () => {} }, limits: () => limits });
    const state = { done: false };
    const running = retention.run().finally(() => (state.done = true));
    while (!state.done) await clock.advance(20);
    await running;
    expect(await found("ancient")).toEqual(["young"]);
    expect(database.all("SELECT count(*) AS n FROM call_texts_docsize")).toEqual([{ n: 1 }]);
    expect(size()).toBeLessThan(before / 4);
    await retention.close();
    database.close();
  });

  it("is made of the calls that an older journal holds", async () => {
    database = new SqlDatabase(":memory:");
    migrate(database, migrations.slice(0, 7));
    const steps = [
      { kind: "received", at: 1, args: { city: "Bergen", days: 3 }, argsBytes: 10 },
      { kind: "result", at: 2, outcome: "ok", result: answer("Light rain").result, truncated: false, error: null },
    ];
    database.write(() => {
      database.run(
        `INSERT INTO invocations (id, server, tool, client, environment, phase, outcome, started_at, duration_ms, waited_ms, attempts, owner)
         VALUES ('old', 'weather', 'forecast', 'console', 'production', 'done', 'ok', 1, 1, 0, 1, 'me')`,
      );
      database.run("INSERT INTO timelines (invocation, steps) VALUES (1, ?)", JSON.stringify(steps));
    });
    migrate(database);
    log = openLog();
    expect(await found("weather bergen rain")).toEqual(["old"]);
    expect(await found("received")).toEqual([]);
  });
});
