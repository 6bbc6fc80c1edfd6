import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Ticket } from "../../shared/approval.ts";
import { startFaultLab, type FaultLab } from "../fault-lab/start.ts";
import { CliFixture, type RunningCli } from "./fixtures/cli-fixture.ts";

let lab: FaultLab;
let cli: CliFixture;

beforeEach(async () => {
  lab = await startFaultLab();
  cli = new CliFixture({
    "servers/lab.yaml": `id: lab\ntransport: http\nurl: ${lab.httpUrl}/mcp\n`,
    "policies/mcp_permissions.yaml": "default_permission: REQUIRE_APPROVAL\n",
  });
});
afterEach(async () => {
  await cli[Symbol.asyncDispose]();
  await lab.close();
});

/** Makes a call in a process of its own, and waits until it waits. */
async function waiting(path: string): Promise<RunningCli> {
  const running = cli.start(["call", "lab", "wipe", "--args", JSON.stringify({ path })]);
  await running.printed("for approval in the console");
  return running;
}
const list = async (...options: string[]) =>
  JSON.parse((await cli.run(["approvals", "list", "--json", ...options])).stdout) as Ticket[];

describe("switchgear approvals", () => {
  it("lists what waits, approves it, and the call goes on", { timeout: 60_000 }, async () => {
    const call = await waiting("/tmp/a");
    const [ticket] = await list();
    expect((await cli.run(["approvals", "list"])).stdout).toContain(`${ticket!.id}  pending`);
    expect(await list("--tool", "echo")).toEqual([]);
    const approved = await cli.run(["approvals", "approve", ticket!.id]);
    expect(approved).toMatchObject({ code: 0, stdout: `approved ${ticket!.id} lab.wipe\n` });
    expect(await call.ended).toMatchObject({ code: 0 });
    const again = await cli.run(["approvals", "approve", ticket!.id, "--json"]);
    expect(again.code).toBe(4);
    expect(JSON.parse(again.stdout)).toMatchObject([{ ok: false, error: { code: "already_resolved" } }]);
  });

  it(
    "approves with other arguments and for calls to come, which are listed and taken back",
    { timeout: 90_000 },
    async () => {
      const call = await waiting("/tmp/a");
      const [ticket] = await list();
      const approve = ["approvals", "approve", ticket!.id];
      expect(await cli.run([...approve, "other", "--grant", "15m"])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining("one ticket at a time") as string,
      });
      expect((await cli.run([...approve, "--grant", "forever"])).code).toBe(2);
      const refused = await cli.run([...approve, "--args", `{"path":5}`]);
      expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("path") as string });

      const approved = await cli.run([...approve, "--args", `{"path":"/tmp/b"}`, "--grant", "15m"]);
      expect(approved).toMatchObject({ code: 0, stdout: `approved ${ticket!.id} lab.wipe\n` });
      expect(await call.ended).toMatchObject({ code: 0, stderr: expect.stringContaining("/tmp/b") as string });
      expect((await cli.run(["call", "lab", "wipe", "--args", `{"path":"/tmp/c"}`])).code).toBe(0);

      const grants = JSON.parse((await cli.run(["grants", "list", "--json"])).stdout) as { id: string }[];
      expect(grants).toMatchObject([{ kind: "time", ticketId: ticket!.id, by: "terminal", uses: 1 }]);
      const revoked = await cli.run(["grants", "revoke", grants[0]!.id, "--reason", "Enough."]);
      expect(revoked).toMatchObject({ code: 0, stdout: `revoked ${grants[0]!.id}\n` });
      expect((await cli.run(["grants", "list"])).stdout).toBe("");
    },
  );

  it("denies with a reason, which it asks for", { timeout: 60_000 }, async () => {
    const call = await waiting("/tmp/a");
    const [ticket] = await list();
    expect((await cli.run(["approvals", "deny", ticket!.id])).code).toBe(2);
    expect((await cli.run(["approvals", "deny", ticket!.id, "--reason", "Freeze."])).code).toBe(0);
    expect(await call.ended).toMatchObject({ code: 4, stderr: expect.stringContaining("Freeze.") as string });
    expect((await cli.run(["approvals", "deny", "nobody", "--reason", "x"])).code).toBe(2);
  });
});

describe("switchgear grants", () => {
  it("lists none, and knows none that is not there", async () => {
    expect(await cli.run(["grants", "list"])).toMatchObject({ code: 0, stdout: "" });
    expect((await cli.run(["grants", "revoke", "nobody", "--reason", "x"])).code).toBe(2);
  });
});
