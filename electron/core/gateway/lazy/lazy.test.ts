/** A client that is shown three tools in the place of all. */
import { describe, expect, it, vi } from "vitest";
import { errorKey } from "../error-answer.ts";
import { GatewayFixture } from "../fixtures/gateway-fixture.ts";

type Found = { tools: { name: string; server: string; description: string; score: number }[]; total: number };
type Answer = { content: { type: string; text: string }[]; structuredContent?: unknown; isError?: boolean };

const lazily = { sees: null, lazy: true };

async function open(line: "newer" | "older", view: { sees: string[] | null; lazy: boolean } = lazily) {
  const fixture = await GatewayFixture.open();
  await fixture.show(view);
  const client = await fixture[line]();
  const use = async (name: string, args: object) =>
    (await client.callTool({ name, arguments: args as Record<string, unknown> })) as Answer;
  const find = async (args: object) => (await use("find_tools", args)).structuredContent as Found;
  return { fixture, client, use, find };
}

describe.each(["newer", "older"] as const)("a client of the %s line that is shown tools lazily", (line) => {
  it("lists three tools, and is told how to use them", async () => {
    const { fixture, client } = await open(line);
    await using _closing = fixture;
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(["find_tools", "describe_tool", "call_tool"]);
    expect(tools.map(({ annotations }) => annotations?.readOnlyHint)).toEqual([true, true, false]);
    expect(client.getInstructions()).toContain("find_tools");
  });

  it("finds, reads and calls a tool, which the journal has under its own name", async () => {
    const { fixture, use, find } = await open(line);
    await using _closing = fixture;
    const { tools } = await find({ query: "echo a message", server: "lab_b", limit: 1 });
    expect(tools).toEqual([
      { name: "lab_b__echo", server: "lab_b", description: "Answers with the message it was given.", score: 1 },
    ]);
    const told = await use("describe_tool", { name: "lab_b__echo" });
    expect(told.structuredContent).toMatchObject({
      name: "lab_b__echo",
      inputSchema: { properties: { message: { type: "string" } } },
      annotations: { readOnlyHint: true },
    });
    expect(JSON.parse(told.content[0]!.text)).toEqual(told.structuredContent);
    expect(await use("call_tool", { name: "lab_b__echo", arguments: { message: "hello" } })).toMatchObject({
      content: [{ text: "hello" }],
    });
    const { rows } = await fixture.core.core.journal.list({}, null, 10);
    expect(rows).toMatchObject([{ server: "lab_b", tool: "echo", client: "cursor", outcome: "ok" }]);
  });

  it("gets structured content, refusals and errors as by a direct call", async () => {
    const { fixture, client, use } = await open(line);
    await using _closing = fixture;
    expect((await use("call_tool", { name: "lab__stats" })).structuredContent).toMatchObject({ calls: { stats: 1 } });
    const refused = await use("call_tool", { name: "lab__error", arguments: {} });
    expect(refused).toMatchObject({ isError: true, _meta: { [errorKey]: { code: "policy_denied" } } });
    const call = { name: "call_tool", arguments: { name: "lab_b__error", arguments: { code: -32_050 } } };
    await expect(client.callTool(call)).rejects.toMatchObject({ code: -32_050 });
    const misfit = await use("call_tool", { name: "lab_b__echo", arguments: { message: 7 } });
    expect(misfit).toMatchObject({ isError: true, _meta: { [errorKey]: { code: "invalid_arguments" } } });
  });

  it("waits for a person, hears of progress, and takes a call back", async () => {
    const { fixture, client, use } = await open(line);
    await using _closing = fixture;
    const call = use("call_tool", { name: "lab__wipe", arguments: { path: "/a" } });
    const ticket = await fixture.waiting();
    expect(ticket).toMatchObject({ server: "lab", tool: "wipe", args: { path: "/a" }, client: "cursor" });
    fixture.core.core.approvals.approve(ticket.id, "console");
    expect((await call).content[0]!.text).toContain("Wipe number 1.");

    const heard: unknown[] = [];
    const onprogress = (progress: unknown) => void heard.push(progress);
    const slowly = { name: "call_tool", arguments: { name: "lab__progress", arguments: { steps: 2, intervalMs: 20 } } };
    await (line === "newer"
      ? client.callTool(slowly, { onprogress } as never)
      : client.callTool(slowly, undefined, { onprogress }));
    expect(heard).toMatchObject([{ progress: 1 }, { progress: 2 }]);

    const abort = new AbortController();
    const taken = { name: "call_tool", arguments: { name: "lab__wipe", arguments: { path: "/b" } } };
    const ended = (
      line === "newer"
        ? client.callTool(taken, { signal: abort.signal } as never)
        : client.callTool(taken, undefined, { signal: abort.signal })
    ).catch((error: unknown) => error);
    const second = await fixture.waiting();
    abort.abort(new Error("enough"));
    await ended;
    await vi.waitFor(() => expect(fixture.core.core.approvals.get(second.id).state).toBe("cancelled"));
    expect(await fixture.core.arrived("wipe")).toBe(1);
  });

  it("finds and reads only what it may see, and of the rest it is told that there is no such tool", async () => {
    const { fixture, use, find } = await open(line, { sees: ["lab.echo"], lazy: true });
    await using _closing = fixture;
    expect((await find({ query: "echo wipe stats error" })).tools.map(({ name }) => name)).toEqual(["lab__echo"]);
    expect(await find({ query: "wipe" })).toEqual({ tools: [], total: 0, servers: ["lab"] });
    const told = await Promise.all(
      ["describe_tool", "call_tool"].flatMap((tool) =>
        ["lab__wipe", "lab__gone"].map(async (name) => (await use(tool, { name })).content[0]!.text.replace(name, "…")),
      ),
    );
    expect([...new Set(told)]).toEqual(['There is no tool "…". find_tools gives the names of those that there are.']);
    const { rows } = await fixture.core.core.journal.list({}, null, 10);
    expect(rows).toMatchObject([{ server: "lab", tool: "wipe", outcome: "refused", errorCode: "not_visible" }]);
  });

  it("reads what is wrong with the arguments of the three", async () => {
    const { fixture, use } = await open(line);
    await using _closing = fixture;
    for (const [tool, args, wrong] of [
      ["find_tools", {}, "query"],
      ["find_tools", { query: "x", limit: 1_000 }, "limit"],
      ["describe_tool", { name: 7 }, "name"],
      ["call_tool", { name: "lab__echo", arguments: "message" }, "arguments"],
    ] as const) {
      const answer = await use(tool, args);
      expect(answer.isError).toBe(true);
      expect(answer.content[0]!.text).toMatch(new RegExp(`${tool} do not fit: ${wrong}: .*"required"`));
    }
  });

  it("may call by its name a tool that it knows", async () => {
    const { fixture, use } = await open(line);
    await using _closing = fixture;
    expect(await use("lab__echo", { message: "hi" })).toMatchObject({ content: [{ text: "hi" }] });
  });
});

describe("lazy mode", () => {
  it("holds at the gateway's own address: that of one server shows all of that server's tools", async () => {
    await using fixture = await GatewayFixture.open();
    await fixture.show(lazily);
    const { tools } = await (await fixture.older(fixture.token, {}, "lab")).listTools();
    expect(tools.map(({ name }) => name)).toContain("echo");
  });

  it("follows servers that come and go", async () => {
    const { fixture, find } = await open("older");
    await using _closing = fixture;
    expect((await find({ query: "echo", limit: 50 })).tools.map(({ server }) => server)).toContain("lab_b");
    fixture.core.write(
      "servers/lab_b.yaml",
      "id: lab_b\ntransport: http\nurl: http://127.0.0.1:1/mcp\nenabled: false\n",
    );
    await vi.waitFor(
      async () => {
        const { tools } = await find({ query: "echo", limit: 50 });
        expect(tools.map(({ server }) => server)).not.toContain("lab_b");
      },
      { timeout: 10_000 },
    );
  });

  it("does not find a tool in quarantine, nor one that is blocked", async () => {
    const { fixture, use, find } = await open("older");
    await using _closing = fixture;
    const found = async () =>
      (await find({ query: "echo change description", limit: 50 })).tools.map(({ name }) => name);
    expect(await found()).toEqual(expect.arrayContaining(["lab_b__echo", "lab_b__change-description"]));
    await use("call_tool", { name: "lab_b__change-description" });
    await fixture.core.core.pins.block("lab_b", ["echo"], { by: "console", why: "a test" });
    await vi.waitFor(async () => expect(await found()).toContain("lab__echo"));
    await vi.waitFor(async () => {
      expect(await found()).not.toEqual(expect.arrayContaining(["lab_b__change-description"]));
    });
    expect(await found()).not.toContain("lab_b__echo");
  });

  it("begins and ends in a session that a client has", async () => {
    const { fixture, client } = await open("older", { sees: null, lazy: false });
    await using _closing = fixture;
    expect((await client.listTools()).tools.length).toBeGreaterThan(3);
    await fixture.show(lazily);
    expect((await client.listTools()).tools).toHaveLength(3);
  });
});
