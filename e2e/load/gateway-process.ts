/** `switchgear serve` in a process of its own, with a way to look at its memory. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { WebSocket } from "ws";

export type Memory = { heapMb: number; rssMb: number };

type Wire = { id: number; result: { result: { value: Memory } } };

const readMemory = `(({ heapUsed, rss }) => ({ heapMb: heapUsed / 1048576, rssMb: rss / 1048576 }))(process.memoryUsage())`;

export class GatewayProcess implements AsyncDisposable {
  readonly url: string;
  #child: ChildProcess;
  #inspector: WebSocket;
  #lastId = 0;

  private constructor(child: ChildProcess, url: string, inspector: WebSocket) {
    this.#child = child;
    this.url = url;
    this.#inspector = inspector;
  }

  /** @param cli the built command line. @throws where it ends instead */
  static async start(cli: string, env: NodeJS.ProcessEnv): Promise<GatewayProcess> {
    const child = spawn(process.execPath, ["--inspect=127.0.0.1:0", cli, "serve", "--port", "0"], {
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [url, debug] = await Promise.all([
      printed(child.stdout, /^gateway at (\S+)/),
      printed(child.stderr, /^Debugger listening on (\S+)/),
    ]);
    const inspector = new WebSocket(debug);
    await once(inspector, "open");
    return new GatewayProcess(child, url, inspector);
  }

  /** What it holds after waste is collected. */
  async memory(): Promise<Memory> {
    await this.#ask("HeapProfiler.collectGarbage");
    const { result } = await this.#ask("Runtime.evaluate", { expression: readMemory, returnByValue: true });
    return result.result.value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#inspector.terminate();
    const ended = once(this.#child, "close");
    if (this.#child.exitCode === null && this.#child.kill("SIGTERM")) await ended;
  }

  async #ask(method: string, params: object = {}): Promise<Wire> {
    const id = (this.#lastId += 1);
    return new Promise((resolve) => {
      const hear = (data: Buffer) => {
        const message = JSON.parse(data.toString()) as Wire;
        if (message.id !== id) return;
        this.#inspector.off("message", hear);
        resolve(message);
      };
      this.#inspector.on("message", hear);
      this.#inspector.send(JSON.stringify({ id, method, params }));
    });
  }
}

async function printed(stream: Readable, form: RegExp): Promise<string> {
  for await (const line of createInterface({ input: stream })) {
    const found = form.exec(line)?.[1];
    if (found === undefined) continue;
    stream.resume();
    return found;
  }
  throw new Error("The gateway did not start.");
}
