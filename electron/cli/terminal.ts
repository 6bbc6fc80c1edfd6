import { createInterface } from "node:readline";
import { addAbortSignal, Writable } from "node:stream";
import { inertLines } from "./text.ts";

/** The person's side of the command line. Results go to standard output, everything else to standard error. */
export type Terminal = {
  /** Writes one line of result. */
  print(line: string): void;
  /** Writes what a server sent: as it is into a file or a pipe, without control characters on a screen. */
  printForeign(text: string): void;
  /** Writes one line about the work. */
  say(line: string): void;
  /** Whether a person can be asked. */
  interactive: boolean;
  /** Asks for one line, empty where the input ends; rejects with the signal's reason when it is aborted. */
  ask(question: string, signal: AbortSignal): Promise<string>;
  /** As `ask`, and what is typed is not shown. */
  askHidden(question: string, signal: AbortSignal): Promise<string>;
  /** All that comes on the input; rejects with the signal's reason when it is aborted. */
  readInput(signal: AbortSignal): Promise<string>;
};

export function processTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  // Whoever read the output may have seen enough of it, as `head` has.
  for (const stream of [stdout, stderr]) stream.on("error", throwUnlessUnread);
  const print = (line: string) => void stdout.write(`${line}\n`);
  return {
    print,
    printForeign: (text) => print(stdout.isTTY ? inertLines(text) : text),
    say: (line) => void stderr.write(`${line}\n`),
    interactive: stdin.isTTY && stderr.isTTY,
    ask: (question, signal) => askLine(question, signal, stderr),
    askHidden: async (question, signal) => {
      // From here on the terminal shows nothing of what is typed; only then is it asked for.
      const typed = askLine("", signal, new Writable({ write: (_chunk, _encoding, done) => done() }));
      stderr.write(question);
      const answer = await typed;
      stderr.write("\n");
      return answer;
    },
    readInput: async (signal) => {
      const chunks: Buffer[] = [];
      for await (const chunk of addAbortSignal(signal, stdin)) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks).toString("utf8");
    },
  };
}

/** @param output where the question and what is typed are shown. */
function askLine(question: string, signal: AbortSignal, output: Writable): Promise<string> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const reader = createInterface({ input: process.stdin, output, terminal: true });
    const withdraw = () => {
      reject(signal.reason);
      process.stderr.write("\n");
      reader.close();
    };
    signal.addEventListener("abort", withdraw, { once: true });
    reader.on("close", () => {
      signal.removeEventListener("abort", withdraw);
      resolve("");
    });
    // While a line is read, the terminal leaves it to us what Ctrl-C means.
    reader.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
    reader.question(question, (answer) => {
      resolve(answer);
      reader.close();
    });
  });
}

function throwUnlessUnread(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}
