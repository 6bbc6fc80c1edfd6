import { afterAll, beforeAll, expect, it } from "vitest";
import type { Ticket } from "../../shared/approval.ts";
import { PostgresServer } from "../core/postgres/fixtures/postgres-server.ts";
import { startFaultLab, type FaultLab } from "../fault-lab/start.ts";
import { CliFixture } from "./fixtures/cli-fixture.ts";

let postgres: PostgresServer;
let lab: FaultLab;

beforeAll(async () => {
  [postgres, lab] = await Promise.all([PostgresServer.start(), startFaultLab()]);
}, 60_000);
afterAll(async () => {
  await lab?.close();
  await postgres?.[Symbol.asyncDispose]();
});

it(
  "a call that waits on one machine is listed and approved on another, where the log and the audit chain have it",
  { timeout: 240_000 },
  async () => {
    const env = { SWITCHGEAR_DATABASE_URL: await postgres.database() };
    const files = {
      "servers/lab.yaml": `id: lab\ntransport: http\nurl: ${lab.httpUrl}/mcp\n`,
      "policies/mcp_permissions.yaml": "default_permission: REQUIRE_APPROVAL\n",
    };
    await using gateway = new CliFixture(files);
    await using console = new CliFixture(files);
    const call = gateway.start(["call", "lab", "wipe", "--args", `{"path":"/tmp/a"}`], env);
    await call.printed("for approval in the console");

    const [ticket] = JSON.parse((await console.run(["approvals", "list", "--json"], env)).stdout) as Ticket[];
    expect(ticket).toMatchObject({ server: "lab", tool: "wipe", args: { path: "/tmp/a" } });
    const approved = await console.run(["approvals", "approve", ticket!.id], env);
    expect(approved).toMatchObject({ code: 0, stdout: `approved ${ticket!.id} lab.wipe\n` });
    expect(await call.ended).toMatchObject({ code: 0 });

    const log = await console.run(["log", "list", "--json"], env);
    expect(JSON.parse(log.stdout)).toMatchObject([{ tool: "wipe", outcome: "ok" }]);
    const verified = await console.run(["audit", "verify"], env);
    expect(verified).toMatchObject({ code: 0, stdout: expect.stringContaining("nothing was changed") as string });
    // Without it, nothing of all this is there.
    expect(JSON.parse((await console.run(["log", "list", "--json"])).stdout)).toEqual([]);
    expect(JSON.stringify([approved, log, verified])).not.toContain(postgres.password);
  },
);
