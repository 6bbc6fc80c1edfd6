import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Ticket } from "../../shared/approval.ts";
import { CoreFixture, labServer } from "./fixtures/core-fixture.ts";

let fixture: CoreFixture;
const open = async (files?: Record<string, string>, env?: Record<string, string>) =>
  (fixture = await CoreFixture.open(files, env));
const policy = (text: string) => ({ "policies/mcp_permissions.yaml": text });
const asking = policy(
  "default_permission: ALWAYS\ntools:\n  lab.wipe: { permission: REQUIRE_APPROVAL, approval_message: Really? }\n",
);

async function nextTicket(): Promise<Ticket> {
  await vi.waitFor(() => expect(fixture.core.approvals.pendingCount()).toBe(1), { timeout: 5000 });
  return fixture.core.approvals.list("pending")[0]!;
}

async function stepsOf(id: string) {
  return (await fixture.core.journal.get(id)).timeline;
}

beforeEach(() => vi.useRealTimers());
afterEach(async () => fixture[Symbol.asyncDispose]());

describe("a call that the policy allows", () => {
  it("gives the tool's answer, and its whole story stands in the journal", async () => {
    await open();
    const { invocation, result, error } = await fixture.call("echo", { message: "hello" });
    expect(error).toBeNull();
    expect(result!.content).toEqual([{ type: "text", text: "hello" }]);
    expect(invocation).toMatchObject({
      phase: "done",
      outcome: "ok",
      level: "ALWAYS",
      attempts: 1,
      environment: "production",
    });
    const steps = await stepsOf(invocation.id);
    expect(steps.map(({ kind }) => kind)).toEqual(["received", "decided", "attempt", "result"]);
    expect(steps[0]).toMatchObject({ args: { message: "hello" } });
    expect(steps[2]).toMatchObject({ number: 1, delayMs: 0, result: "answered" });
  });

  it("ends as tool_error where the tool says isError, and the circuit counts a success", async () => {
    await open();
    const { invocation, result } = await fixture.call("is-error", { message: "no such row" });
    expect(result!.isError).toBe(true);
    expect(invocation.outcome).toBe("tool_error");
    expect(fixture.core.circuits.view("lab", null).state).toEqual({ kind: "closed", failures: 0 });
  });

  it("ends as protocol_error where the server answers with a JSON-RPC error, and is not sent again", async () => {
    await open();
    const { invocation, error } = await fixture.call("error");
    expect(error!.code).toBe("protocol_error");
    expect(invocation).toMatchObject({ outcome: "protocol_error", attempts: 1 });
    expect(fixture.core.circuits.view("lab", null).state).toEqual({ kind: "closed", failures: 0 });
  });

  it("tells progress while it runs, to the caller, the events and the journal", async () => {
    await open();
    const heard: number[] = [];
    const told: number[] = [];
    fixture.core.events.on("invocation.progress", ({ progress }) => told.push(progress!));
    const { invocation } = await fixture.call(
      "progress",
      { steps: 3, intervalMs: 20 },
      {},
      { onProgress: (p) => heard.push(p.progress) },
    );
    expect(heard).toEqual([1, 2, 3]);
    expect(told).toEqual([1, 2, 3]);
    const steps = await stepsOf(invocation.id);
    expect(steps.filter(({ kind }) => kind === "progress")).toHaveLength(3);
  });

  it.each(["modern", "legacy"])("tells what its server logs while it runs, as it tells progress (%s)", async (era) => {
    await open({ "servers/lab.yaml": `${labServer}protocol: ${era}\n` });
    const heard: string[] = [];
    const told: string[] = [];
    fixture.core.events.on("invocation.log", ({ text }) => told.push(text));
    const { invocation } = await fixture.call(
      "progress",
      { steps: 2, intervalMs: 20 },
      {},
      { onLog: ({ level, text }) => heard.push(`${level} ${text}`) },
    );
    expect(heard).toEqual(["info Step 1 of 2", "info Step 2 of 2"]);
    expect(told).toEqual(["Step 1 of 2", "Step 2 of 2"]);
    const steps = await stepsOf(invocation.id);
    expect(steps.filter(({ kind }) => kind === "log")).toMatchObject([
      { level: "info", logger: "fault-lab", text: "Step 1 of 2" },
      { level: "info", logger: "fault-lab", text: "Step 2 of 2" },
    ]);
  });

  it("is taken back when the caller aborts, and the server hears of it", async () => {
    await open();
    const caller = new AbortController();
    const slow = fixture.call("slow", { ms: 60_000 }, {}, { signal: caller.signal });
    await vi.waitFor(async () => expect(await fixture.arrived("slow")).toBe(1), { timeout: 5000 });
    caller.abort();
    const { invocation, error } = await slow;
    expect(error!.code).toBe("cancelled");
    expect(invocation.outcome).toBe("cancelled");
    expect(fixture.core.circuits.view("lab", null).state).toEqual({ kind: "closed", failures: 0 });
  });
});

describe("a call that the master switch stops", () => {
  const words = "MCP was switched off while the call was on its way.";

  it("ends as cancelled, and caller and journal read why", async () => {
    await open({}, {});
    fixture.core.settings.set({ mcpEnabled: true });
    await vi.waitFor(() => expect(fixture.core.servers.isEnabled).toBe(true), { timeout: 5000 });
    const slow = fixture.call("slow", { ms: 60_000 });
    await vi.waitFor(async () => expect(await fixture.arrived("slow")).toBe(1), { timeout: 5000 });
    fixture.core.settings.set({ mcpEnabled: false });
    const { invocation, error } = await slow;
    expect(error).toMatchObject({ code: "cancelled", message: words });
    expect(invocation).toMatchObject({ outcome: "cancelled", attempts: 1 });
    const steps = await stepsOf(invocation.id);
    expect(steps.at(-1)).toMatchObject({ kind: "result", outcome: "cancelled", error: { message: words } });
    expect(steps.at(-2)).toMatchObject({ kind: "attempt", result: "cancelled", error: { message: words } });
    expect(fixture.core.circuits.view("lab", null).state).toEqual({ kind: "closed", failures: 0 });
  });

  it("while it waits for a person is taken out of the inbox, with the reason", async () => {
    await open(asking, {});
    fixture.core.settings.set({ mcpEnabled: true });
    await vi.waitFor(() => expect(fixture.core.servers.isEnabled).toBe(true), { timeout: 5000 });
    const call = fixture.call("wipe", { path: "/tmp/x" });
    const ticket = await nextTicket();
    fixture.core.settings.set({ mcpEnabled: false });
    const { invocation, error } = await call;
    expect(error).toMatchObject({ code: "cancelled", message: expect.stringContaining("switched off") });
    expect(invocation.outcome).toBe("cancelled");
    expect(fixture.core.approvals.get(ticket.id)).toMatchObject({ state: "cancelled", verdict: { reason: words } });
    const verdict = (await stepsOf(invocation.id)).find(({ kind }) => kind === "verdict");
    expect(verdict).toMatchObject({ state: "cancelled", reason: words });
  });
});

describe("a call that is refused", () => {
  it("by the master switch starts nothing and says how to turn it on", async () => {
    await open({}, {});
    const { error, invocation } = await fixture.call("echo", { message: "x" });
    expect(error).toMatchObject({ code: "mcp_disabled", hint: expect.stringContaining("MAGSAG_MCP_ENABLED") });
    expect(invocation).toMatchObject({ outcome: "refused", attempts: 0 });
    expect(fixture.core.servers.list()[0]!.connection.kind).toBe("idle");
  });

  it("by NEVER dials nothing, and names the rule and its line", async () => {
    await open(policy("default_permission: ALWAYS\ntools:\n  lab.wipe: { permission: NEVER }\n"));
    const { error } = await fixture.call("wipe", { path: "/" });
    expect(error).toMatchObject({
      code: "policy_denied",
      message: expect.stringContaining("lab.wipe"),
      hint: expect.stringContaining("line 3"),
    });
    expect(fixture.core.servers.list()[0]!.connection.kind).toBe("idle");
  });

  it("by an invalid policy file names the file, the line and the column", async () => {
    await open(policy("default_permission: ALWAYS\nnonsense: true\n"));
    const { error } = await fixture.call("echo");
    expect(error).toMatchObject({
      code: "policy_invalid",
      message: expect.stringMatching(/mcp_permissions\.yaml:2:1/),
    });
  });

  it("by a rate limit says when to come back, before anybody is asked", async () => {
    await open(
      policy(
        "default_permission: REQUIRE_APPROVAL\ntools: { lab.echo: { permission: ALWAYS } }\nrate_limits: { global: { calls_per_minute: 1 } }\n",
      ),
    );
    await fixture.call("echo");
    const { error } = await fixture.call("wipe", { path: "/" });
    expect(error!.code).toBe("rate_limited");
    expect(error!.retryAt).toBeGreaterThan(Date.now());
    expect(fixture.core.approvals.pendingCount()).toBe(0);
  });

  it.each([
    ["an unknown server", { server: "nowhere" }, "unknown_server"],
    ["an unknown tool", { tool: "Echo" }, "unknown_tool"],
    ["arguments that do not fit", { args: { message: 7 } }, "invalid_arguments"],
  ])("for %s sends nothing", async (_what, more, code) => {
    await open();
    const { error, invocation } = await fixture.call("echo", {}, more);
    expect(error!.code).toBe(code);
    expect(invocation).toMatchObject({ outcome: "refused", attempts: 0 });
  });

  it("for arguments larger than the server takes sends nothing, and asks nobody", async () => {
    await open({ ...asking, "servers/lab.yaml": `${labServer}max_payload_size: 100\n` });
    const { error, invocation } = await fixture.call("wipe", { path: "/".repeat(101) });
    expect(error).toMatchObject({ code: "payload_too_large", message: expect.stringContaining("112 bytes") });
    expect(invocation).toMatchObject({ outcome: "refused", attempts: 0 });
    expect(fixture.core.approvals.list("resolved")).toEqual([]);
  });

  it("for a tool that there is not tells the circuit nothing, and makes none for it", async () => {
    await open({ "servers/lab.yaml": labServer.replace("timeout_seconds: 60", "per_tool: true") });
    await fixture.call("nothing", {});
    await fixture.call("echo");
    fixture.core.circuits.probe("lab", null, { who: "console", why: "looking" });
    for (const tool of ["nothing", "nought"]) expect((await fixture.call(tool)).error!.code).toBe("unknown_tool");
    expect(fixture.core.circuits.list().map(({ tool, state }) => [tool, state.kind])).toEqual([
      [null, "half-open"],
      ["echo", "closed"],
    ]);
    expect(fixture.core.circuits.view("lab", null).state).toMatchObject({ successes: 0 });
  });

  it("because its id is on its way already leaves the first call alone", async () => {
    await open();
    const id = "5b0e4f4e-4c3e-4b8e-9c55-0c1d2e3f4a5b";
    const first = fixture.call("slow", { ms: 200 }, { id });
    await expect(fixture.call("echo", {}, { id })).rejects.toMatchObject({ code: "bad_request" });
    expect((await first).invocation.outcome).toBe("ok");
  });
});

describe("a call that needs approval", () => {
  it("waits, is approved and runs once, and the wait counts in no latency", async () => {
    await open(asking);
    const call = fixture.call("wipe", { path: "/tmp/x" });
    const ticket = await nextTicket();
    expect(ticket).toMatchObject({
      tool: "wipe",
      args: { path: "/tmp/x" },
      approvalMessage: "Really?",
      destructiveHint: true,
    });
    fixture.core.approvals.approve(ticket.id, "console");
    const { invocation, result } = await call;
    expect(result!.isError).toBeFalsy();
    expect(await fixture.arrived("wipe")).toBe(1);
    const steps = await stepsOf(invocation.id);
    expect(steps.map(({ kind }) => kind)).toEqual(["received", "decided", "waiting", "verdict", "attempt", "result"]);
    expect(steps[3]).toMatchObject({ state: "approved", by: "console" });
    expect(fixture.core.approvals.get(ticket.id).executedAt).not.toBeNull();
  });

  it("is denied with a reason that the caller reads", async () => {
    await open(asking);
    const call = fixture.call("wipe", { path: "/" });
    fixture.core.approvals.deny((await nextTicket()).id, "console", "Not on a Friday.");
    const { error, invocation } = await call;
    expect(error).toMatchObject({ code: "approval_denied", message: expect.stringContaining("Not on a Friday.") });
    expect(invocation.outcome).toBe("denied");
    expect(await fixture.arrived("wipe")).toBe(0);
  });

  it("is not sent where the arguments were changed after approval", async () => {
    await open(asking);
    const args = { path: "/tmp/x" };
    const call = fixture.call("wipe", args);
    const ticket = await nextTicket();
    args.path = "/etc";
    fixture.core.approvals.approve(ticket.id, "console");
    expect((await call).error!.code).toBe("policy_changed");
    expect(await fixture.arrived("wipe")).toBe(0);
  });

  it.each([
    ["says NEVER now", "default_permission: ALWAYS\ntools:\n  lab.wipe: { permission: NEVER }\n", "policy_changed"],
    ["is invalid now", "default_permission: PERHAPS\n", "policy_invalid"],
  ])("is not sent where the policy %s", async (_what, text, code) => {
    await open(asking);
    const call = fixture.call("wipe", { path: "/" });
    const ticket = await nextTicket();
    fixture.write("policies/mcp_permissions.yaml", text);
    fixture.core.policy.reload();
    fixture.core.approvals.approve(ticket.id, "console");
    expect((await call).error!.code).toBe(code);
    fixture.write("policies/mcp_permissions.yaml", "default_permission: ALWAYS\n");
    fixture.core.policy.reload();
    expect(await fixture.arrived("wipe")).toBe(0);
  });

  it("is cancelled with its caller", async () => {
    await open(asking);
    const caller = new AbortController();
    const call = fixture.call("wipe", { path: "/" }, {}, { signal: caller.signal });
    const ticket = await nextTicket();
    caller.abort();
    expect((await call).error!.code).toBe("cancelled");
    expect(fixture.core.approvals.get(ticket.id).state).toBe("cancelled");
  });

  it("is given by policy:auto where the file says so, and recorded like any other", async () => {
    await open(
      policy(
        "default_permission: REQUIRE_APPROVAL\napproval: { auto_approve_enabled: true, auto_approve_patterns: [lab.wipe] }\n",
      ),
    );
    const { invocation, result } = await fixture.call("wipe", { path: "/" });
    expect(result).not.toBeNull();
    expect((await stepsOf(invocation.id)).find(({ kind }) => kind === "verdict")).toMatchObject({
      state: "approved",
      by: "policy:auto",
    });
  });

  it("expires by the policy's time", async () => {
    await open(policy("default_permission: REQUIRE_APPROVAL\napproval: { default_timeout_minutes: 0.005 }\n"));
    const { error, invocation } = await fixture.call("wipe", { path: "/" });
    expect(error!.code).toBe("approval_expired");
    expect(invocation.outcome).toBe("expired");
  });

  it("is interrupted by a stop, and never executed after the restart", async () => {
    await open(asking);
    const call = fixture.call("wipe", { path: "/" });
    const ticket = await nextTicket();
    await fixture.core.close();
    expect((await call).error!.code).toBe("approval_interrupted");
    await fixture.start();
    expect(fixture.core.approvals.get(ticket.id).state).toBe("interrupted");
    expect(() => fixture.core.approvals.approve(ticket.id, "console")).toThrow(/interrupted/i);
    expect(await fixture.arrived("wipe")).toBe(0);
  });
});

describe("calls at the same time", () => {
  it("that fail for one reason each get an error with their own id, and tell their caller as they begin", async () => {
    await open({ "servers/dead.yaml": "id: dead\ntransport: http\nurl: http://127.0.0.1:9/mcp\nmax_retries: 0\n" });
    const begun: string[] = [];
    const hooks = { onBegin: ({ id }: { id: string }) => void begun.push(id) };
    const reports = await Promise.all([1, 2, 3].map(() => fixture.call("echo", {}, { server: "dead" }, hooks)));
    expect(reports.map(({ error }) => error!.code)).toEqual(Array(3).fill("connection_failed"));
    expect(reports.map(({ error }) => error!.invocationId)).toEqual(begun);
  });
});

describe("a secret", () => {
  it("that a server repeats in a failure stays out of the report, the circuit and the journal", async () => {
    const http = createServer((request, response) => {
      response.writeHead(500).end(`no: ${request.headers.authorization}`);
    });
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`;
    const file = `id: leaky\ntransport: http\nurl: ${url}\nheaders: { Authorization: env://LEAKY }\ncircuit_breaker: { failure_threshold: 1 }\n`;
    await open({ "servers/leaky.yaml": file }, { MAGSAG_MCP_ENABLED: "true", LEAKY: "hunter2hunter2" });
    const report = await fixture.call("echo", {}, { server: "leaky" });
    expect(report.error!.message).toContain("no: •••");
    expect(fixture.core.circuits.view("leaky", null).state.kind).toBe("open");
    const everything = [report, fixture.core.circuits.list(), await stepsOf(report.invocation.id)];
    expect(JSON.stringify(everything)).not.toContain("hunter2");
    http.close();
    http.closeAllConnections();
  });
});

describe("a server that fails", () => {
  it("is asked again where its tool only reads and the server is trusted", async () => {
    await open();
    const { error, invocation } = await fixture.call("unavailable", { retryAfterSeconds: 0 });
    expect(error!.code).toBe("transport_error");
    expect(invocation.attempts).toBe(3);
    const delays = (await stepsOf(invocation.id)).flatMap((step) => (step.kind === "attempt" ? [step.delayMs] : []));
    expect(delays[0]).toBe(0);
    expect(delays[1]).toBe(100);
    expect(delays[2]).toBeGreaterThanOrEqual(150);
    expect(delays[2]).toBeLessThanOrEqual(250);
  });

  it("is asked once where it is not trusted", async () => {
    await open({ "servers/lab.yaml": labServer.replace("trusted: true", "trusted: false") });
    expect((await fixture.call("unavailable", { retryAfterSeconds: 0 })).invocation.attempts).toBe(1);
  });

  it("leaves the outcome unknown where the call was sent and no answer came", async () => {
    await open();
    const { error, invocation } = await fixture.call("disconnect");
    expect(error!.code).toBe("outcome_unknown");
    expect(invocation).toMatchObject({ outcome: "outcome_unknown", attempts: 1 });
  });

  it("opens its circuit at the fifth failure; calls then fail fast until an operator resets it", async () => {
    await open();
    const transitions: string[] = [];
    fixture.core.events.on("circuit.changed", ({ state }) => transitions.push(state.kind));
    for (let failure = 1; failure <= 4; failure += 1) await fixture.call("disconnect");
    expect(fixture.core.circuits.view("lab", null).state).toEqual({ kind: "closed", failures: 4 });
    const fifth = await fixture.call("disconnect");
    expect((await stepsOf(fifth.invocation.id)).find(({ kind }) => kind === "circuit")).toMatchObject({
      transition: { from: "closed", to: "open", cause: { kind: "failures", count: 5 } },
    });
    const { error, invocation } = await fixture.call("echo");
    expect(error).toMatchObject({ code: "circuit_open" });
    expect(error!.retryAt).toBeGreaterThan(Date.now());
    expect(invocation).toMatchObject({ outcome: "circuit_open", attempts: 0 });
    expect(fixture.core.status().circuitsNotClosed).toBe(1);
    fixture.core.circuits.reset("lab", null, { who: "console", why: "The lab is back." });
    expect((await fixture.call("echo")).invocation.outcome).toBe("ok");
    expect(transitions).toContain("open");
  });

  it("counts a time limit as a failure, and the call may have happened", async () => {
    await open({
      "servers/lab.yaml": labServer.replace("timeout: 5000", "timeout: 200").replace("trusted: true", "trusted: false"),
    });
    const { error } = await fixture.call("slow", { ms: 60_000 });
    expect(error!.code).toBe("outcome_unknown");
    expect(fixture.core.circuits.view("lab", null).state).toEqual({ kind: "closed", failures: 1 });
  });
});
