import { readRecord, type TokenRecord, type TokenStore } from "./token-record.ts";

export type KeptRecordDeps = {
  store: TokenStore;
  /** Learns every token, so that it is masked wherever it turns up. */
  learnSecret: (secret: string) => void;
  /** Hears of a token that was replaced long ago. */
  forgetSecret: (secret: string) => void;
};

/** How many sets of tokens stay masked: those of before may still be on their way through logs. */
const maskedSets = 4;

/** What is kept of the sign-in to one server: in memory for each request, and in the store before anything is done with it. */
export class KeptRecord {
  #deps: KeptRecordDeps;
  #name: string;
  #isOurs: (record: TokenRecord) => boolean;
  #current: TokenRecord | null = null;
  #loading: Promise<void> | undefined;
  #isUnsaved = false;
  #masked: string[][] = [];

  /** @param isOurs whether a record is for the server as it is configured now */
  constructor(server: string, isOurs: (record: TokenRecord) => boolean, deps: KeptRecordDeps) {
    this.#name = `oauth:${server}`;
    this.#isOurs = isOurs;
    this.#deps = deps;
  }

  get current(): TokenRecord | null {
    return this.#current;
  }

  /** Reads it from the store, once. @throws MCPClientError `vault_locked`; whoever asks next tries again */
  load(): Promise<void> {
    return (this.#loading ??= this.reload().catch((error: unknown) => {
      this.#loading = undefined;
      throw error;
    }));
  }

  /** Reads what another process may have stored since. */
  async reload(): Promise<void> {
    if (this.#isUnsaved) return;
    const record = readRecord(await this.#deps.store.read(this.#name));
    this.#current = record && this.#isOurs(record) ? record : null;
    this.#learn();
  }

  /** Resolves once it is stored: a refresh token that was used once is void, and the one that came for it must not be lost. */
  async put(record: TokenRecord): Promise<void> {
    this.#current = record;
    this.#learn();
    this.#isUnsaved = true;
    await this.save();
  }

  /** As `put`; where it cannot be stored, what was before stays. */
  async replace(record: TokenRecord): Promise<void> {
    const before = this.#current;
    const wasUnsaved = this.#isUnsaved;
    try {
      await this.put(record);
    } catch (error) {
      this.#current = before;
      this.#isUnsaved = wasUnsaved;
      throw error;
    }
  }

  /** Stores what could not be stored before. @throws MCPClientError where it cannot be now */
  async save(): Promise<void> {
    if (!this.#isUnsaved) return;
    await this.#deps.store.write(this.#name, JSON.stringify(this.#current));
    this.#isUnsaved = false;
  }

  /** Keeps it for as long as the process lives: it can be had again at any time. */
  holdUnstored(record: TokenRecord): void {
    this.#current = record;
    this.#learn();
  }

  #learn(): void {
    const { client, tokens } = this.#current ?? {};
    const known = [client?.secret, tokens?.accessToken, tokens?.refreshToken];
    const secrets = known.filter((secret) => typeof secret === "string");
    for (const secret of secrets) this.#deps.learnSecret(secret);
    this.#masked.push(secrets);
    const old = this.#masked.length > maskedSets ? (this.#masked.shift() ?? []) : [];
    const kept = new Set(this.#masked.flat());
    for (const secret of old) if (!kept.has(secret)) this.#deps.forgetSecret(secret);
  }
}
