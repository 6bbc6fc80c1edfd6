/** A client that costs next to nothing: JSON-RPC over kept connections, without an SDK, for servers of the 2025-11-25 revision. */
import { Agent, request } from "node:http";

type Answer = { status: number; type: string; session: string | undefined; text: string };

export class LeanClient {
  #url: URL;
  #headers: Record<string, string>;
  #agent = new Agent({ keepAlive: true, maxSockets: 128 });
  #nextId = 1;

  constructor(url: string, headers: Record<string, string> = {}) {
    this.#url = new URL(url);
    this.#headers = {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...headers,
    };
  }

  async connect(): Promise<void> {
    const clientInfo = { name: "lean", version: "1.0.0" };
    const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo };
    const { session, text } = await this.#post({ id: 0, method: "initialize", params });
    const { protocolVersion } = resultOf(text) as { protocolVersion: string };
    if (session !== undefined) this.#headers["mcp-session-id"] = session;
    this.#headers["mcp-protocol-version"] = protocolVersion;
    await this.#post({ method: "notifications/initialized" });
  }

  async listTools(): Promise<string[]> {
    const { tools } = (await this.#ask("tools/list", {})) as { tools: { name: string }[] };
    return tools.map(({ name }) => name);
  }

  async call(name: string, message: string): Promise<void> {
    const text = await this.ask(name, message);
    if (text !== message) throw new Error(`The answer is not what was sent: ${JSON.stringify(text)}`);
  }

  /** @returns the text of the answer, whatever it is */
  async ask(name: string, message: string): Promise<string> {
    const { content } = (await this.#ask("tools/call", { name, arguments: { message } })) as {
      content: { text: string }[];
    };
    return content[0]?.text ?? "";
  }

  close(): void {
    this.#agent.destroy();
  }

  async #ask(method: string, params: unknown): Promise<unknown> {
    return resultOf((await this.#post({ id: this.#nextId++, method, params })).text);
  }

  #post(message: object): Promise<Answer> {
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
          const type = heads["content-type"] ?? "";
          resolve({ status, type, session: heads["mcp-session-id"] as string | undefined, text });
        });
      });
      sent.once("error", reject);
      sent.end(body);
    });
  }
}

/** Of a JSON answer, or of the stream of events that stands for one. */
function resultOf(text: string): unknown {
  const json = text.startsWith("{") ? text : lastData(text);
  const { result, error } = JSON.parse(json) as { result?: unknown; error?: { message: string } };
  if (error) throw new Error(error.message);
  return result;
}

function lastData(events: string): string {
  const data = events.split("\n").filter((line) => line.startsWith("data:") && line.includes("{"));
  return data.at(-1)?.slice("data:".length) ?? "{}";
}
