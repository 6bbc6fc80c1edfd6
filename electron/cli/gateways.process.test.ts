import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import type { Ticket } from "../../shared/approval.ts";
import { openMachine } from "../core/postgres/fixtures/team.ts";
import { PostgresServer } from "../core/postgres/fixtures/postgres-server.ts";
import { startFaultLab, type FaultLab } from "../fault-lab/start.ts";
import { CliFixture, type RunningCli } from "./fixtures/cli-fixture.ts";

const soon = { timeout: 60_000, interval: 50 };

let postgres: PostgresServer;
let lab: FaultLab;
let gateways: Gateway[];

beforeAll(async () => {
  gateways = [];
  [postgres, lab] = await Promise.all([PostgresServer.start(), startFaultLab()]);
}, 60_000);
afterEach(async () => {
  for (const each of gateways.splice(0)) await each[Symbol.asyncDispose]();
}, 60_000);
afterAll(async () => {
  await lab?.close();
  await postgres?.[Symbol.asyncDispose]();
});

/** `switchgear serve` on a machine of its own, and an AI client of it. */
class Gateway implements AsyncDisposable {
  readonly #fixture: CliFixture;
  readonly client: Client;
  readonly running: RunningCli;

  private constructor(fixture: CliFixture, running: RunningCli, client: Client) {
    this.#fixture = fixture;
    this.running = running;
    this.client = client;
  }

  static async open(env: Record<string, string>): Promise<Gateway> {
    const fixture = new CliFixture({
      "servers/lab.yaml": `id: lab\ntransport: http\nurl: ${lab.httpUrl}/mcp\n`,
      "policies/mcp_permissions.yaml": "default_permission: REQUIRE_APPROVAL\n",
    });
    const token = (await fixture.run(["token", "create", "gateway", "cursor"], env)).stdout.trim();
    const running = fixture.start(["serve", "--port", "0"], env);
    await running.printed("gateway at http://127.0.0.1:");
    const url = new URL(/gateway at (\S+)/.exec(running.stdout)![1]!);
    const client = new Client({ name: "cursor", version: "1" });
    const requestInit = { headers: { authorization: `Bearer ${token}` } };
    await client.connect(new StreamableHTTPClientTransport(url, { requestInit }));
    const gateway = new Gateway(fixture, running, client);
    gateways.push(gateway);
    await vi.waitFor(async () => {
      const { tools } = await client.listTools(undefined, { cacheMode: "bypass" });
      expect(tools.map(({ name }) => name)).toContain("lab__wipe");
    }, soon);
    return gateway;
  }

  /** @returns what the client is told in the end */
  async wipe(path: string): Promise<string> {
    const options = { timeout: 200_000 };
    const { content } = await this.client.callTool({ name: "lab__wipe", arguments: { path } }, options);
    return JSON.stringify(content);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close();
    await this.#fixture[Symbol.asyncDispose]();
  }
}

it(
  "two gateways and a console, each a process, have every waiting call decided once, though the database dies and one gateway is killed",
  { timeout: 300_000 },
  async () => {
    const url = await postgres.database();
    const env = { SWITCHGEAR_DATABASE_URL: url };
    const [one, two] = [await Gateway.open(env), await Gateway.open(env)];
    await using commands = new CliFixture();
    await using watching = await openMachine(url);
    const { core } = watching;
    const waiting = (path: string): Promise<Ticket> =>
      vi.waitFor(async () => {
        const ticket = (await core.approvals.list("pending")).find(({ args }) => JSON.stringify(args).includes(path));
        return ticket ?? expect.fail(`the call for ${path} does not wait`);
      }, soon);

    const [first, second] = [one.wipe("/a"), two.wipe("/b")];
    const [a, b] = [await waiting("/a"), await waiting("/b")];
    expect(await commands.run(["approvals", "approve", a.id], env)).toMatchObject({ code: 0 });
    expect(await first).toContain("/a");

    await postgres.stop();
    expect(await one.wipe("/c")).toContain("cannot be used");
    expect(await commands.run(["approvals", "approve", b.id], env)).toMatchObject({
      code: 6,
      stderr: expect.stringContaining("cannot be used") as string,
    });
    await postgres.start();
    await vi.waitFor(async () => expect((await core.approvals.get(b.id)).state).toBe("pending"), soon);
    await vi.waitFor(() => core.desk.approve(b.id, "ana"), soon);
    expect(await second).toContain("/b");
    await expect(core.desk.deny(b.id, "ben", "Too late.")).rejects.toMatchObject({ code: "already_resolved" });

    const lost = two.wipe("/d").catch(() => "no answer");
    const d = await waiting("/d");
    two.running.child.kill("SIGKILL");
    await vi.waitFor(async () => expect((await core.approvals.get(d.id)).state).toBe("interrupted"), soon);
    await expect(core.desk.approve(d.id, "ana")).rejects.toMatchObject({ code: "already_resolved" });

    const sent = await postgres.run(
      url,
      "SELECT args FROM switchgear.tickets WHERE executed_at IS NOT NULL ORDER BY args",
    );
    expect(sent.map(({ args }) => args)).toEqual(['{"path":"/a"}', '{"path":"/b"}']);
    expect(await commands.run(["audit", "verify"], env)).toMatchObject({ code: 0 });
    await two.client.close();
    expect(await lost).toBe("no answer");
  },
);
