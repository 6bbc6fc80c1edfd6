/** A client that costs next to nothing: JSON-RPC without an SDK, for servers of the 2025-11-25 revision. */
export type Answer = { result?: unknown; error?: { message: string } };

/** How a client's messages travel. */
export type Wire = {
  /** Sends a request, and waits for what answers it. */
  ask(message: Request): Promise<Answer>;
  /** Sends what is not answered. */
  tell(message: { method: string }): Promise<void>;
  /** The revision of the protocol that both sides speak from now on. */
  agreedOn?(protocolVersion: string): void;
  close(): void;
};

export type Request = { id: number; method: string; params: unknown };

export class LeanClient {
  #wire: Wire;
  #nextId = 1;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  async connect(): Promise<void> {
    const clientInfo = { name: "lean", version: "1.0.0" };
    const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo };
    const { protocolVersion } = (await this.#ask("initialize", params)) as { protocolVersion: string };
    this.#wire.agreedOn?.(protocolVersion);
    await this.#wire.tell({ method: "notifications/initialized" });
  }

  async listTools(): Promise<string[]> {
    const { tools } = (await this.#ask("tools/list", {})) as { tools: { name: string }[] };
    return tools.map(({ name }) => name);
  }

  async call(name: string, message: string): Promise<void> {
    const text = await this.ask(name, message);
    if (text !== message) throw new Error(`The answer is not what was sent: ${JSON.stringify(text).slice(0, 200)}`);
  }

  /** @returns the text of the answer, whatever it is */
  async ask(name: string, message: string): Promise<string> {
    const { content } = (await this.#ask("tools/call", { name, arguments: { message } })) as {
      content: { text: string }[];
    };
    return content[0]?.text ?? "";
  }

  close(): void {
    this.#wire.close();
  }

  async #ask(method: string, params: unknown): Promise<unknown> {
    const { result, error } = await this.#wire.ask({ id: this.#nextId++, method, params });
    if (error) throw new Error(error.message);
    return result;
  }
}
