/** What servers ask in the middle of calls, and who is asked. */
import type { Client as OlderClient } from "@modelcontextprotocol/sdk/client/index.js";
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { Client } from "@modelcontextprotocol/client";
import { describe, expect, it, vi } from "vitest";
import type { TimelineStep } from "../../../shared/invocation.ts";
import { startEverything } from "../transports/fixtures/spawn-server.ts";
import { GatewayFixture } from "./fixtures/gateway-fixture.ts";

const lab = (id: string, protocol: string) =>
  `id: ${id}\ntransport: http\nurl: \${fault-lab}/mcp\nprotocol: ${protocol}\ntrusted: true\ntimeout: 30000\nkeep_alive: 0\n`;
const asking = (more = "") =>
  `id: asking\ntransport: stdio\nprotocol: legacy\ncommand: \${node}\nargs: ["\${app}/electron/core/gateway/fixtures/asking-server.mjs"]\ntimeout: 30000\n${more}`;
const everything = `id: everything\ntransport: stdio\ntrusted: true\ncommand: \${node}\nargs: ["\${app}/node_modules/@modelcontextprotocol/server-everything/dist/index.js", stdio]\n`;
const files = {
  "servers/modern.yaml": lab("modern", "modern"),
  "servers/legacy.yaml": lab("legacy", "legacy"),
  "servers/asking.yaml": asking(),
  "policies/mcp_permissions.yaml": "default_permission: ALWAYS\n",
};

const form = { message: "Who?", requestedSchema: { type: "object", properties: { name: { type: "string" } } } };
const accepted = { action: "accept", content: { name: "Ada", colour: "blue" } } as const;
const textOf = (result: unknown) => (result as { content: { text: string }[] }).content[0]!.text;
const saidOf = (result: unknown) => JSON.parse(textOf(result)) as Record<string, unknown>;
const elicitation = { capabilities: { elicitation: { form: {}, url: {} } } };

type Asked = { message: string; mode?: string };
type Answer = { action: "accept" | "decline" | "cancel"; content?: Record<string, string> };
/** A client of either line, with a person at it. */
async function person(
  fixture: GatewayFixture,
  line: "newer" | "older",
  answer: (asked: Asked) => Answer | Promise<Answer>,
  token = fixture.token,
): Promise<{ client: Client | OlderClient; asked: Asked[] }> {
  const asked: Asked[] = [];
  const hear = (params: unknown) => {
    asked.push(params as Asked);
    return answer(params as Asked);
  };
  const client = line === "newer" ? await fixture.newer(elicitation, token) : await fixture.older(token, elicitation);
  if (client instanceof Client) client.setRequestHandler("elicitation/create", ({ params }) => hear(params) as never);
  else client.setRequestHandler(ElicitRequestSchema, ({ params }) => hear(params) as never);
  return { client, asked };
}

const other = (fixture: GatewayFixture) => fixture.core.core.access.create("gateway", "zed", "console").token;

/** What the latest call's timeline has of its server's questions. */
async function exchanges(fixture: GatewayFixture) {
  const { journal } = fixture.core.core;
  const { rows } = await journal.list({}, null, 1);
  const { timeline } = await journal.get(rows[0]!.id);
  return timeline.filter((step): step is Extract<TimelineStep, { kind: "input" }> => step.kind === "input");
}

describe.each(["newer", "older"] as const)("a client of the %s line", (line) => {
  it.each(["modern", "legacy"])("is asked what a server of the %s line wants to know, over HTTP", async (server) => {
    await using fixture = await GatewayFixture.open(files);
    const { client, asked } = await person(fixture, line, () => accepted);
    const result = await client.callTool({ name: `${server}__ask`, arguments: { question: "Who?" } });
    expect(textOf(result)).toBe("Hello Ada, blue suits you.");
    expect(asked).toMatchObject([{ message: `${server}: Who?`, requestedSchema: { required: ["name", "colour"] } }]);
    expect(await exchanges(fixture)).toMatchObject([
      { method: "elicitation/create", outcome: "answered", by: "cursor", asked: { message: "Who?" }, answer: accepted },
    ]);
  });

  it("is asked what a server over stdio wants to know, and may decline", async () => {
    await using fixture = await GatewayFixture.open(files);
    const { client, asked } = await person(fixture, line, () => ({ action: "decline" }));
    const args = { method: "elicitation/create", params: form };
    expect(saidOf(await client.callTool({ name: "asking__ask", arguments: args }))).toEqual({ action: "decline" });
    expect(asked).toMatchObject([{ message: "asking: Who?" }]);
    expect(await exchanges(fixture)).toMatchObject([{ outcome: "declined", by: "cursor" }]);
  });

  it("is shown an address to open, with the whole of it", async () => {
    await using fixture = await GatewayFixture.open(files);
    const { client, asked } = await person(fixture, line, () => ({ action: "accept" }));
    const url = "https://example.test/sign?in=1";
    const params = { mode: "url", message: "Sign in", url, elicitationId: "e-1" };
    const said = saidOf(
      await client.callTool({ name: "asking__ask", arguments: { method: "elicitation/create", params } }),
    );
    expect(said).toEqual({ action: "accept" });
    expect(asked).toMatchObject([{ mode: "url", url, message: "asking: Sign in" }]);
  });

  it("that cannot be asked: its server hears so, and its call goes on", async () => {
    await using fixture = await GatewayFixture.open(files);
    const client = await fixture[line]();
    const args = { method: "elicitation/create", params: form };
    const said = saidOf(await client.callTool({ name: "asking__ask", arguments: args }));
    expect(said).toMatchObject({ error: { code: -32_601, message: expect.stringContaining("elicitation by a form") } });
    expect(await exchanges(fixture)).toMatchObject([{ outcome: "refused", by: "switchgear", answer: null }]);
  });

  it("has a question taken back by its server, whether it was told of it already or not", async () => {
    await using fixture = await GatewayFixture.open(files);
    // A newer client comes back with its answer, and then hears how the call has ended.
    const { client } = await person(fixture, line, () => accepted);
    const args = { method: "elicitation/create", params: form, takeBack: true };
    expect(textOf(await client.callTool({ name: "asking__ask", arguments: args }))).toContain("taken back");
    await vi.waitFor(async () => expect(await exchanges(fixture)).toMatchObject([{ outcome: "withdrawn" }]));
  });

  it.each(["modern", "legacy"])(
    "is asked on its own call alone, while another asks the same %s server",
    async (server) => {
      await using fixture = await GatewayFixture.open(files);
      let release!: () => void;
      const both = new Promise<void>((resolve) => (release = resolve));
      let count = 0;
      const answerAs = (name: string) => async (): Promise<Answer> => {
        if (++count === 2) release();
        await both;
        return { action: "accept", content: { name, colour: "red" } };
      };
      const ada = await person(fixture, line, answerAs("Ada"));
      const bob = await person(fixture, line, answerAs("Bob"), other(fixture));
      const ask = ({ client }: typeof ada, question: string) =>
        client.callTool({ name: `${server}__ask`, arguments: { question } });
      const [first, second] = await Promise.all([ask(ada, "Ada?"), ask(bob, "Bob?")]);
      expect([textOf(first), textOf(second)]).toEqual(["Hello Ada, red suits you.", "Hello Bob, red suits you."]);
      expect(ada.asked).toMatchObject([{ message: `${server}: Ada?` }]);
      expect(bob.asked).toMatchObject([{ message: `${server}: Bob?` }]);
    },
  );

  it("is not asked over stdio while calls of several run, as nothing says whose the question is", async () => {
    await using fixture = await GatewayFixture.open(files);
    const { client, asked } = await person(fixture, line, () => accepted);
    const hushed = await person(fixture, line, () => accepted, other(fixture));
    const over = new AbortController();
    const hush = { name: "asking__hush" };
    const options = { signal: over.signal };
    const hanging =
      hushed.client instanceof Client
        ? hushed.client.callTool(hush, options)
        : hushed.client.callTool(hush, undefined, options);
    const { journal } = fixture.core.core;
    await vi.waitFor(async () => expect((await journal.list({}, null, 1)).rows[0]?.phase).toBe("running"));
    const ask = () =>
      client.callTool({ name: "asking__ask", arguments: { method: "elicitation/create", params: form } });
    expect(saidOf(await ask())).toMatchObject({
      error: { code: -32_600, message: expect.stringContaining("Several calls") },
    });
    // What was given up may still be at work, and ask.
    over.abort();
    await expect(hanging).rejects.toThrow();
    await vi.waitFor(async () => {
      const { rows } = await journal.list({ tool: "hush" }, null, 1);
      expect(rows[0]).toMatchObject({ outcome: "cancelled" });
    });
    expect(saidOf(await ask())).toMatchObject({ error: { code: -32_600 } });
    expect([...asked, ...hushed.asked]).toEqual([]);
  });
});

const prompt = { messages: [{ role: "user", content: { type: "text", text: "2 + 2?" } }], maxTokens: 10 };
const four = { role: "assistant", content: { type: "text", text: "4" }, model: "m" } as const;
const roots = [{ uri: "file:///work", name: "work" }];

/** A client of either line that has a model and roots. */
async function equipped(fixture: GatewayFixture, line: "newer" | "older") {
  const options = { capabilities: { sampling: {}, roots: {} } };
  const asked: unknown[] = [];
  const complete = (params: unknown) => {
    asked.push(params);
    return four;
  };
  if (line === "newer") {
    const client = await fixture.newer(options);
    client.setRequestHandler("sampling/createMessage", ({ params }) => complete(params) as never);
    client.setRequestHandler("roots/list", () => ({ roots }));
    return { client, asked };
  }
  const client = await fixture.older(fixture.token, options);
  client.setRequestHandler(CreateMessageRequestSchema, ({ params }) => complete(params) as never);
  client.setRequestHandler(ListRootsRequestSchema, () => ({ roots }));
  return { client, asked };
}

describe.each(["newer", "older"] as const)("the model and the roots of a client of the %s line", (line) => {
  const sample = { name: "asking__ask", arguments: { method: "sampling/createMessage", params: prompt } };
  const list = { name: "asking__ask", arguments: { method: "roots/list" } };

  it("answer a server that may ask, on its own call", async () => {
    await using fixture = await GatewayFixture.open({ ...files, "servers/asking.yaml": asking("sampling: allow\n") });
    const { client, asked } = await equipped(fixture, line);
    expect(saidOf(await client.callTool(sample))).toMatchObject(four);
    expect(asked).toMatchObject([prompt]);
    expect(await exchanges(fixture)).toMatchObject([
      { method: "sampling/createMessage", outcome: "answered", by: "cursor", asked: prompt, answer: four },
    ]);
    expect(saidOf(await client.callTool(list))).toMatchObject({ roots });
  });

  it("are not for a server that is not trusted, unless its file says so", async () => {
    await using fixture = await GatewayFixture.open(files);
    const { client, asked } = await equipped(fixture, line);
    expect(saidOf(await client.callTool(sample))).toMatchObject({ error: { code: -32_601 } });
    expect(asked).toEqual([]);
  });

  it("are refused in words where the client has none, and the folders of the server's file stand in for roots", async () => {
    const more = "sampling: allow\nroots: [/srv/data]\n";
    await using fixture = await GatewayFixture.open({ ...files, "servers/asking.yaml": asking(more) });
    const client = await fixture[line]();
    expect(saidOf(await client.callTool(sample))).toMatchObject({
      error: { code: -32_601, message: expect.stringContaining("does not offer sampling") },
    });
    expect(saidOf(await client.callTool(list))).toEqual({ roots: [{ uri: "file:///srv/data", name: "data" }] });
    expect(await exchanges(fixture)).toMatchObject([{ method: "roots/list", outcome: "answered", by: "switchgear" }]);
  });
});

describe("the official everything server", () => {
  it.each(["newer", "older"] as const)("asks a client of the %s line through the gateway", async (line) => {
    await using fixture = await GatewayFixture.open({ ...files, "servers/everything.yaml": everything });
    const { client, asked } = await person(fixture, line, () => ({ action: "decline" }));
    const result = await client.callTool({ name: "everything__trigger-elicitation-request" });
    expect(textOf(result)).toContain("declined");
    expect(asked).toMatchObject([{ message: "everything: Please provide inputs for the following fields:" }]);
  });

  it.each(["newer", "older"] as const)("has the model of a client of the %s line answer", async (line) => {
    await using fixture = await GatewayFixture.open({ ...files, "servers/everything.yaml": everything });
    const { client, asked } = await equipped(fixture, line);
    const sample = { name: "everything__trigger-sampling-request", arguments: { prompt: "2 + 2?", maxTokens: 10 } };
    expect(textOf(await client.callTool(sample))).toContain('"text": "4"');
    expect(asked).toHaveLength(1);
  });

  it("asks over HTTP on the stream of the call", async () => {
    const running = await startEverything("streamableHttp");
    const http = `id: everything\ntransport: http\ntrusted: true\nurl: http://127.0.0.1:${running.port}/mcp\n`;
    try {
      await using fixture = await GatewayFixture.open({ ...files, "servers/everything.yaml": http });
      const both = [await person(fixture, "newer", () => ({ action: "decline" }))];
      both.push(await person(fixture, "older", () => ({ action: "decline" }), other(fixture)));
      const ask = { name: "everything__trigger-elicitation-request" };
      const answers = await Promise.all(both.map(({ client }) => client.callTool(ask)));
      expect(answers.map(textOf).every((text) => text.includes("declined"))).toBe(true);
      expect(both.map(({ asked }) => asked.length)).toEqual([1, 1]);
    } finally {
      await running.stop();
    }
  });
});
