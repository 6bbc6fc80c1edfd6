/** Clients that nobody here wrote, through the gateway to servers that nobody here wrote: over HTTP, and through `switchgear bridge`. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { otherClients } from "./clients.ts";
import { Fleet, type Way } from "./fleet.ts";
import { taskClient } from "./task-client.ts";

const kinds = ["http", "bridge"] as const;
const testMs = 300_000;
/** The SDK's client of 1.32, as one that makes its calls as tasks. */
const taskTaker = "sdk-1.32-tasks";

let fleet: Fleet;
const ways = new Map<string, Record<Way["kind"], Way>>();

beforeAll(async () => {
  fleet = await Fleet.open();
  for (const name of [...Object.keys(otherClients), taskTaker]) ways.set(name, await fleet.ways(name));
}, testMs);
afterAll(() => fleet[Symbol.asyncDispose](), 30_000);

describe.each(Object.keys(otherClients))("%s", (name) => {
  describe.each(kinds)("over %s", { timeout: testMs }, (kind) => {
    const open = () => otherClients[name]!(ways.get(name)![kind]);

    it("lists the tools of every server, and calls one of each", async () => {
      await using client = await open();
      const expected = [
        "everything__echo",
        "files__read_text_file",
        "memory__read_graph",
        "thinking__sequentialthinking",
      ];
      await vi.waitFor(async () => expect(await client.list()).toEqual(expect.arrayContaining(expected)), {
        timeout: testMs / 2,
      });

      const entity = {
        name: `${name} over ${kind}`,
        entityType: "client",
        observations: ["It calls through Switchgear."],
      };
      const thought = { thought: "Is it through?", nextThoughtNeeded: false, thoughtNumber: 1, totalThoughts: 1 };
      const [echo, note, made, thinking] = await Promise.all([
        client.call("everything__echo", { message: "hello" }),
        client.call("files__read_text_file", { path: join(fleet.files, "note.txt") }),
        client.call("memory__create_entities", { entities: [entity] }),
        client.call("thinking__sequentialthinking", thought),
      ]);
      expect(echo.text).toContain("Echo: hello");
      expect(note.text).toContain("Written before anybody asked.");
      expect(made.text).toContain(entity.name);
      expect(JSON.parse(thinking.text)).toMatchObject({ thoughtNumber: 1, nextThoughtNeeded: false });
      expect([echo, note, made, thinking].map(({ isError }) => isError)).toEqual([false, false, false, false]);
      expect((await client.call("memory__read_graph", {})).text).toContain(entity.name);
    });

    it("waits for a person, and is answered once they approve", async () => {
      await using client = await open();
      const file = `${name}-${kind}.txt`;
      const call = client.call("files__write_file", { path: join(fleet.files, file), content: "Approved." });
      const ticket = await fleet.approve(name);
      expect(ticket).toMatchObject({ server: "files", tool: "write_file", client: name });
      expect(await call).toMatchObject({ isError: false });
      expect(fleet.read(file)).toBe("Approved.");
    });

    it("reads why the policy refuses a call", async () => {
      await using client = await open();
      const refused = await client.call("everything__get-env", {});
      expect(refused.isError).toBe(true);
      expect(refused.text).toContain("The policy refuses everything.get-env");
    });
  });

  it("is in the log by its own name, with each call once", async () => {
    const calls = (await fleet.calls(name)).map(({ server, tool, outcome }) => `${server}.${tool} ${outcome}`);
    const once = [
      "everything.echo ok",
      "everything.get-env refused",
      "files.read_text_file ok",
      "files.write_file ok",
      "memory.create_entities ok",
      "memory.read_graph ok",
      "thinking.sequentialthinking ok",
    ];
    expect(calls.toSorted()).toEqual([...once, ...once].toSorted());
  });
});

describe("sdk-1.32 with tasks", () => {
  describe.each(kinds)("over %s", { timeout: testMs }, (kind) => {
    const open = () => taskClient(ways.get(taskTaker)![kind]);

    it("has a tool of the official server that takes nothing but tasks, and is asked by the way", async () => {
      await using client = await open();
      await vi.waitFor(async () => expect(await client.list()).toContain("everything__simulate-research-query"), {
        timeout: testMs / 2,
      });
      const args = { topic: "python", ambiguous: true };
      const { text, statuses } = await client.callAsTask("everything__simulate-research-query", args);
      expect(text).toContain("# Research Report: python (snake)");
      expect(statuses).toEqual(expect.arrayContaining(["working", "input_required"]));
    });

    it("polls while a person is asked, and has the answer once they approve", async () => {
      await using client = await open();
      await vi.waitFor(async () => expect(await client.list()).toContain("files__write_file"), { timeout: testMs / 2 });
      const file = `${taskTaker}-${kind}.txt`;
      const call = client.callAsTask("files__write_file", { path: join(fleet.files, file), content: "Approved." });
      await fleet.approve(taskTaker);
      expect(await call).toMatchObject({ isError: false });
      expect(fleet.read(file)).toBe("Approved.");
    });
  });
});
