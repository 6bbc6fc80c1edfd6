import { describe, expect, it, vi } from "vitest";
import { createSystemClock } from "../core/clock.ts";
import { openDatabase } from "../core/journal/database.ts";
import { InvocationTable } from "../core/journal/invocation-table.ts";
import { CliFixture, labServer, plainServer } from "./fixtures/cli-fixture.ts";

const lab = { "servers/lab.yaml": labServer };
const plain = { "servers/plain.yaml": plainServer };

async function call(files: Record<string, string>, args: readonly string[], env?: Record<string, string>) {
  await using fixture = new CliFixture(files);
  return await fixture.run(["call", ...args], env);
}

describe("what a call tells the shell", () => {
  it("is 0 once it is done, with the result on standard output and nothing else there", async () => {
    const { code, stdout, stderr } = await call(lab, ["lab", "echo", "--args", '{"message":"hello"}']);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "hello\n", stderr: "" });
  });

  it("is 1 where the tool says isError, whose words are the result", async () => {
    const { code, stdout } = await call(lab, ["lab", "is-error", "--args", '{"message":"no such repo"}']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "no such repo\n" });
  });

  it("is 1 where the server answers with a JSON-RPC error", async () => {
    const { code, stdout, stderr } = await call(lab, ["lab", "error"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("-32000");
  });

  it.each([
    ["arguments that are no JSON", ["lab", "echo", "--args", "{message}"], "--args is not JSON"],
    ["arguments that do not fit", ["lab", "slow", "--args", '{"ms":"long"}'], "The arguments do not fit lab.slow"],
    ["a server that does not exist", ["nowhere", "echo"], 'No server in the catalog has the id "nowhere"'],
    ["a tool that does not exist", ["lab", "ecko"], "run `switchgear tools`"],
    [
      "a tool that is not named",
      ["lab"],
      "Usage: switchgear call [options] <server> <tool>\nRun `switchgear call --help`",
    ],
    ["a wrong time", ["lab", "echo", "--approval-timeout", "soon"], "a positive number of seconds"],
  ])("is 2 for %s", async (_, args, words) => {
    const { code, stdout, stderr } = await call(lab, args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(words);
  });

  it.each([
    ["refuses", "default_permission: NEVER\n", {}, "default_permission says NEVER"],
    ["is invalid", "default_permission: PERHAPS\n", {}, "mcp_permissions.yaml:1:21"],
    [
      "does not get to speak, the master switch being off",
      "default_permission: ALWAYS\n",
      { MAGSAG_MCP_ENABLED: "false" },
      "The master switch is off",
    ],
  ])("is 3 where the policy %s", async (_, policy, env, words) => {
    const { code, stderr } = await call({ ...lab, "policies/mcp_permissions.yaml": policy }, ["lab", "echo"], env);
    expect(stderr).toContain(words);
    expect(code).toBe(3);
  });

  it("is 5 where its own failure opens the circuit before a retry, and it tells that failure", async () => {
    const brittle = { "servers/lab.yaml": `${labServer}circuit_breaker: { failure_threshold: 1 }\n` };
    const { code, stderr } = await call(brittle, ["lab", "unavailable", "--args", '{"retryAfterSeconds":0}']);
    expect(code).toBe(5);
    expect(stderr).toMatch(/The circuit of server "lab" is open.*\n.*\nIt opened because: .*503/);
  });

  it("is 6 where nothing listens", async () => {
    const dead = { "servers/dead.yaml": "id: dead\ntransport: http\nurl: http://127.0.0.1:1/mcp\n" };
    const { code, stderr } = await call(dead, ["dead", "echo"]);
    expect(code).toBe(6);
    expect(stderr).toContain("dead");
  });

  it("is 7 where the call was sent and no answer came, so that it may have happened", async () => {
    const impatient = { "servers/plain.yaml": `${plainServer}timeout: 300\n` };
    const { code, stderr } = await call(impatient, ["plain", "silent"]);
    expect(code).toBe(7);
    expect(stderr).toMatch(/may have happened.*plain\.silent/);
  });

  it("is 6 where the answer is larger than the server may send, and 2 where the arguments are larger than it may get", async () => {
    const small = { "servers/plain.yaml": `${plainServer}max_response_size: 1000\nmax_payload_size: 100\n` };
    const answer = await call(small, ["plain", "huge", "--args", '{"bytes":2000,"idFirst":true}']);
    const args = await call(small, ["plain", "echo", "--args", JSON.stringify({ value: "x".repeat(200) })]);
    expect([answer.code, args.code]).toEqual([6, 2]);
  });
});

describe("--json", () => {
  it("prints the record and the result", async () => {
    const { code, stdout } = await call(lab, ["lab", "echo", "--args", '{"message":"hello"}', "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      invocation: { server: "lab", tool: "echo", client: "terminal", outcome: "ok", attempts: 1 },
      result: { content: [{ type: "text", text: "hello" }] },
      error: null,
    });
  });

  it("prints the record and the error", async () => {
    const { code, stdout } = await call(lab, ["lab", "unknown", "--json"]);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      invocation: { outcome: "refused", errorCode: "unknown_tool" },
      result: null,
      error: { code: "unknown_tool", hint: expect.any(String) as string },
    });
  });

  it("prints the error where no call was begun", async () => {
    const { code, stdout } = await call(lab, ["lab", "echo", "--args", "{", "--json"]);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "bad_request" } });
  });
});

describe("an interrupted call", () => {
  it.each(["SIGINT", "SIGTERM"] as const)(
    "ends with 130 on %s, recorded as cancelled, its server gone",
    async (signal) => {
      await using fixture = new CliFixture(plain);
      const running = fixture.start(["call", "plain", "silent"]);
      const journal = `${fixture.data}/journal.sqlite`;
      const phase = () => {
        const { database } = openDatabase(journal, createSystemClock());
        try {
          return new InvocationTable(database).select({}, null, 1).map(({ phase: at, outcome }) => [at, outcome]);
        } finally {
          database.close();
        }
      };
      await vi.waitFor(() => expect(phase()).toEqual([["running", null]]), { timeout: 10_000 });
      const pids = fixture.serverPids();
      expect(pids).toHaveLength(1);

      running.child.kill(signal);
      const { code, stdout, stderr } = await running.ended;

      expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
      expect(stderr).toContain("took the call back");
      expect(phase()).toEqual([["done", "cancelled"]]);
      for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow("ESRCH");
    },
  );
});

describe("output that nobody reads", () => {
  it("ends a call quietly, with its own code", async () => {
    await using fixture = new CliFixture(lab);
    const running = fixture.start(["call", "lab", "is-error"]);
    running.child.stdout!.destroy();
    expect(await running.ended).toMatchObject({ code: 1, stderr: "" });
  });
});
