/** From starting the application's process to a panel that a person can use. */
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "ws";
import { debuggerAddress, startConsole, stop } from "./child.ts";
import { time, type Row } from "./report.ts";
import { spreadOf } from "./statistics.ts";

const patienceMs = 20_000;
const target = "≤ 1.5 s";

/** Resolves, in the page, once a server's module is drawn and the page answers again. */
const panelIsUp = `new Promise((resolve) => {
  const look = () => document.querySelector('[role="group"][aria-label$=" breaker"]')
    ? requestAnimationFrame(() => setTimeout(() => resolve(Date.now()), 0))
    : setTimeout(look, 2);
  look();
})`;

/** The built application and, where there is one, the packaged one; each with MCP on and the bundled servers. */
export async function measureColdStart(app: string, rounds: number): Promise<Row[]> {
  const [electron, ...machineArguments] = JSON.parse(process.env.BENCH_ELECTRON ?? "[]") as string[];
  if (electron === undefined) return [{ name: "cold start", measured: "not measured: run npm run bench", target }];
  const packaged = join(app, "dist/linux-unpacked/switchgear");
  const commands = [
    { name: "cold start to an interactive panel, built", command: [electron, ...machineArguments, app] },
    ...(existsSync(packaged)
      ? [{ name: "cold start to an interactive panel, packaged", command: [packaged, ...machineArguments] }]
      : []),
  ];
  const rows: Row[] = [];
  for (const { name, command } of commands) {
    const folder = mkdtempSync(join(tmpdir(), "switchgear-start-"));
    cpSync(join(app, "catalog"), join(folder, "catalog"), { recursive: true });
    try {
      // The first start fills the folders.
      await start(command, folder);
      const starts: number[] = [];
      for (let index = 0; index < rounds; index += 1) starts.push(await start(command, folder));
      rows.push({ name, measured: time(spreadOf(starts)), target });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return rows;
}

/** @returns milliseconds. */
async function start(command: readonly string[], folder: string): Promise<number> {
  const startedAt = Date.now();
  const child = startConsole(command, folder);
  try {
    const { port } = new URL(await within(debuggerAddress(child)));
    return (await within(panelTime(port))) - startedAt;
  } finally {
    await stop(child);
  }
}

async function pageAddress(port: string): Promise<string> {
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/json/list`);
    const targets = (await answer.json()) as { type: string; url: string; webSocketDebuggerUrl: string }[];
    const page = targets.find(({ type, url }) => type === "page" && url.startsWith("app://console"));
    if (page) return page.webSocketDebuggerUrl;
    await sleep(2);
  }
}

/** When the panel was there, milliseconds since the epoch. */
async function panelTime(port: string): Promise<number> {
  for (;;) {
    // `null` where the page was still to be loaded in place of an empty one.
    const value = await evaluate(await pageAddress(port), panelIsUp);
    if (typeof value === "number") return value;
  }
}

/** What an expression in the page comes to, over the browser's debugging protocol; `null` where it fails. */
async function evaluate(address: string, expression: string): Promise<unknown> {
  const socket = new WebSocket(address);
  try {
    await once(socket, "open");
    const params = { expression, awaitPromise: true, returnByValue: true };
    socket.send(JSON.stringify({ id: 1, method: "Runtime.evaluate", params }));
    const [data] = (await once(socket, "message")) as [Buffer];
    const { result } = JSON.parse(data.toString()) as { result?: { result: { value?: unknown } } };
    return result?.result.value ?? null;
  } finally {
    socket.terminate();
  }
}

async function within<T>(work: Promise<T>): Promise<T> {
  const patience = new AbortController();
  const late = sleep(patienceMs, undefined, { signal: patience.signal }).then(() => {
    throw new Error(`The application showed no panel within ${patienceMs / 1000} s.`);
  });
  late.catch(() => {});
  try {
    return await Promise.race([work, late]);
  } finally {
    patience.abort();
  }
}
