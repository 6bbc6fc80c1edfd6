import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { cliFolder } from "../../electron/cli/fixtures/cli-fixture.ts";
import { openDatabase } from "../../electron/core/journal/database.ts";
import { InvocationTable } from "../../electron/core/journal/invocation-table.ts";
import { descendantsOf, survivorsOf } from "../fixtures/processes.ts";
import { FaultBench, neighbourBoundMs, type Settings } from "./fault-bench.ts";
import { stdioServer } from "./stdio-server.ts";

let bench: FaultBench;

afterEach(() => bench.close());

const open = async (settings: Settings) => (bench = await FaultBench.open(settings));
/** What the journal on disk says of calls of the server under test. */
function recorded() {
  const { database } = openDatabase(join(bench.fixture.folder, "data/journal.sqlite"), bench.clock);
  try {
    return new InvocationTable(database).select({ server: "sut" }, null, 10);
  } finally {
    database.close();
  }
}

const eventually = (check: () => unknown, timeout = 3_000) => vi.waitFor(check, { timeout, interval: 10 });

describe("a server that heeds neither the end of its input nor TERM, and has a child that does the same", () => {
  it("is gone, child and all, about four seconds after it is closed", async () => {
    await open(stdioServer([{ ignore: ["EOF", "TERM"] }]));
    const { text } = await bench.play([{ child: true }]);
    const running = await bench.watchProcesses();
    expect(running.map(({ pid }) => pid)).toContain(Number(text));
    const startedAt = performance.now();
    await bench.core.servers.disconnect("sut");
    await eventually(async () => expect(await survivorsOf(running)).toEqual([]));
    const ms = performance.now() - startedAt;
    expect(ms).toBeGreaterThan(3_900);
    expect(ms).toBeLessThan(5_000);
    const { error, invocation } = await bench.fixture.call("echo");
    expect(error).toBeNull();
    expect(invocation.durationMs).toBeLessThan(neighbourBoundMs);
  });
});

describe("a server that exits at once", () => {
  it("is parked at the third time, with its last words", async () => {
    await open(stdioServer([{ complain: "no licence for this machine" }, { exit: 3 }]));
    const codes: (string | null)[] = [];
    await eventually(async () => {
      const story = await bench.play([{ answer: "yes" }]);
      expect(story.outcome).toBe("transport_error");
      expect(story.neighbourMs).toBeLessThan(neighbourBoundMs);
      codes.push(story.code);
      expect(bench.state.kind).toBe("parked");
    });
    expect(new Set(codes)).toEqual(new Set(["connection_failed"]));
    expect(bench.state).toMatchObject({
      cause: "exits",
      reason: expect.stringContaining("exited three times"),
      stderr: expect.arrayContaining(["no licence for this machine"]),
    });
    // Parked, it is started by no call, and what the call says is why.
    const story = await bench.play([{ answer: "yes" }]);
    expect(story.message).toContain("parked");
    expect(bench.log().match(/no licence/g)).toHaveLength(3);
  });
});

describe("a program that cannot be started", () => {
  it("is parked, and the error says what to install, where there is none of that name", async () => {
    await open({ transport: "stdio", command: "no-such-program-anywhere", args: [] });
    const story = await bench.play([]);
    expect(story).toMatchObject({ code: "connection_failed", outcome: "transport_error", circuit: 1 });
    expect(story.message).toContain("Install no-such-program-anywhere");
    expect(bench.state).toMatchObject({
      kind: "parked",
      cause: "configuration",
      hint: expect.stringContaining("Install"),
    });
    expect(story.neighbourMs).toBeLessThan(neighbourBoundMs);
  });

  it("is parked, and the error says what to fix, where it may not be run", async () => {
    await open({ transport: "stdio", command: "${catalog}/program", args: [] });
    const program = join(bench.fixture.folder, "catalog/program");
    writeFileSync(program, "#!/bin/sh\n");
    chmodSync(program, 0o644);
    const story = await bench.play([]);
    expect(story).toMatchObject({ code: "connection_failed", outcome: "transport_error", circuit: 1 });
    expect(story.message).toContain("chmod +x");
    expect(bench.state).toMatchObject({ kind: "parked", cause: "configuration" });
    expect(story.neighbourMs).toBeLessThan(neighbourBoundMs);
  });
});

describe("an app that is killed while servers run for it", () => {
  it("leaves none: the next start ends them, and the call that was on its way is on record as interrupted", async () => {
    await open(stdioServer([{ ignore: ["EOF"] }]));
    await bench.core.close();
    const env = {
      ...process.env,
      MAGSAG_MCP_ENABLED: "true",
      SWITCHGEAR_DATA: join(bench.fixture.folder, "data"),
      SWITCHGEAR_CATALOG: join(bench.fixture.folder, "catalog"),
    };
    const args = ["call", "sut", "play", "--args", '{"steps":[{"arrive":true}]}'];
    const app = spawn(process.execPath, [join(cliFolder, "cli.js"), ...args], { env, stdio: "ignore" });
    await eventually(() => expect(recorded()).toMatchObject([{ server: "sut", phase: "running" }]), 8_000);
    const orphans = (await descendantsOf(app.pid!)).filter(({ command }) => command.includes("stdio-server"));
    expect(orphans).toHaveLength(1);
    app.kill("SIGKILL");
    await once(app, "exit");
    expect(await survivorsOf(orphans)).toHaveLength(1);
    await bench.start();
    await eventually(async () => expect(await survivorsOf(orphans)).toEqual([]));
    const { rows } = await bench.core.journal.list({ server: "sut" }, null, 10);
    expect(rows).toMatchObject([{ outcome: "interrupted", phase: "done" }]);
  });
});
