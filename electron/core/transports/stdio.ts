import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { existsSync } from "node:fs";
import { MCPTransportError } from "../errors.ts";
import { ChannelTransport, type ChannelFault } from "./channel-transport.ts";
import { inertText } from "../../../shared/inert-text.ts";
import { idFromEnds } from "./json-rpc.ts";
import { LineSplitter } from "./line-splitter.ts";
import { spawnGroup, stopGroup } from "./process-group.ts";
import type { StdioTarget, TransportDeps } from "./server-transport.ts";

/** Longest line of stderr that is passed on whole, bytes. */
const maxStderrLine = 8_192;
/** How much may wait for a process that does not read, bytes. */
const maxUnread = 16 * 1_048_576;
/** How long the rest of its output, or its exit, is waited for once a pipe or the process has ended, milliseconds. */
const graceMs = 500;

/** A server that is a process of ours: one message a line on its stdin and stdout. */
export class StdioTransport extends ChannelTransport {
  #target: StdioTarget;
  #child: ChildProcessWithoutNullStreams | null = null;
  #stopping: Promise<void> | null = null;
  #isCorked = false;
  #isFirstLine = true;
  #isOverflowKnown = false;

  constructor(target: StdioTarget, deps: TransportDeps) {
    super(deps, target.maxResponseBytes);
    this.#target = target;
  }

  pid(): number | null {
    const child = this.#child;
    return child?.pid !== undefined && child.exitCode === null && child.signalCode === null ? child.pid : null;
  }

  start(): Promise<void> {
    if (this.#child) return Promise.reject(new Error("This transport was started before."));
    return new Promise((resolve, reject) => {
      const refuse = (error: unknown) => reject(this.#spawnError(error));
      try {
        this.#child = spawnGroup(this.#target);
      } catch (error) {
        return refuse(error);
      }
      this.#child.once("spawn", resolve);
      this.#child.on("error", refuse);
      this.#listen(this.#child);
    });
  }

  async close(): Promise<void> {
    this.end(null);
    await this.#stop();
  }

  protected override write(text: string): void {
    const stdin = this.#child?.stdin;
    if (!stdin?.writable) throw this.error({ message: `"${this.deps.server}" reads no input any more.` }, false);
    if (stdin.writableLength > maxUnread) {
      throw this.error(
        {
          message: `"${this.deps.server}" does not read its input: ${stdin.writableLength} bytes wait for it.`,
          hint: "Reconnect the server; if it happens again, it hangs.",
        },
        false,
      );
    }
    if (!this.#isCorked) {
      // Each write of its own is a system call: what is sent in one turn of the event loop goes out as one.
      this.#isCorked = true;
      stdin.cork();
      setImmediate(() => {
        this.#isCorked = false;
        stdin.uncork();
      });
    }
    stdin.write(`${text}\n`);
  }

  #listen(child: ChildProcessWithoutNullStreams): void {
    const stdout = new LineSplitter({
      maxBytes: this.maxResponseBytes,
      onLine: (line) => this.#line(line),
      onOverflow: (head) => void (this.#isOverflowKnown = this.overCap(idFromEnds(head.toString(), ""), false)),
      onOverflowEnd: (tail) => {
        if (!this.#isOverflowKnown) this.overCap(idFromEnds("", tail.toString()), true);
        this.deps.onLine("protocol", `A line of more than ${this.maxResponseBytes} bytes was dropped.`);
      },
    });
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stdout.once("end", () => {
      stdout.end();
      this.#endUnlessExits({ message: `The process of "${this.deps.server}" closed its output.` });
    });
    this.#listenToStderr(child);
    child.stdin.on("error", (cause) =>
      this.#endUnlessExits({ message: `The process of "${this.deps.server}" closed its input.`, cause }),
    );
    // A process of its own may hold the pipes open long after it, so that `close` alone would come too late.
    child.once("exit", (code, signal) => {
      const fault = this.#exitFault(code, signal);
      const timer = this.deps.clock.schedule(graceMs, () => this.#endWith(fault));
      child.once("close", () => {
        timer[Symbol.dispose]();
        this.#endWith(fault);
      });
    });
  }

  #listenToStderr(child: ChildProcessWithoutNullStreams): void {
    const stderr = new LineSplitter({
      maxBytes: maxStderrLine,
      onLine: (line) => this.deps.onLine("stderr", line.toString()),
      onOverflow: (head) => this.deps.onLine("stderr", `${head.toString()}…`),
      onOverflowEnd: () => {},
    });
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.stderr.once("end", () => stderr.end());
  }

  #line(line: Buffer): void {
    if (this.ended) return;
    if (this.#isFirstLine) {
      this.#isFirstLine = false;
      if (startsWithByteOrderMark(line)) {
        return this.#endWith({
          message: `"${this.deps.server}" begins its output with a byte order mark; MCP over stdio is UTF-8 without one.`,
          hint: "Make the server write UTF-8 without a byte order mark.",
        });
      }
    }
    this.receive(line.toString(), line.length);
  }

  /** A closed pipe is mostly the first sign of an exit, and the exit says more. */
  #endUnlessExits(fault: ChannelFault): void {
    if (!this.ended) this.deps.clock.schedule(graceMs, () => this.#endWith(fault));
  }

  #endWith(fault: ChannelFault): void {
    this.end(fault);
    this.#stop().catch((error) => this.onerror?.(error));
  }

  #stop(): Promise<void> {
    if (!this.#child) return Promise.resolve();
    this.#stopping ??= stopGroup(this.#child, this.deps.clock);
    return this.#stopping;
  }

  #exitFault(code: number | null, signal: NodeJS.Signals | null): ChannelFault {
    const how = signal ? `was ended by ${signal}` : `exited with code ${code}`;
    return {
      message: `The process of "${this.deps.server}" ${how}.`,
      hint: "Its log shows what it wrote on stderr before that.",
    };
  }

  #spawnError(error: unknown): MCPTransportError {
    const { command, cwd } = this.#target;
    const name = inertText(command);
    const code = (error as NodeJS.ErrnoException).code;
    const [reason, hint] =
      cwd !== undefined && !existsSync(cwd)
        ? [`its folder ${inertText(cwd)} does not exist`, "Create the folder, or correct `cwd` in the server's file."]
        : code === "ENOENT"
          ? [
              `there is no program "${name}"`,
              `Install ${name}, or write its full path as \`command\` in the server's file.`,
            ]
          : code === "EACCES"
            ? [
                `"${name}" may not be run`,
                `Make it executable (chmod +x), or correct \`command\` in the server's file.`,
              ]
            : [
                `"${name}" failed (${code ?? inertText(String(error))})`,
                "Check `command` and `args` in the server's file.",
              ];
    return new MCPTransportError("connection_failed", `"${this.deps.server}" could not be started: ${reason}.`, {
      sent: false,
      hint,
      cause: error,
    });
  }
}

function startsWithByteOrderMark(line: Buffer): boolean {
  const [a, b, c] = line;
  return (a === 0xef && b === 0xbb && c === 0xbf) || (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff);
}
