import { Agent, request, type IncomingMessage } from "node:http";
import type { Answer, Request, Wire } from "./lean-client.ts";
import { lines } from "./lines.ts";
import { WaitingAnswers } from "./waiting-answers.ts";

/** The older transport, HTTP with server-sent events: requests are posted, and all answers come on one stream. */
export class EventStreamWire implements Wire {
  #endpoint: URL;
  #stream: IncomingMessage;
  #agent = new Agent({ keepAlive: true, maxSockets: 128 });
  #answers: WaitingAnswers;

  private constructor(endpoint: URL, stream: IncomingMessage, answers: WaitingAnswers) {
    this.#endpoint = endpoint;
    this.#stream = stream;
    this.#answers = answers;
  }

  /** Resolves as soon as the stream has named the address for requests. */
  static open(url: string): Promise<EventStreamWire> {
    return new Promise((resolve, reject) => {
      const asked = request(url, { headers: { accept: "text/event-stream" } }, (stream) => {
        if (stream.statusCode !== 200) {
          stream.destroy();
          return reject(new Error(`${url} answered ${stream.statusCode}.`));
        }
        const answers = new WaitingAnswers();
        let isOpen = false;
        const take = lines((line) => {
          if (!line.startsWith("data:")) return;
          const data = line.slice("data:".length).trim();
          if (isOpen) return answers.take(data);
          isOpen = true;
          resolve(new EventStreamWire(new URL(data, url), stream, answers));
        });
        stream.setEncoding("utf8").on("data", take);
        stream.once("close", () => {
          const error = new Error("The stream has ended.");
          answers.fail(error);
          reject(error);
        });
      });
      asked.once("error", reject);
      asked.end();
    });
  }

  ask(message: Request): Promise<Answer> {
    const answer = this.#answers.wait(message.id);
    this.#post(message).catch((error: unknown) => this.#answers.fail(error as Error));
    return answer;
  }

  tell(message: { method: string }): Promise<void> {
    return this.#post(message);
  }

  close(): void {
    this.#stream.destroy();
    this.#agent.destroy();
  }

  #post(message: object): Promise<void> {
    const body = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }));
    const headers = { "content-type": "application/json", "content-length": body.length };
    return new Promise((resolve, reject) => {
      const sent = request(this.#endpoint, { method: "POST", agent: this.#agent, headers }, (response) => {
        response.resume();
        response.once("end", () =>
          response.statusCode! < 300 ? resolve() : reject(new Error(`${response.statusCode} on posting`)),
        );
      });
      sent.once("error", reject);
      sent.end(body);
    });
  }
}
