/** What the screens cost with a million calls in the log: in the packaged application where there is one, else in the built one. */
import { chromium, type Browser, type Page } from "@playwright/test";
import type { ChildProcess } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Bridge } from "../shared/contract.ts";
import { debuggerAddress, startConsole, stop } from "./child.ts";
import { time, type Row } from "./report.ts";
import { seedLog } from "./seed-log.ts";
import { median, spreadOf } from "./statistics.ts";

const patienceMs = 60_000;
const frameMs = 1000 / 60;
/** Calls a second whose beginning, running and end are 1,000 events. */
const callsPerSecond = 334;

// What runs in the page, which has names that this process does not know.
const openActivity = `(async () => {
  const at = performance.now();
  document.querySelector('nav a[href$="/activity"]').click();
  while (!document.querySelector('[role="grid"] [role="gridcell"]')) await new Promise(requestAnimationFrame);
  return performance.now() - at;
})()`;
const frameCounter = `async (duration, pixels, idealMs) => {
  const longTasks = [];
  const observer = new PerformanceObserver((list) => longTasks.push(...list.getEntries().map((task) => task.duration)));
  observer.observe({ type: "longtask" });
  const grid = document.querySelector('[role="grid"]');
  const took = [];
  const startedAt = performance.now();
  for (let before = startedAt; before - startedAt < duration; ) {
    const now = await new Promise(requestAnimationFrame);
    took.push(now - before);
    before = now;
    if (pixels > 0) grid.scrollBy(0, pixels);
  }
  observer.disconnect();
  // The first one began before it was watched.
  const frames = took.slice(1);
  const lost = frames.reduce((sum, ms) => sum + Math.max(0, Math.round(ms / idealMs) - 1), 0);
  const rows = Math.floor((grid?.scrollTop ?? 0) / 32);
  return { lost, seen: frames.length, worstMs: Math.max(...frames), longTasks, rows };
}`;
/** The panel is on the screen, and the page answers again: by the page's own clock, however late this process looks. */
const whenDrawn = `(async () => {
  const buffered = (type) =>
    new Promise((resolve) => {
      new PerformanceObserver((list) => resolve(list.getEntries())).observe({ type, buffered: true });
      setTimeout(() => resolve([]), 200);
    });
  const paints = [...performance.getEntriesByName("first-contentful-paint"), ...(await buffered("largest-contentful-paint"))];
  const drawn = Math.max(...paints.map((paint) => paint.startTime));
  const tasks = (await buffered("longtask")).filter((task) => task.startTime <= drawn + 50);
  return performance.timeOrigin + Math.max(drawn, ...tasks.map((task) => task.startTime + task.duration));
})()`;

/** @param quick seeds fewer rows. */
export async function measureUi(app: string, rounds: number, quick: boolean): Promise<Row[]> {
  const [electron, ...machineArguments] = JSON.parse(process.env.BENCH_ELECTRON ?? "[]") as string[];
  const packaged = join(app, "dist/linux-unpacked/switchgear");
  const isPackaged = existsSync(packaged) && !process.argv.includes("--built");
  const command = isPackaged ? [packaged, ...machineArguments] : [electron ?? "", ...machineArguments, app];
  const folder = mkdtempSync(join(tmpdir(), "switchgear-ui-"));
  const count = quick ? 100_000 : 1_000_000;
  try {
    cpSync(join(app, "catalog"), join(folder, "catalog"), { recursive: true });
    mkdirSync(join(folder, "data"));
    const retention = { days: 3_650, megabytes: 100_000 };
    writeFileSync(join(folder, "data/settings.json"), JSON.stringify({ retention }));
    const seededMs = seedLog(join(folder, "data/journal.sqlite"), count);
    const where = isPackaged ? "packaged" : "built";
    const rows: Row[] = [
      { name: `seeding ${count.toLocaleString("en")} calls`, measured: `${(seededMs / 1000).toFixed(0)} s` },
    ];
    await using first = await Running.start(command, folder);
    rows.push(...(await measureWindow(first.page, first)).map((row) => ({ ...row, name: `${where}: ${row.name}` })));
    const starts: number[] = [];
    await first[Symbol.asyncDispose]();
    for (let round = 0; round < rounds; round += 1) {
      await using again = await Running.start(command, folder);
      starts.push(again.startedInMs);
    }
    rows.push({
      name: `${where}: start to interactive, with that log`,
      measured: time(spreadOf(starts)),
      target: "≤ 1.5 s",
    });
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureWindow(page: Page, running: Running): Promise<Row[]> {
  const ask = (filter: object) => timesOf(page, filter);
  const rows: Row[] = [];
  const page1 = async (name: string, filter: object) =>
    rows.push({ name: `first page, ${name}`, measured: time(spreadOf(await ask(filter))), target: "< 100 ms" });
  await page1("everything", {});
  await page1("one server and outcome", { server: "server-3", outcomes: ["timeout"] });
  await page1("a word of every twelfth call", { text: "invoice" });
  await page1("two words", { text: "invoice weather" });
  await page1("a word of one call", { text: "77777.txt" });
  await page1("a word of the last hour", { text: "invoice", from: Date.now() - 3_600_000 });

  const opened = await page.evaluate<number>(openActivity);
  rows.push({ name: "Activity, from the click to its rows", measured: `${opened.toFixed(0)} ms`, target: "< 100 ms" });

  const still = await watchFrames(page, 2_000);
  rows.push(...tell("standing still", still));
  const scrolled = await watchFrames(page, 8_000, 150);
  rows.push(...tell("scrolling 9,000 pixels a second", scrolled));
  rows.push({ name: "rows scrolled past", measured: scrolled.rows.toLocaleString("en") });

  const busy = watchFrames(page, 8_000);
  const events = await makeCalls(page, 8_000);
  rows.push(...tell(`${events.perSecond.toFixed(0)} events a second`, await busy));
  rows.push({
    name: "events told",
    measured: `${events.told.toLocaleString("en")} of ${events.made.toLocaleString("en")} calls`,
  });
  rows.push({ name: "memory of the renderer", measured: await running.rendererMemory(), target: "< 250 MB" });
  return rows;
}

type Frames = { lost: number; seen: number; worstMs: number; longTasks: number[]; rows: number };

function tell(name: string, { lost, seen, worstMs, longTasks }: Frames): Row[] {
  const longest = longTasks.length === 0 ? "" : `, the longest ${Math.max(...longTasks).toFixed(0)} ms`;
  return [
    {
      name: `frames lost, ${name}`,
      measured: `${lost} of ${seen + lost}, the longest took ${worstMs.toFixed(0)} ms`,
      target: "0",
    },
    { name: `tasks over 50 ms, ${name}`, measured: `${longTasks.length}${longest}`, target: "0" },
  ];
}

/** Counts frames for a while, and scrolls the log by `step` pixels in each where that is asked for. */
function watchFrames(page: Page, forMs: number, step = 0): Promise<Frames> {
  return page.evaluate<Frames>(`(${frameCounter})(${forMs}, ${step}, ${frameMs})`);
}

/** Real calls at a steady rate, each of which tells of its beginning, its way and its end. */
function makeCalls(page: Page, forMs: number): Promise<{ made: number; told: number; perSecond: number }> {
  return page.evaluate(
    async ([duration, rate]) => {
      const { switchgear } = globalThis as unknown as { switchgear: Bridge };
      let told = 0;
      const unsubscribe = switchgear.subscribe((events) => {
        told += events.filter(({ name }) => name === "invocation.changed").length;
      });
      const startedAt = performance.now();
      const calls: Promise<unknown>[] = [];
      while (performance.now() - startedAt < duration) {
        const due = ((performance.now() - startedAt) / 1000) * rate;
        while (calls.length < due) {
          const call = { id: crypto.randomUUID(), server: "fault-lab", tool: "echo", args: { message: "bench" } };
          calls.push(switchgear.invoke("tools.call", call));
        }
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      await Promise.all(calls);
      const seconds = (performance.now() - startedAt) / 1000;
      unsubscribe();
      return { made: calls.length, told, perSecond: (calls.length * 3) / seconds };
    },
    [forMs, callsPerSecond] as const,
  );
}

/** Milliseconds that the first page of a filter takes, from the page and back. */
async function timesOf(page: Page, filter: object): Promise<number[]> {
  return page.evaluate(async (asked) => {
    const { switchgear } = globalThis as unknown as { switchgear: Bridge };
    const times: number[] = [];
    for (let round = 0; round < 9; round += 1) {
      const at = performance.now();
      await switchgear.invoke("invocations.list", { filter: asked, cursor: null, limit: 200 });
      times.push(performance.now() - at);
    }
    return times;
  }, filter);
}

/** The application, started as a person does. */
class Running implements AsyncDisposable {
  readonly page: Page;
  readonly startedInMs: number;
  #child: ChildProcess;
  #browser: Browser;

  private constructor(child: ChildProcess, browser: Browser, page: Page, startedInMs: number) {
    this.#child = child;
    this.#browser = browser;
    this.page = page;
    this.startedInMs = startedInMs;
  }

  static async start(command: readonly string[], folder: string): Promise<Running> {
    const startedAt = Date.now();
    const child = startConsole(command, folder);
    const browser = await chromium.connectOverCDP(await debuggerAddress(child));
    const context = browser.contexts()[0]!;
    const page = context.pages()[0] ?? (await context.waitForEvent("page", { timeout: patienceMs }));
    const module = page.locator('[role="group"][aria-label="Fault lab breaker"]');
    await module.waitFor({ timeout: patienceMs });
    // When the page was drawn and answered again, by its own clock, however late this process looks.
    const drawnAt = await page.evaluate<number>(whenDrawn);
    await module.getByText("Ready", { exact: true }).waitFor({ timeout: patienceMs });
    return new Running(child, browser, page, drawnAt - startedAt);
  }

  /** What the page alone takes, and what its process shares with none. */
  async rendererMemory(): Promise<string> {
    const cdp = await this.#browser.newBrowserCDPSession();
    const { processInfo } = (await cdp.send("SystemInfo.getProcessInfo")) as {
      processInfo: { type: string; id: number }[];
    };
    const sizes = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => privateMegabytes(id));
    const heap = await this.page.evaluate(
      () => (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize,
    );
    return `${median(sizes).toFixed(0)} MB (${(heap / 1e6).toFixed(0)} MB of it the page’s objects)`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close().catch(() => {});
    await stop(this.#child);
  }
}

/** Proportional, so that what processes share counts once. Linux. */
function privateMegabytes(pid: number): number {
  const kilobytes = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1];
  return Number(kilobytes) / 1000;
}
