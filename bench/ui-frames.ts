/** Frames of the page as the page itself sees them, and calls that keep it busy meanwhile. */
import type { Page } from "@playwright/test";
import type { CallReport } from "../shared/call.ts";
import type { Bridge } from "../shared/contract.ts";
import type { Outcome } from "../shared/errors.ts";
import type { Row } from "./report.ts";

const frameMs = 1000 / 60;
/** Calls a second whose beginning, running and end are 1,000 events. */
const callsPerSecond = 334;

// What runs in the page, which has names that this process does not know.
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

export type Frames = { lost: number; seen: number; worstMs: number; longTasks: number[]; rows: number };

/** @param target what is aimed at; what others are compared with has none */
export function tell(name: string, { lost, seen, worstMs, longTasks }: Frames, target?: string): Row[] {
  const longest = longTasks.length === 0 ? "" : `, the longest ${Math.max(...longTasks).toFixed(0)} ms`;
  return [
    {
      name: `frames lost, ${name}`,
      measured: `${lost} of ${seen + lost}, the longest took ${worstMs.toFixed(0)} ms`,
      target,
    },
    { name: `tasks over 50 ms, ${name}`, measured: `${longTasks.length}${longest}`, target },
  ];
}

/** Counts frames for a while, and scrolls the log by `step` pixels in each where that is asked for. */
export function watchFrames(page: Page, forMs: number, step = 0): Promise<Frames> {
  return page.evaluate<Frames>(`(${frameCounter})(${forMs}, ${step}, ${frameMs})`);
}

type Calls = { made: number; answered: number; told: number; perSecond: number };

/** Real calls at a steady rate, each of which tells of its beginning, its way and its end. */
export function makeCalls(page: Page, forMs: number): Promise<Calls> {
  return page.evaluate(
    async ([duration, rate]) => {
      const { switchgear } = globalThis as unknown as { switchgear: Bridge };
      let told = 0;
      const unsubscribe = switchgear.subscribe((events) => {
        told += events.filter(({ name }) => name === "invocation.changed").length;
      });
      const startedAt = performance.now();
      const calls: Promise<Outcome<CallReport>>[] = [];
      while (performance.now() - startedAt < duration) {
        const due = ((performance.now() - startedAt) / 1000) * rate;
        while (calls.length < due) {
          const call = { id: crypto.randomUUID(), server: "fault-lab", tool: "echo", args: { message: "bench" } };
          calls.push(switchgear.invoke("tools.call", call) as (typeof calls)[number]);
        }
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      const ends = await Promise.all(calls);
      const seconds = (performance.now() - startedAt) / 1000;
      unsubscribe();
      const answered = ends.filter((end) => end.ok && end.value.invocation.outcome === "ok").length;
      return { made: calls.length, answered, told, perSecond: (calls.length * 3) / seconds };
    },
    [forMs, callsPerSecond] as const,
  );
}
