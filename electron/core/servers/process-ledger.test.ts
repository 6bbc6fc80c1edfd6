import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createSystemClock } from "../clock.ts";
import { silentLogger } from "../logger.ts";
import { ProcessLedger } from "./process-ledger.ts";

let dataFolder: string;
let started: ChildProcess[];

const ledger = () => new ProcessLedger({ dataFolder, clock: createSystemClock(), logger: silentLogger });
const file = (pid: number) => join(dataFolder, "processes", `${pid}.json`);

function start(script = "setInterval(() => {}, 1000)"): number {
  const child = spawn(process.execPath, ["-e", script], { detached: true, stdio: ["ignore", "pipe", "ignore"] });
  started.push(child);
  return child.pid as number;
}

const lives = (pid: number) =>
  started.some((child) => child.pid === pid && child.exitCode === null && child.signalCode === null);

async function untilGone(pid: number): Promise<void> {
  await expect.poll(() => lives(pid), { timeout: 10_000 }).toBe(false);
}

/** Rewrites this instance's ledger as that of an instance which is gone. */
function crash(change: (ledger: { owner: { pid: number; startedAt: string } }) => void): void {
  const content = JSON.parse(readFileSync(file(process.pid), "utf8"));
  change(content);
  rmSync(file(process.pid));
  writeFileSync(file(content.owner.pid), JSON.stringify(content));
}

beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), "ledger-"));
  started = [];
});

afterEach(() => {
  for (const child of started) if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
  rmSync(dataFolder, { recursive: true, force: true });
});

describe.skipIf(process.platform === "win32")("ProcessLedger", () => {
  it("ends what an instance left behind that is gone, and forgets it", async () => {
    const pid = start();
    ledger().add(pid);
    crash(({ owner }) => (owner.startedAt = "another boot:1"));
    expect(await ledger().sweep()).toEqual([pid]);
    await untilGone(pid);
    expect(readdirSync(join(dataFolder, "processes"))).toEqual([]);
  });

  it("ends one that does not heed TERM, too", async () => {
    const pid = start("process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('ready')");
    await once(started[0]?.stdout as Readable, "data");
    ledger().add(pid);
    crash(({ owner }) => (owner.startedAt = "another boot:1"));
    expect(await ledger().sweep()).toEqual([pid]);
    await untilGone(pid);
  });

  it("spares the children of an instance that lives", async () => {
    const pid = start();
    ledger().add(pid);
    expect(await ledger().sweep()).toEqual([]);
    expect(lives(pid)).toBe(true);
  });

  it("spares a process that only has the pid of one that was left behind", async () => {
    const pid = start();
    ledger().add(pid);
    crash((content) => {
      content.owner.startedAt = "another boot:1";
      Object.assign(content, { children: [{ pid, startedAt: "another boot:2" }] });
    });
    expect(await ledger().sweep()).toEqual([]);
    expect(lives(pid)).toBe(true);
  });

  it("is kept where a child outlives the end, so that the next instance ends it", async () => {
    const pid = start();
    const book = ledger();
    book.add(pid);
    book.close();
    crash(({ owner }) => (owner.startedAt = "another boot:1"));
    expect(await ledger().sweep()).toEqual([pid]);
    await untilGone(pid);
  });

  it("forgets children that have ended when it records another", async () => {
    const book = ledger();
    const short = start("");
    book.add(short);
    await untilGone(short);
    const long = start();
    book.add(long);
    const { children } = JSON.parse(readFileSync(file(process.pid), "utf8"));
    expect(children.map(({ pid }: { pid: number }) => pid)).toEqual([long]);
  });

  it("leaves nothing after an orderly end, and survives a damaged ledger", async () => {
    const book = ledger();
    const pid = start();
    book.add(pid);
    process.kill(pid, "SIGKILL");
    await untilGone(pid);
    book.close();
    expect(existsSync(file(process.pid))).toBe(false);
    mkdirSync(join(dataFolder, "processes"), { recursive: true });
    writeFileSync(file(1), "{ broken");
    expect(await ledger().sweep()).toEqual([]);
    expect(readdirSync(join(dataFolder, "processes"))).toEqual([]);
  });
});
