/** The Prometheus endpoint of a whole core, asked over a real socket. */
import { request } from "node:http";
import { describe, expect, it, vi } from "vitest";
import { CoreFixture } from "../fixtures/core-fixture.ts";

const policy = `default_permission: ALWAYS
tools:
  "lab.wipe": { permission: REQUIRE_APPROVAL }
  "lab.error": { permission: NEVER }
`;
class MetricsFixture implements AsyncDisposable {
  readonly core: CoreFixture;
  readonly token: string;

  private constructor(core: CoreFixture) {
    this.core = core;
    this.token = core.core.access.create("metrics", "prometheus", "console").token;
  }

  static async open(): Promise<MetricsFixture> {
    const core = CoreFixture.create({
      "servers/dead.yaml": "id: dead\ntransport: http\nurl: http://127.0.0.1:9/mcp\n",
      "policies/mcp_permissions.yaml": policy,
    });
    await core.start({ connect: "on-demand", listen: true });
    const fixture = new MetricsFixture(core);
    core.core.settings.set({ metrics: { enabled: true, port: 0 } });
    await vi.waitFor(() => expect(fixture.state.state).toBe("listening"), { timeout: 10_000 });
    return fixture;
  }

  get state() {
    return this.core.core.endpoints.list().find(({ area }) => area === "metrics")!.state;
  }

  get url(): string {
    return this.state.state === "listening" ? this.state.url : "";
  }

  ask(headers: Record<string, string> = {}, url = this.url, init: RequestInit = {}): Promise<Response> {
    return fetch(url, { ...init, headers: { authorization: `Bearer ${this.token}`, ...headers } });
  }

  /** What is told, without the remarks: series → value. */
  async scrape(): Promise<Map<string, number>> {
    const lines = (await (await this.ask()).text()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.split(" ").at(-1))]));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.core[Symbol.asyncDispose]();
  }
}

describe("the metrics endpoint", () => {
  it("is off until the settings switch it on, and off again with them", async () => {
    await using core = CoreFixture.create();
    await core.start({ connect: "on-demand", listen: true });
    const state = () => core.core.endpoints.list().find(({ area }) => area === "metrics")!.state;
    expect(state()).toEqual({ state: "off" });
    core.core.settings.set({ metrics: { enabled: true, port: 0 } });
    await vi.waitFor(() => expect(state().state).toBe("listening"), { timeout: 10_000 });
    const { url } = state() as { url: string };
    core.core.settings.set({ metrics: { enabled: false, port: 0 } });
    await vi.waitFor(() => expect(state()).toEqual({ state: "off" }), { timeout: 10_000 });
    await expect(fetch(url)).rejects.toThrow();
  });

  it("answers those with a token of its own, in Prometheus' text format", async () => {
    await using fixture = await MetricsFixture.open();
    const answer = await fixture.ask();
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(await answer.text()).toContain("# TYPE switchgear_calls_total counter");
    expect((await fetch(fixture.url)).status).toBe(401);
    const foreign = fixture.core.core.access.create("gateway", "cursor", "console").token;
    expect((await fixture.ask({ authorization: `Bearer ${foreign}` })).status).toBe(401);
  });

  it("refuses foreign pages and names, other paths and other methods", async () => {
    await using fixture = await MetricsFixture.open();
    expect((await fixture.ask({ origin: "http://evil.test" })).status).toBe(403);
    expect(await statusFor(fixture, "rebound.evil.test")).toBe(403);
    expect((await fixture.ask({}, fixture.url.replace("/metrics", "/"))).status).toBe(404);
    expect((await fixture.ask({}, fixture.url, { method: "DELETE" })).status).toBe(405);
  });

  it("tells calls as they ended, with their attempts and durations", async () => {
    await using fixture = await MetricsFixture.open();
    const { core } = fixture;
    await core.call("echo", { message: "a" });
    await core.call("echo", { message: "b" });
    await core.call("error");
    await core.call("made-up-by-the-caller");
    await core.call("echo", {}, { server: "nowhere" });
    const told = await fixture.scrape();
    const labels = 'server="lab",tool="echo"';
    expect(told.get(`switchgear_calls_total{${labels},outcome="ok"}`)).toBe(2);
    expect(told.get('switchgear_calls_total{server="lab",tool="error",outcome="refused"}')).toBe(1);
    expect(told.get('switchgear_calls_total{server="lab",tool="_other",outcome="refused"}')).toBe(1);
    expect(told.get('switchgear_calls_total{server="_other",tool="_other",outcome="refused"}')).toBe(1);
    expect(told.get(`switchgear_call_duration_seconds_count{${labels}}`)).toBe(2);
    expect(told.get(`switchgear_call_duration_seconds_bucket{le="+Inf",${labels}}`)).toBe(2);
    expect(told.get(`switchgear_call_duration_seconds_sum{${labels}}`)).toBeGreaterThan(0);
    expect(told.get(`switchgear_call_attempts_total{${labels}}`)).toBe(2);
    expect(told.get(`switchgear_call_retries_total{${labels}}`)).toBe(0);
    expect(told.get('switchgear_call_attempts_total{server="lab",tool="error"}')).toBe(0);
  });

  it("tells how circuits, connections, tickets, the journal and the process stand", async () => {
    await using fixture = await MetricsFixture.open();
    const { core } = fixture;
    await core.call("echo", { message: "a" });
    const waiting = core.call("wipe");
    await vi.waitFor(() => expect(core.core.approvals.pendingCount()).toBe(1));
    core.core.circuits.trip("lab", null, { who: "console", why: "to see" });
    const told = await fixture.scrape();
    expect(told.get('switchgear_circuit_state{server="lab",tool="",state="open"}')).toBe(1);
    expect(told.get('switchgear_circuit_state{server="lab",tool="",state="closed"}')).toBe(0);
    expect(told.get('switchgear_connection_state{server="lab",state="ready"}')).toBe(1);
    expect(told.get('switchgear_connection_state{server="lab",state="closed"}')).toBe(0);
    expect(told.get("switchgear_approvals_pending")).toBe(1);
    expect(told.get("switchgear_mcp_enabled")).toBe(1);
    expect(told.get("switchgear_policy_valid")).toBe(1);
    expect(told.get("switchgear_journal_ready")).toBe(1);
    expect(told.get("switchgear_journal_bytes")).toBeGreaterThan(4_096);
    expect(told.get("process_resident_memory_bytes")).toBeGreaterThan(1e7);
    expect(told.get("process_cpu_seconds_total")).toBeGreaterThan(0);
    expect(Math.abs(Date.now() / 1000 - told.get("process_start_time_seconds")!)).toBeLessThan(3_600);
    expect(told.get('switchgear_info{version="0.0.0",runtime="tests"}')).toBe(1);
    const [ticket] = core.core.approvals.list("pending");
    core.core.approvals.deny(ticket!.id, "console", "no");
    await waiting;
    expect((await fixture.scrape()).get("switchgear_approvals_pending")).toBe(0);
  });

  it("counts the attempts of a call that is sent again", async () => {
    await using fixture = await MetricsFixture.open();
    const { invocation } = await fixture.core.call("echo", {}, { server: "dead" });
    const told = await fixture.scrape();
    // A server that never answered has listed no tool.
    const labels = 'server="dead",tool="_other"';
    expect(told.get(`switchgear_calls_total{${labels},outcome="transport_error"}`)).toBe(1);
    expect(told.get(`switchgear_call_attempts_total{${labels}}`)).toBe(invocation.attempts);
    expect(told.get(`switchgear_call_retries_total{${labels}}`)).toBe(invocation.attempts - 1);
    expect(invocation.attempts).toBeGreaterThan(1);
  });
});

/** fetch does not let a caller choose the name. */
function statusFor({ url, token }: MetricsFixture, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers: { host, authorization: `Bearer ${token}` } }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    });
    asked.once("error", reject);
    asked.end();
  });
}
