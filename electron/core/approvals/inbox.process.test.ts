import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createSystemClock } from "../clock.ts";
import { CoreEvents } from "../events.ts";
import { openDatabase } from "../journal/database.ts";
import { isProcessAlive, processIdentity } from "../process-identity.ts";
import { silentLogger } from "../logger.ts";
import { ApprovalInbox } from "./inbox.ts";

let file: string;
let inbox: ApprovalInbox;
const started: { kill(signal: "SIGKILL"): boolean }[] = [];

const openInbox = () => {
  const clock = createSystemClock();
  const { database } = openDatabase(file, clock);
  const events = new CoreEvents(silentLogger);
  const owner = processIdentity();
  return new ApprovalInbox({ database, clock, events, logger: silentLogger, owner, isOwnerAlive: isProcessAlive });
};
const request = (invocationId: string) =>
  inbox.request(
    {
      ...{
        invocationId,
        server: "lab",
        tool: "charge",
        args: {},
        fingerprint: "f",
        client: "library",
        environment: "production",
      },
      ...{ decision: { rule: "default", trace: [] }, timeoutMs: 60_000, destructiveHint: null },
    },
    new AbortController().signal,
  );
/** Starts the other process; `line()` reads what it says next. */
const other = (...order: string[]) => {
  const loader = new URL("../fixtures/typescript-loader.mjs", import.meta.url).href;
  const script = fileURLToPath(new URL("./fixtures/second-process.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", loader, script, file, ...order], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  started.push(child);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return { child, line: async () => String((await lines.next()).value) };
};

beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), "switchgear-")), "journal.sqlite");
  inbox = openInbox();
});

afterEach(() => {
  inbox.close();
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

describe("a second process", () => {
  it("gets an approval from this one and uses it once", async () => {
    const { line } = other("request");
    const id = await line();
    await vi.waitFor(() => expect(inbox.pendingCount()).toBe(1));
    inbox.approve(id, "console");
    expect(await line()).toBe("approved true");
    expect(inbox.markExecuted(id)).toBe(false);
  });

  it("killed while it waits leaves a ticket that is interrupted, never executed", async () => {
    const { child, line } = other("request");
    const id = await line();
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(() => inbox.approve(id, "console")).toThrow(/already interrupted/);
    expect(inbox.markExecuted(id)).toBe(false);
  });

  it("racing this one to a verdict wins or loses each, never both", async () => {
    const requests = Array.from({ length: 40 }, (_, n) => request(`call-${n}`));
    const { child, line } = other("deny", ...requests.map(({ ticket }) => ticket.id));
    expect(await line()).toBe("ready");
    child.stdin.write("go\n");
    const here: string[] = [];
    // From the other end, one a turn, so that both are at it at once.
    for (const { ticket } of requests.toReversed()) {
      await new Promise((resolve) => setImmediate(resolve));
      try {
        here.unshift(inbox.approve(ticket.id, "here").state);
      } catch (error) {
        here.unshift((error as { code: string }).code);
      }
    }
    for (const [n, { ticket, verdict }] of requests.entries()) {
      const there = await line();
      const won = here[n] === "approved";
      expect([here[n], there]).toEqual(won ? ["approved", "already_resolved"] : ["already_resolved", "denied"]);
      expect(inbox.get(ticket.id).verdict?.by).toBe(won ? "here" : "there");
      if (won) await expect(verdict).resolves.toMatchObject({ state: "approved" });
      else await expect(verdict).rejects.toMatchObject({ code: "approval_denied" });
    }
  });
});
