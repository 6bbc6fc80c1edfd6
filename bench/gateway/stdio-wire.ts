import { spawn, type ChildProcessByStdio } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import type { Answer, Request, Wire } from "./lean-client.ts";
import { lines } from "./lines.ts";
import { WaitingAnswers } from "./waiting-answers.ts";

/** The pipes of a server's process. */
export class StdioWire implements Wire {
  #child: ChildProcessByStdio<Writable, Readable, null>;
  #answers = new WaitingAnswers();

  /** @param program a server's, run by this Node */
  constructor(program: string) {
    this.#child = spawn(process.execPath, [program], { stdio: ["pipe", "pipe", "ignore"] });
    this.#child.stdout.setEncoding("utf8").on(
      "data",
      lines((line) => this.#answers.take(line)),
    );
    this.#child.once("exit", () => this.#answers.fail(new Error("The server has ended.")));
  }

  ask(message: Request): Promise<Answer> {
    const answer = this.#answers.wait(message.id);
    this.#write(message);
    return answer;
  }

  async tell(message: { method: string }): Promise<void> {
    this.#write(message);
  }

  close(): void {
    this.#child.kill();
  }

  #write(message: object): void {
    this.#child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  }
}
