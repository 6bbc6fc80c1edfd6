import { Agent, request } from "node:http";
import type { Answer, Request, Wire } from "./lean-client.ts";

/** Streamable HTTP over kept connections. */
export class HttpWire implements Wire {
  #url: URL;
  #headers: Record<string, string>;
  #agent = new Agent({ keepAlive: true, maxSockets: 128 });

  constructor(url: string, headers: Record<string, string> = {}) {
    this.#url = new URL(url);
    this.#headers = {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...headers,
    };
  }

  async ask(message: Request): Promise<Answer> {
    return answerIn(await this.#post(message));
  }

  async tell(message: { method: string }): Promise<void> {
    await this.#post(message);
  }

  agreedOn(protocolVersion: string): void {
    this.#headers["mcp-protocol-version"] = protocolVersion;
  }

  close(): void {
    this.#agent.destroy();
  }

  #post(message: object): Promise<string> {
    const body = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }));
    const headers = { ...this.#headers, "content-length": body.length };
    return new Promise((resolve, reject) => {
      const sent = request(this.#url, { method: "POST", agent: this.#agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.once("error", reject);
        response.once("end", () => {
          const { statusCode: status = 0, headers: heads } = response;
          const text = Buffer.concat(chunks).toString();
          if (status >= 300) return reject(new Error(`${status}: ${text.slice(0, 200)}`));
          const session = heads["mcp-session-id"];
          if (typeof session === "string") this.#headers["mcp-session-id"] = session;
          resolve(text);
        });
      });
      sent.once("error", reject);
      sent.end(body);
    });
  }
}

/** Of a JSON answer, or of the stream of events that stands for one. */
function answerIn(text: string): Answer {
  return JSON.parse(text.startsWith("{") ? text : lastData(text)) as Answer;
}

function lastData(events: string): string {
  const data = events.split("\n").filter((line) => line.startsWith("data:") && line.includes("{"));
  return data.at(-1)?.slice("data:".length) ?? "{}";
}
