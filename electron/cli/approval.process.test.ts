import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Ticket } from "../../shared/approval.ts";
import { ApprovalInbox } from "../core/approvals/inbox.ts";
import { createSystemClock } from "../core/clock.ts";
import { CoreEvents } from "../core/events.ts";
import { openDatabase } from "../core/journal/database.ts";
import { silentLogger } from "../core/logger.ts";
import { isProcessAlive, processIdentity } from "../core/process-identity.ts";
import { startHttpServer } from "../core/servers/fixtures/http-server.ts";
import { startFaultLab, type FaultLab } from "../fault-lab/start.ts";
import { CliFixture, type Ended } from "./fixtures/cli-fixture.ts";

const wipe = ["call", "lab", "wipe", "--args", '{"path":"/tmp/x"}'];
const wiped = "Pretended to delete /tmp/x.";

const policy = `
default_permission: ALWAYS
tools:
  lab.wipe: { permission: REQUIRE_APPROVAL, approval_message: Wipe the lab? }
`;

/** This process, as an open console beside the command line: another process on the same journal. */
class Console implements Disposable {
  readonly approvals: ApprovalInbox;
  #database;

  constructor(data: string) {
    const clock = createSystemClock();
    this.#database = openDatabase(`${data}/journal.sqlite`, clock).database;
    this.approvals = new ApprovalInbox({
      ...{ clock, logger: silentLogger, database: this.#database, events: new CoreEvents(silentLogger) },
      ...{ owner: processIdentity(), isOwnerAlive: isProcessAlive },
    });
  }

  waiting(): Promise<Ticket> {
    return vi.waitFor(
      () => {
        const [ticket] = this.approvals.list("pending");
        expect(ticket).toBeDefined();
        return ticket!;
      },
      { timeout: 10_000 },
    );
  }

  resolved(): Pick<Ticket, "state" | "verdict">[] {
    return this.approvals.list("resolved");
  }

  [Symbol.dispose](): void {
    this.approvals.close();
    this.#database.close();
  }
}

let lab: FaultLab;
let cli: CliFixture;

beforeEach(async () => {
  lab = await startFaultLab();
  cli = new CliFixture({
    "servers/lab.yaml": `id: lab\ntransport: http\nurl: ${lab.httpUrl}/mcp\n`,
    "policies/mcp_permissions.yaml": policy,
  });
});

afterEach(async () => {
  await cli[Symbol.asyncDispose]();
  await lab.close();
});

function expectDenied({ code, stdout, stderr }: Ended, words: string): void {
  expect({ code, stdout }).toEqual({ code: 4, stdout: "" });
  expect(stderr).toContain(words);
}

describe("what a server asks in the middle of a call", () => {
  const ask = ["call", "lab", "ask", "--args", '{"question":"Who is there?"}'];

  it("is declined, in words, where nobody is at the terminal", async () => {
    const { code, stdout, stderr } = await cli.run(ask);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "The person chose to decline.\n" });
    expect(stderr).toContain("lab asks: Who is there?");
    expect(stderr).toContain("It was declined: nobody is at the terminal to answer.");
  });

  it.skipIf(process.platform === "win32")("is answered by the person at the terminal, field by field", async () => {
    const running = cli.startOnTerminal(ask);
    await running.printed("Answer? [y/N]");
    running.type("y\n");
    await running.printed("name: Your name");
    running.type("Ada\n");
    await running.printed("red | green | blue");
    running.type("plaid\n");
    await running.printed("`colour` must be one of");
    running.type("Ada\n");
    await vi.waitFor(() => expect(running.stdout.split("red | green | blue")).toHaveLength(3), { timeout: 10_000 });
    running.type("green\n");
    const { code, stdout } = await running.ended;
    expect(stdout).toContain("Hello Ada, green suits you.");
    expect(code).toBe(0);
  });
});

describe("without a terminal", () => {
  it("is approved by --yes, and recorded so", async () => {
    const { code, stdout } = await cli.run([...wipe, "--yes"]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining(wiped) as string });
    using console = new Console(cli.data);
    expect(console.resolved()).toMatchObject([{ state: "approved", verdict: { by: "terminal --yes" } }]);
  });

  it("waits for another process to approve it", async () => {
    const running = cli.start(wipe);
    await running.printed("for approval in the console");
    using console = new Console(cli.data);
    console.approvals.approve((await console.waiting()).id, "Ada");
    const { code, stdout, stderr } = await running.ended;
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining(wiped) as string });
    expect(stderr).toContain("Approved by Ada.");
  });

  it("goes on waiting where neither input nor connection keeps the process alive", async () => {
    // Modern servers hold no stream open between calls.
    const modern = await startHttpServer("modern");
    cli.write("servers/modern.yaml", `id: modern\ntransport: http\nurl: ${modern.url}\n`);
    cli.write("policies/mcp_permissions.yaml", "default_permission: REQUIRE_APPROVAL\n");
    try {
      const running = cli.start(["call", "modern", "echo"]);
      await running.printed("for approval in the console");
      running.child.stdin!.end();
      using console = new Console(cli.data);
      console.approvals.approve((await console.waiting()).id, "Ada");
      expect(await running.ended).toMatchObject({ code: 0 });
    } finally {
      await modern.close();
    }
  });

  it("waits for another process to deny it, and ends with 4 and the reason", async () => {
    const running = cli.start(wipe);
    await running.printed("for approval in the console");
    using console = new Console(cli.data);
    console.approvals.deny((await console.waiting()).id, "Ada", "Not on a Friday.");
    expectDenied(await running.ended, "Ada denied the call of lab.wipe: Not on a Friday.");
  });

  it("ends with 4 once --approval-timeout is over", async () => {
    expectDenied(await cli.run([...wipe, "--approval-timeout", "0.3"]), "Nobody approved the call of lab.wipe in time");
    using console = new Console(cli.data);
    expect(console.resolved()).toMatchObject([{ state: "expired" }]);
  });

  it("takes the ticket back when it is interrupted", async () => {
    const running = cli.start(wipe);
    await running.printed("for approval in the console");
    running.child.kill("SIGINT");
    expect(await running.ended).toMatchObject({ code: 130, stdout: "" });
    using console = new Console(cli.data);
    expect(console.resolved()).toMatchObject([{ state: "cancelled" }]);
  });
});

describe.skipIf(process.platform === "win32")("on a terminal", () => {
  it("asks, and calls after a yes", async () => {
    const running = cli.startOnTerminal(wipe);
    await running.printed("Approve? [y/N]");
    running.type("y\n");
    const { code, stdout } = await running.ended;
    expect(code).toBe(0);
    for (const shown of ["lab.wipe needs your approval", "Wipe the lab?", '{"path":"/tmp/x"}', wiped]) {
      expect(stdout).toContain(shown);
    }
    using console = new Console(cli.data);
    expect(console.resolved()).toMatchObject([{ state: "approved", verdict: { by: "terminal" } }]);
  });

  it("asks why after a no, and ends with 4 and the reason", async () => {
    const running = cli.startOnTerminal(wipe);
    await running.printed("Approve? [y/N]");
    running.type("n\n");
    await running.printed("Why not?");
    running.type("Wrong lab.\n");
    const { code, stdout } = await running.ended;
    expect(code).toBe(4);
    expect(stdout).toContain("terminal denied the call of lab.wipe: Wrong lab.");
    expect(stdout).not.toContain(wiped);
  });

  it("takes the end of the input for a no", async () => {
    const running = cli.startOnTerminal(wipe);
    await running.printed("Approve? [y/N]");
    running.type("\u0004");
    await running.printed("Why not?");
    running.type("\u0004");
    const { code, stdout } = await running.ended;
    expect(code).toBe(4);
    expect(stdout).toContain("Denied on the terminal.");
  });

  it("takes the call back on Ctrl-C", async () => {
    const running = cli.startOnTerminal(wipe);
    await running.printed("Approve? [y/N]");
    running.type("\u0003");
    expect(await running.ended).toMatchObject({ code: 130 });
    using console = new Console(cli.data);
    expect(console.resolved()).toMatchObject([{ state: "cancelled" }]);
  });

  it("stops asking once another process has answered", async () => {
    const running = cli.startOnTerminal(wipe);
    await running.printed("Approve? [y/N]");
    using console = new Console(cli.data);
    console.approvals.approve((await console.waiting()).id, "Ada");
    const { code, stdout } = await running.ended;
    expect(code).toBe(0);
    expect(stdout).toContain("Approved by Ada.");
  });

  it("does not ask for what the policy approves of its own accord", async () => {
    const auto = "approval: { auto_approve_enabled: true, auto_approve_patterns: [lab.wipe] }";
    cli.write("policies/mcp_permissions.yaml", `${policy}${auto}\n`);
    const running = cli.startOnTerminal(wipe);
    const { code, stdout } = await running.ended;
    expect(code).toBe(0);
    expect(stdout).not.toContain("Approve?");
    expect(stdout).toContain("Approved by policy:auto.");
  });
});

describe("a server's text", () => {
  const escape = "\u001b[2Jgone";

  it("cannot steer the terminal", async () => {
    const running = cli.startOnTerminal(["call", "lab", "echo", "--args", JSON.stringify({ message: escape })]);
    expect((await running.ended).stdout).toContain("\\u{1b}[2Jgone");
  });

  it("goes into a pipe as it is", async () => {
    const { stdout } = await cli.run(["call", "lab", "echo", "--args", JSON.stringify({ message: escape })]);
    expect(stdout).toBe(`${escape}\n`);
  });
});
