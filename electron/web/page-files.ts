import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { MCPClientError } from "../core/errors.ts";
import { pageHeaders } from "./page-headers.ts";

export type PageFile = { headers: Record<string, string>; body: Buffer };

/** What names a file by its content, so that it never changes under its name. */
const hashed = /^assets\/.+-[\w-]{8}\.\w+$/;
/** A browser is no window of ours: others may try to frame, open or load what it shows. */
const browserHeaders = {
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "x-frame-options": "DENY",
  "permissions-policy": "camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), payment=()",
};

/** The built page. What it consists of is listed once, and nothing else is ever read, whatever a path says. */
export class PageFiles {
  #folder: string;
  #names: ReadonlySet<string>;

  private constructor(folder: string, names: ReadonlySet<string>) {
    this.#folder = folder;
    this.#names = names;
  }

  /** @throws MCPClientError `config_invalid` where the page was not built */
  static open(folder: string): PageFiles {
    const names = new Set(listFiles(folder).filter((name) => !name.endsWith(".map")));
    if (names.has("index.html")) return new PageFiles(folder, names);
    throw new MCPClientError("config_invalid", `The console's page is not in ${folder}.`, {
      hint: "Build it: npm run build.",
    });
  }

  /** @param path below the console's, as it was asked for; `null` where it names no file of the page */
  async read(path: string): Promise<PageFile | null> {
    const name = path === "" ? "index.html" : path;
    if (!this.#names.has(name)) return null;
    const body = await readFile(join(this.#folder, name)).catch(() => null);
    const caching = hashed.test(name) ? "public, max-age=31536000, immutable" : "no-cache";
    return body && { headers: { ...pageHeaders(name), ...browserHeaders, "cache-control": caching }, body };
  }
}

/** Real files alone, by their paths from the folder: a link could lead out of it. */
function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"));
  } catch {
    return [];
  }
}
