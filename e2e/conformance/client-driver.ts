/**
 * What the suite starts as the client under test: a whole core with one server, and a person who signs in as often as it takes,
 * calls every tool, and reads all there is to read. It knows of a scenario no more than what the suite hands to every client.
 */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Core } from "../../electron/core/core.ts";
import type { CallerInput } from "../../electron/core/inputs/caller-inputs.ts";
import { Browser } from "../../electron/core/oauth/fixtures/browser.ts";
import { promptCall, readCall } from "../../electron/core/offers/offer-calls.ts";
import { openCore } from "../../bench/open-core.ts";
import { argumentsFor } from "./arguments-for.ts";

type Context = {
  client_id?: string;
  client_secret?: string;
  issuer?: string;
  toolCalls?: { name: string; arguments: Record<string, unknown> }[];
};

const server = "suite";
/** The client metadata document that the suite expects of a client that has one. */
const clientMetadata = "https://conformance-test.local/client-metadata.json";
/** A person gives up on a server that asks again and again. */
const patience = 3;

const { MCP_CONFORMANCE_SCENARIO: scenario, MCP_CONFORMANCE_PROTOCOL_VERSION: revision } = process.env;
const context = JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? "{}") as Context;
const url = process.argv.at(-1)!;

function serverFile(): string {
  const auth = {
    type: "oauth",
    ...(context.client_id && { client_id: context.client_id, issuer: context.issuer }),
    ...(context.client_secret && { client_secret: "env://CLIENT_SECRET" }),
    ...(scenario === "auth/basic-cimd" && { client_metadata_url: clientMetadata }),
  };
  const protocol = revision === "2026-07-28" ? "modern" : "legacy";
  return JSON.stringify({ id: server, transport: "http", url, protocol, keep_alive: 0, timeout: 10_000, auth });
}

/** Agrees to whatever the server asks in the middle of a call. */
const says: CallerInput = {
  capabilities: { elicitation: { form: {} } },
  answer: ({ params }) => {
    const content = argumentsFor((params["requestedSchema"] ?? {}) as Record<string, unknown>);
    return Promise.resolve({ action: "accept", content });
  },
};

/** Does it, signing in where it takes that. */
class Person {
  #core: Core;
  #browser = new Browser();
  #signIns = 0;

  constructor(core: Core) {
    this.#core = core;
  }

  async connect(): Promise<void> {
    try {
      await this.#core.servers.connect(server);
    } catch (error) {
      await this.#signInFor(error);
      await this.connect();
    }
  }

  async callEveryTool(): Promise<void> {
    const tools = this.#core.tools.list("console");
    const calls =
      context.toolCalls ?? tools.map((each) => ({ name: each.name, arguments: argumentsFor(each.inputSchema) }));
    for (const each of calls) await this.call(each.name, withoutNull(each.arguments));
  }

  /** Reads every resource, and gets every prompt that asks for nothing. */
  async readEverything(): Promise<void> {
    await this.#core.servers.connection(server).offers.settled();
    const { views } = this.#core.offers;
    const by = { server, client: "console" };
    for (const { uri } of views.resources("console")) {
      const { error } = await this.#core.report(readCall({ ...by, id: randomUUID(), uri }));
      process.stdout.write(`${uri}: ${error ? JSON.stringify(error) : "read"}\n`);
    }
    for (const { name, arguments: asked } of views.prompts("console")) {
      if (asked.some(({ required }) => required)) continue;
      const { error } = await this.#core.report(promptCall({ ...by, id: randomUUID(), name }));
      process.stdout.write(`${name}: ${error ? JSON.stringify(error) : "got"}\n`);
    }
  }

  async call(tool: string, args: Record<string, unknown>): Promise<void> {
    const call = { id: randomUUID(), server, tool, args, client: "console" };
    const { result, error } = await this.#core.report(call, { input: says });
    process.stdout.write(`${tool}: ${JSON.stringify(result ?? error)}\n`);
    if (error?.code !== "needs_sign_in") return;
    await this.#signInFor(error);
    await this.call(tool, args);
  }

  /** @throws what it is about, where a sign-in does not help */
  async #signInFor(reason: unknown): Promise<void> {
    if (!isAskedForSignIn(reason) || this.#signIns >= patience) throw reason;
    this.#signIns += 1;
    const { url: address } = await this.#core.signIns.begin(server);
    // Whether the server takes what was granted is seen at the next try.
    const finished = this.#core.signIns.finished(server).catch(throwUnlessAskedAgain);
    await Promise.all([finished, this.#browser.signIn(address)]);
  }
}

function throwUnlessAskedAgain(error: unknown): void {
  if (!isAskedForSignIn(error)) throw error;
}

function isAskedForSignIn(error: unknown): boolean {
  return (error as { code?: unknown }).code === "needs_sign_in";
}

/** A field of the form that is left empty is left out: `null` fits no schema that does not say so, and would be refused unsent. */
function withoutNull(args: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== null));
}

const folder = mkdtempSync(join(tmpdir(), "switchgear-conformance-"));
const files = {
  [`servers/${server}.yaml`]: serverFile(),
  "policies/mcp_permissions.yaml": "default_permission: ALWAYS\n",
};
const env = { SWITCHGEAR_VAULT_KEY: "a key for this run", CLIENT_SECRET: context.client_secret ?? "" };
const core = await openCore(join(import.meta.dirname, "../.."), folder, files, "on-demand", env);
try {
  const person = new Person(core);
  await person.connect();
  await person.callEveryTool();
  await person.readEverything();
} catch (error) {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
} finally {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
}
