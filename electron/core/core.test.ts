import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { startFaultLab } from "../fault-lab/start.ts";
import { CoreFixture, labServer } from "./fixtures/core-fixture.ts";
import { SqlDatabase } from "./journal/sql-database.ts";

let fixture: CoreFixture;
const all = { connect: "all" } as const;
const stateOf = (id: string) => fixture.core.servers.list().find((server) => server.id === id)?.connection.kind;
const eventually = (check: () => unknown) => vi.waitFor(check, { timeout: 10_000, interval: 20 });

afterEach(async () => fixture[Symbol.asyncDispose]());

describe("the catalog", () => {
  it("is copied from the bundled one on the first run, and never over a person's files", async () => {
    fixture = await CoreFixture.open({}, {});
    await fixture.core.close();
    rmSync(join(fixture.folder, "catalog"), { recursive: true });
    await fixture.start();
    expect(fixture.core.servers.list().map(({ id }) => id)).toEqual([
      "everything",
      "fault-lab",
      "fault-lab-ws",
      "filesystem",
    ]);
    expect(fixture.core.policy.current().state).toBe("valid");
    await fixture.core.close();
    writeFileSync(fixture.policyFile, "default_permission: NEVER\n");
    await fixture.start();
    expect(readFileSync(fixture.policyFile, "utf8")).toBe("default_permission: NEVER\n");
  });

  it("is followed: a new file connects, a broken one is told with its place, and the others keep their sessions", async () => {
    fixture = await CoreFixture.open({}, { MAGSAG_MCP_ENABLED: "true" }, all);
    await eventually(() => expect(stateOf("lab")).toBe("ready"));
    const session = await fixture.core.servers.connection("lab").session();
    fixture.write("servers/second.yaml", labServer.replace("id: lab", "id: second"));
    await eventually(() => expect(stateOf("second")).toBe("ready"));
    fixture.write("servers/second.yaml", "id: second\ntransport: smoke\n");
    await eventually(() => expect(fixture.core.status().catalog.problems).toHaveLength(1));
    expect(fixture.core.status().catalog.problems[0]).toMatchObject({
      line: 2,
      file: expect.stringContaining("second.yaml"),
    });
    await eventually(() => expect(stateOf("second")).toBeUndefined());
    expect(fixture.core.circuits.list().map(({ server }) => server)).toEqual(["lab"]);
    expect(await fixture.core.servers.connection("lab").session()).toBe(session);
  });
});

describe("the fault lab", () => {
  it("that takes its time to start brings back no server that was removed meanwhile", async () => {
    fixture = await CoreFixture.open();
    await fixture.core.close();
    rmSync(join(fixture.folder, "catalog/servers/lab.yaml"));
    let release = () => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    const startSlowly = vi.fn(() => released.then(() => startFaultLab()));
    await fixture.start(all, { startFaultLab: startSlowly });
    fixture.write("servers/lab.yaml", labServer);
    await eventually(() => expect(startSlowly).toHaveBeenCalled());
    rmSync(join(fixture.folder, "catalog/servers/lab.yaml"));
    fixture.write("servers/other.yaml", "id: other\ntransport: http\nurl: http://127.0.0.1:9/mcp\n");
    await eventually(() => expect(stateOf("other")).toBeDefined());
    release();
    await startSlowly.mock.results[0]!.value;
    await new Promise(setImmediate);
    expect(fixture.core.servers.list().map(({ id }) => id)).toEqual(["other"]);
  });
});

describe("the master switch", () => {
  it("starts what is enabled when it is turned on, and closes everything when it is turned off", async () => {
    fixture = await CoreFixture.open({}, {}, all);
    expect(stateOf("lab")).toBe("idle");
    const told: boolean[] = [];
    fixture.core.events.on("status.changed", ({ mcp }) => told.push(mcp.enabled));
    fixture.core.settings.set({ mcpEnabled: true });
    await eventually(() => expect(stateOf("lab")).toBe("ready"));
    const slow = fixture.call("slow", { ms: 60_000 });
    await eventually(() => expect(fixture.core.servers.connection("lab").state.kind).toBe("ready"));
    fixture.core.settings.set({ mcpEnabled: false });
    await eventually(() => expect(stateOf("lab")).toBe("closed"));
    expect((await slow).error).not.toBeNull();
    expect((await fixture.call("echo")).error!.code).toBe("mcp_disabled");
    await eventually(() => expect(told).toContain(false));
    fixture.core.settings.set({ mcpEnabled: true });
    await eventually(() => expect(stateOf("lab")).toBe("ready"));
  });
});

describe("the status", () => {
  it("counts circuits that are not closed and calls that wait, and tells each change once", async () => {
    fixture = await CoreFixture.open({ "policies/mcp_permissions.yaml": "default_permission: REQUIRE_APPROVAL\n" });
    fixture.core.circuits.trip("lab", null, { who: "console", why: "maintenance" });
    expect(fixture.core.status()).toMatchObject({ circuitsNotClosed: 1, pendingApprovals: 0 });
    fixture.core.circuits.reset("lab", null, { who: "console", why: "done" });
    const counts: number[] = [];
    fixture.core.events.on("status.changed", ({ pendingApprovals }) => counts.push(pendingApprovals));
    const call = fixture.call("wipe", { path: "/" });
    await eventually(() => expect(counts).toContain(1));
    fixture.core.approvals.deny(fixture.core.approvals.list("pending")[0]!.id, "console", "No.");
    await call;
    await eventually(() => expect(counts.at(-1)).toBe(0));
  });
});

describe("an environment that the policy does not know", () => {
  it("is told until it is mended", async () => {
    const file = "default_permission: ALWAYS\nenvironments: { staging: {} }\n";
    const env = { MAGSAG_MCP_ENABLED: "true", SWITCHGEAR_ENV: "stagging" };
    fixture = await CoreFixture.open({ "policies/mcp_permissions.yaml": file }, env);
    expect(fixture.core.status().notices).toMatchObject([
      { id: "environment", message: expect.stringContaining('"stagging"') },
    ]);
    fixture.write("policies/mcp_permissions.yaml", file.replace("staging", "stagging"));
    fixture.core.policy.reload();
    expect(fixture.core.status().notices).toEqual([]);
  });
});

describe("the journal", () => {
  it("is set aside where it is damaged, a new one begun, and the console says so", async () => {
    fixture = await CoreFixture.open();
    await fixture.call("echo", { message: "before" });
    await fixture.core.close();
    const file = join(fixture.folder, "data/journal.sqlite");
    writeFileSync(file, "this is no database, and it is long enough to be read as one".repeat(100));
    await fixture.start();
    const [notice] = fixture.core.status().notices;
    expect(notice).toMatchObject({ id: "journal-damaged", hint: expect.stringContaining("journal-damaged-") });
    expect(
      readdirSync(join(fixture.folder, "data")).some((name) => /^journal-damaged-\d{4}-.*\.sqlite$/.test(name)),
    ).toBe(true);
    expect((await fixture.call("echo", { message: "after" })).error).toBeNull();
    fixture.core.notices.dismiss("journal-damaged");
    expect(fixture.core.status().notices).toEqual([]);
  });

  it("that cannot be used refuses every call in words, and nothing is executed unrecorded", async () => {
    fixture = await CoreFixture.open();
    await fixture.core.close();
    const file = join(fixture.folder, "data/journal.sqlite");
    for (const name of readdirSync(join(fixture.folder, "data")))
      if (name.startsWith("journal")) rmSync(join(fixture.folder, "data", name));
    mkdirSync(file);
    await fixture.start();
    expect(fixture.core.status().journal).toMatchObject({
      state: "unavailable",
      file,
      hint: expect.stringContaining("folder"),
    });
    const { error } = await fixture.call("wipe", { path: "/" });
    expect(error).toMatchObject({ code: "journal_unavailable" });
    expect(stateOf("lab")).toBe("idle");
    await fixture.core.close();
    chmodSync(file, 0o755);
    rmSync(file, { recursive: true });
    await fixture.start();
    expect(await fixture.arrived("wipe")).toBe(0);
    expect(existsSync(file)).toBe(true);
  });

  it("that breaks while it is in use is told by the status, which is told all the same", async () => {
    fixture = await CoreFixture.open();
    const other = new SqlDatabase(join(fixture.folder, "data/journal.sqlite"));
    other.exec("DROP TABLE tickets");
    other.close();
    expect(fixture.core.status()).toMatchObject({
      pendingApprovals: 0,
      openQuestions: 0,
      journal: { state: "unavailable", reason: expect.stringContaining("tickets") },
    });
  });

  it("keeps who reset a circuit and why", async () => {
    fixture = await CoreFixture.open();
    fixture.core.circuits.trip("lab", null, { who: "console", why: "maintenance" });
    const [latest] = fixture.core.circuits.view("lab", null).transitions;
    expect(latest).toMatchObject({
      to: "open",
      cause: { kind: "operator", action: "trip", who: "console", why: "maintenance" },
    });
  });
});

describe("the rate limits", () => {
  it("still count what they counted before the policy file was invalid for a while", async () => {
    const limited = "default_permission: ALWAYS\nrate_limits: { global: { calls_per_minute: 1 } }\n";
    fixture = await CoreFixture.open({ "policies/mcp_permissions.yaml": limited });
    await fixture.call("echo");
    for (const text of ["default_permission: PERHAPS\n", limited]) {
      writeFileSync(fixture.policyFile, text);
      fixture.core.policy.reload();
    }
    expect((await fixture.call("echo")).error!.code).toBe("rate_limited");
  });
});

describe("a dry run", () => {
  it("sees the circuit of the tool, where it has one of its own", async () => {
    fixture = await CoreFixture.open({
      "servers/lab.yaml": labServer.replace("timeout_seconds: 60", "per_tool: true"),
    });
    await fixture.call("echo");
    fixture.core.circuits.trip("lab", "echo", { who: "console", why: "maintenance" });
    const preview = (tool: string) =>
      fixture.core.tools.preview({ server: "lab", tool, args: { path: "/" }, client: "console" });
    expect(preview("echo").obstacles).toMatchObject([
      { code: "circuit_open", message: expect.stringContaining("lab.echo") },
    ]);
    expect(preview("wipe").obstacles).toEqual([]);
  });

  it("tells the decision and everything that stands in the way, and sends nothing", async () => {
    fixture = await CoreFixture.open();
    await fixture.call("echo");
    fixture.core.circuits.trip("lab", null, { who: "console", why: "maintenance" });
    const preview = fixture.core.tools.preview({ server: "lab", tool: "wipe", args: { path: 7 }, client: "console" });
    expect(preview.decision).toMatchObject({ level: "ALWAYS" });
    expect(preview.obstacles.map(({ code }) => code)).toEqual(["invalid_arguments", "circuit_open"]);
    fixture.core.circuits.reset("lab", null, { who: "console", why: "done" });
    expect(await fixture.arrived("wipe")).toBe(0);
  });

  it("of an unknown tool says so", async () => {
    fixture = await CoreFixture.open({}, {});
    const { obstacles } = fixture.core.tools.preview({ server: "lab", tool: "nothing", args: {}, client: "console" });
    expect(obstacles.map(({ code }) => code)).toEqual(["mcp_disabled", "unknown_tool"]);
  });
});

describe("closing", () => {
  it("twice is closing once, and leaves no process behind", async () => {
    fixture = await CoreFixture.open(
      {
        "servers/stdio.yaml":
          'id: stdio\ntransport: stdio\ncommand: ${node}\nargs: ["${app}/node_modules/@modelcontextprotocol/server-everything/dist/index.js", stdio]\n',
      },
      { MAGSAG_MCP_ENABLED: "true" },
      all,
    );
    await eventually(() => expect(stateOf("stdio")).toBe("ready"));
    const ledger = join(fixture.folder, `data/processes/${process.pid}.json`);
    await eventually(() => expect(existsSync(ledger)).toBe(true));
    const { children } = JSON.parse(readFileSync(ledger, "utf8")) as { children: { pid: number }[] };
    await Promise.all([fixture.core.close(), fixture.core.close()]);
    for (const { pid } of children) expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
    expect(existsSync(ledger)).toBe(false);
  });
});
