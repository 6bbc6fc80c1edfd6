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
import { makeCalls, tell, watchFrames } from "./ui-frames.ts";

const patienceMs = 60_000;

// What runs in the page, which has names that this process does not know.
const openActivity = `(async () => {
  const at = performance.now();
  document.querySelector('nav a[href$="/activity"]').click();
  while (!document.querySelector('[role="grid"] [role="gridcell"]')) await new Promise(requestAnimationFrame);
  return performance.now() - at;
})()`;
/** As many lines as are scrolled past, each as high as a row of the log. */
const fillWithText = `(() => {
  const line = (index) => '<div style="height: 32px; white-space: pre">Line ' + index + ' of plain text, as long as a row of the log</div>';
  const lines = Array.from({ length: 3000 }, (_, index) => line(index)).join("");
  document.body.innerHTML = '<div role="grid" style="position: fixed; inset: 0; overflow: auto">' + lines + "</div>";
})()`;
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

type UiOptions = {
  /** Seeds fewer rows. */
  quick: boolean;
  /** Measures the unpacked application even where there is a packaged one. */
  built: boolean;
};

export async function measureUi(app: string, rounds: number, { quick, built }: UiOptions): Promise<Row[]> {
  const [electron, ...machineArguments] = JSON.parse(process.env.BENCH_ELECTRON ?? "[]") as string[];
  const packaged = join(app, "dist/linux-unpacked/switchgear");
  const isPackaged = existsSync(packaged) && !built;
  const command = isPackaged ? [packaged, ...machineArguments] : [electron ?? "", ...machineArguments, app];
  const folder = mkdtempSync(join(tmpdir(), "switchgear-ui-"));
  const count = quick ? 100_000 : 1_000_000;
  try {
    cpSync(join(app, "catalog"), join(folder, "catalog"), { recursive: true });
    liftRateLimits(join(folder, "catalog/policies/mcp_permissions.yaml"));
    mkdirSync(join(folder, "data"));
    const retention = { days: 3_650, megabytes: 100_000 };
    writeFileSync(join(folder, "data/settings.json"), JSON.stringify({ retention }));
    const seededMs = seedLog(join(folder, "data/journal.sqlite"), count);
    const where = isPackaged ? "packaged" : "built";
    const rows: Row[] = [
      { name: `seeding ${count.toLocaleString("en")} calls`, measured: `${(seededMs / 1000).toFixed(0)} s` },
    ];
    await using first = await Running.start(command, folder);
    const measured = [...(await measureWindow(first.page, first)), ...(await measureEmptyPage(first.page))];
    rows.push(...measured.map((row) => ({ ...row, name: `${where}: ${row.name}` })));
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
  rows.push(...tell("standing still", still, "0"));
  const scrolled = await watchFrames(page, 8_000, 150);
  rows.push(...tell("scrolling 9,000 pixels a second", scrolled, "0"));
  rows.push({ name: "rows scrolled past", measured: scrolled.rows.toLocaleString("en") });

  const busy = watchFrames(page, 8_000);
  const events = await makeCalls(page, 8_000);
  rows.push(...tell(`${events.perSecond.toFixed(0)} events a second`, await busy, "0"));
  rows.push({
    name: "events told",
    measured: `${events.told.toLocaleString("en")} of ${events.made.toLocaleString("en")} calls, ${events.answered.toLocaleString("en")} of which were answered`,
  });
  rows.push({ name: "memory of the renderer", measured: await running.rendererMemory(), target: "< 250 MB" });
  return rows;
}

/** The same on a page without a console: what the machine and its drawing lose by themselves. */
async function measureEmptyPage(page: Page): Promise<Row[]> {
  await page.goto("app://console/empty");
  const rows = tell("an empty page standing still", await watchFrames(page, 2_000));
  await page.evaluate(fillWithText);
  rows.push(...tell("a page of text scrolling as fast", await watchFrames(page, 8_000, 150)));
  await page.goto("app://console/empty");
  const busy = watchFrames(page, 8_000);
  const { perSecond } = await makeCalls(page, 8_000);
  rows.push(...tell(`an empty page beside ${perSecond.toFixed(0)} events a second`, await busy));
  return rows;
}

/** Calls that the policy refuses take no way. */
function liftRateLimits(policy: string): void {
  const text = readFileSync(policy, "utf8");
  const lifted = text.replace(/calls_per_(minute|hour): \d+/g, "calls_per_$1: 1000000000");
  if (lifted === text) throw new Error("The policy has no rate limits to lift.");
  writeFileSync(policy, lifted);
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
