/** What servers log for a call reaches the client whose call it is, from the level on that it wants. */
import { join } from "node:path";
import { LOG_LEVEL_META_KEY } from "@modelcontextprotocol/client";
import { LoggingMessageNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import { describe, expect, it, vi } from "vitest";
import type { LogLevel } from "../../../shared/log-level.ts";
import { startHttpProgram } from "../fixtures/start-http-program.ts";
import { GatewayFixture } from "./fixtures/gateway-fixture.ts";
import { twoOffering } from "./fixtures/offering-files.ts";
import { originKey } from "./origin.ts";

const lines = ["newer", "older"] as const;
const protocols = ["legacy", "modern"] as const;
type Line = (typeof lines)[number];

const lab = (protocol: string) =>
  `id: lab\ntransport: http\nurl: \${fault-lab}/mcp\nprotocol: ${protocol}\ntrusted: true\ntimeout: 30000\nkeep_alive: 0\n`;
const allowed = { "policies/mcp_permissions.yaml": "default_permission: ALWAYS\n" };

type Said = { level: string; data: unknown; logger?: string; _meta?: unknown };

/** A client that wants log messages from a level on, and what it heard. */
async function listener(fixture: GatewayFixture, line: Line, level: LogLevel | undefined, token = fixture.token) {
  const heard: Said[] = [];
  const hear = ({ params }: { params: unknown }) => void heard.push(params as Said);
  if (line === "newer") {
    const client = await fixture.newer({}, token);
    client.setNotificationHandler("notifications/message", hear);
    const _meta = level && { [LOG_LEVEL_META_KEY]: level };
    const call = (name: string, args: Record<string, unknown>) => client.callTool({ name, arguments: args, _meta });
    const get = (name: string) => client.getPrompt({ name, _meta });
    return { heard, call, get, read: (uri: string) => client.readResource({ uri, _meta }) };
  }
  const client = await fixture.older(token);
  client.setNotificationHandler(LoggingMessageNotificationSchema, hear);
  if (level) await client.setLoggingLevel(level);
  const call = (name: string, args: Record<string, unknown>) => client.callTool({ name, arguments: args });
  const get = (name: string) => client.getPrompt({ name });
  return { heard, call, get, read: (uri: string) => client.readResource({ uri }) };
}

const levelsOf = (heard: readonly Said[]) => heard.map(({ level }) => level);
const all = { levels: ["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"] };

describe.each(lines)("a client of the %s line", (line) => {
  it.each(protocols)(
    "hears what a server logs for its call as it came, from its level on (%s server)",
    async (protocol) => {
      await using fixture = await GatewayFixture.open(twoOffering(protocol));
      const { heard, call } = await listener(fixture, line, "error");
      const data = { deep: [1, null, "\u0000"] };
      await call("notes__say", { ...all, data });
      expect(levelsOf(heard)).toEqual(["error", "critical", "alert", "emergency"]);
      expect(heard[0]).toEqual({
        level: "error",
        logger: "offering",
        data,
        _meta: { [originKey]: { server: "notes" } },
      });
    },
  );

  it.each(protocols)(
    "hears of everything where it wants that, as its server is asked to (%s server)",
    async (protocol) => {
      await using fixture = await GatewayFixture.open(twoOffering(protocol));
      const { heard, call } = await listener(fixture, line, "debug");
      await call("notes__say", all);
      expect(levelsOf(heard)).toEqual(all.levels);
      if (protocol === "modern") return;
      const { content } = await call("notes__level", {});
      expect(content).toMatchObject([{ text: "debug" }]);
    },
  );

  it("hears what is logged while it reads a resource", async () => {
    await using fixture = await GatewayFixture.open(twoOffering("modern"));
    const { heard, read } = await listener(fixture, line, "warning");
    await read("switchgear://notes/note://plain");
    expect(heard).toMatchObject([{ level: "warning", data: "reading" }]);
  });

  it.each(["older", "newer"])(
    "hears what an HTTP server logs while it reads or gets something, and nothing of another's (%s server)",
    async (revision) => {
      await using server = await startHttpProgram(join(import.meta.dirname, "fixtures/logging-server.mjs"), revision);
      const notes = `id: notes\ntransport: http\nurl: ${server.url}\nkeep_alive: 0\n`;
      await using fixture = await GatewayFixture.open({ "servers/notes.yaml": notes, ...allowed });
      const another = fixture.core.core.access.create("gateway", "zed", "console").token;
      const [mine, others] = [await listener(fixture, line, "debug"), await listener(fixture, line, "debug", another)];
      const thrice = (what: string) => [1, 2, 3].map((n) => `${what} ${n}`);
      await Promise.all([mine.read("switchgear://notes/note://one"), others.read("switchgear://notes/note://two")]);
      expect(mine.heard.map(({ data }) => data)).toEqual(thrice("note://one"));
      expect(others.heard.map(({ data }) => data)).toEqual(thrice("note://two"));
      await Promise.all([mine.get("notes__one"), others.get("notes__two")]);
      expect(mine.heard.slice(3).map(({ data }) => data)).toEqual(thrice("one"));
      expect(others.heard.slice(3).map(({ data }) => data)).toEqual(thrice("two"));
    },
  );

  it.each(protocols)("hears nothing of a call of another's that runs beside its own (%s server)", async (protocol) => {
    await using fixture = await GatewayFixture.open({ "servers/lab.yaml": lab(protocol), ...allowed });
    const another = fixture.core.core.access.create("gateway", "zed", "console").token;
    const [mine, others] = [await listener(fixture, line, "debug"), await listener(fixture, line, "debug", another)];
    const silent = await listener(fixture, line, "debug");
    await Promise.all([
      mine.call("lab__progress", { steps: 3, intervalMs: 30 }),
      others.call("lab__progress", { steps: 5, intervalMs: 20 }),
    ]);
    expect(mine.heard.map(({ data }) => data)).toEqual([1, 2, 3].map((step) => `Step ${step} of 3`));
    expect(others.heard.map(({ data }) => data)).toEqual([1, 2, 3, 4, 5].map((step) => `Step ${step} of 5`));
    expect(silent.heard).toEqual([]);
  });
});

describe("a log message of which nothing says whose it is", () => {
  it("reaches nobody", async () => {
    await using fixture = await GatewayFixture.open(twoOffering("legacy", "default_permission: ALWAYS\n"));
    const another = fixture.core.core.access.create("gateway", "zed", "console").token;
    const [mine, others] = [
      await listener(fixture, "older", "debug"),
      await listener(fixture, "older", "debug", another),
    ];
    await Promise.all([mine.call("notes__say", all), others.call("notes__say", all)]);
    await mine.call("notes__say", { levels: ["alert"], data: "the last" });
    await vi.waitFor(() => expect(mine.heard.at(-1)).toMatchObject({ data: "the last" }));
    for (const { heard } of [mine, others]) expect(heard.length).toBeLessThanOrEqual(all.levels.length + 1);
    expect(others.heard.filter(({ data }) => data === "the last")).toEqual([]);
  });
});

describe("a client that names no level", () => {
  it("hears what is no less than info, where it is an older one", async () => {
    await using fixture = await GatewayFixture.open(twoOffering("legacy"));
    const { heard, call } = await listener(fixture, "older", undefined);
    await call("notes__say", all);
    expect(levelsOf(heard)).toEqual(all.levels.slice(1));
  });

  it("hears nothing, where it is a newer one", async () => {
    await using fixture = await GatewayFixture.open(twoOffering("modern"));
    const { heard, call } = await listener(fixture, "newer", undefined);
    await call("notes__say", all);
    expect(heard).toEqual([]);
  });

  it("is refused a level that there is none of", async () => {
    await using fixture = await GatewayFixture.open(twoOffering("legacy"));
    const client = await fixture.older();
    await expect(client.setLoggingLevel("loud" as never)).rejects.toMatchObject({ code: -32_602 });
  });
});
