import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { BrowserSession } from "./browser-sessions.ts";

type Download = { file: string; name: string; session: BrowserSession; stopHearing: () => void };

/** Files that were made for a browser to fetch: each once, by the session that asked for it. */
export class Downloads {
  #folder: Promise<string> | undefined;
  #ready = new Map<string, Download>();

  /** Where a new file can be made; nobody else may read the folder. */
  async place(): Promise<string> {
    const folder = await (this.#folder ??= mkdtemp(join(tmpdir(), "switchgear-downloads-")));
    return join(folder, randomBytes(16).toString("hex"));
  }

  /** Offers a file that was made. @returns the name that it is fetched by */
  offer(file: string, name: string, session: BrowserSession): string {
    const id = randomBytes(32).toString("base64url");
    const stopHearing = session.onOver(() => {
      if (this.#take(id, session)) void discard(file);
    });
    this.#ready.set(id, { file, name, session, stopHearing });
    return id;
  }

  /** Sends the file, and forgets it. @returns `false` where there is none of that name for the session */
  async send(id: string, session: BrowserSession, outgoing: ServerResponse): Promise<boolean> {
    const download = this.#take(id, session);
    if (!download) return false;
    const { file, name } = download;
    outgoing.writeHead(200, {
      "content-type": "application/octet-stream",
      "content-disposition": `attachment; filename="${name.replace(/[^\w.-]/g, "_")}"`,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "cross-origin-resource-policy": "same-origin",
    });
    // A browser that goes meanwhile has the beginning alone, and says so itself.
    await pipeline(createReadStream(file), outgoing).catch(() => {});
    await discard(file);
    return true;
  }

  /** Takes an offer back. */
  withdraw(file: string): void {
    for (const [id, download] of this.#ready) if (download.file === file) this.#take(id, download.session);
    void discard(file);
  }

  async close(): Promise<void> {
    this.#ready.clear();
    const folder = await this.#folder?.catch(() => undefined);
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }

  #take(id: string, session: BrowserSession): Download | null {
    const download = this.#ready.get(id);
    if (download?.session !== session) return null;
    this.#ready.delete(id);
    download.stopHearing();
    return download;
  }
}

function discard(file: string): Promise<void> {
  return rm(file, { force: true });
}
