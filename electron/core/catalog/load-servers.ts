/** The server files of a catalog folder. One bad file harms no other. */

import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { FileProblem } from "../../../shared/catalog.ts";
import type { ServerConfig } from "../../../shared/server.ts";
import { parseServerFile, type ServerFile } from "./server-file.ts";

/** A server, and the file that describes it, absolute. */
export type CatalogServer = { config: ServerConfig; file: string };
export type LoadedServers = { servers: CatalogServer[]; problems: FileProblem[] };

/** Bytes; a server file is a few hundred. */
const largestFile = 256 * 1024;

/** `s2` before `s10`. */
const byId = new Intl.Collator("en", { numeric: true });

/** Reads `<catalog>/servers/*.yaml` and `*.yml`, in the order of their ids; of two files with one id, the first by name counts. */
export async function loadServers(catalog: string): Promise<LoadedServers> {
  const folder = join(catalog, "servers");
  const names = await listFiles(folder);
  if (!Array.isArray(names)) return { servers: [], problems: [names] };
  const files = await Promise.all(names.map((name) => readServerFile(join(folder, name))));

  const servers = new Map<string, CatalogServer>();
  const problems: FileProblem[] = [];
  for (const loaded of files) {
    if ("problems" in loaded) {
      problems.push(...loaded.problems);
      continue;
    }
    const { config, file, idPosition } = loaded;
    const first = servers.get(config.id);
    if (first)
      problems.push({ file, ...idPosition, message: `the id \`${config.id}\` is already that of ${first.file}` });
    else servers.set(config.id, { config, file });
  }
  const inOrder = [...servers.values()].toSorted((a, b) => byId.compare(a.config.id, b.config.id));
  return { servers: inOrder, problems };
}

async function listFiles(folder: string): Promise<string[] | FileProblem> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const named = entries.filter(({ name }) => /^[^.].*\.ya?ml$/i.test(name));
    return named
      .filter((entry) => !entry.isDirectory())
      .map(({ name }) => name)
      .toSorted();
  } catch (error) {
    return wholeFile(folder, `the folder cannot be read (${reasonOf(error)}); server files belong in it`);
  }
}

async function readServerFile(file: string): Promise<(ServerFile & { file: string }) | { problems: FileProblem[] }> {
  try {
    const text = await readText(file);
    if (text === null)
      return { problems: [wholeFile(file, `larger than ${largestFile / 1024} kB; a server file is a few lines`)] };
    const parsed = parseServerFile(text, file);
    return "problems" in parsed ? parsed : { ...parsed, file };
  } catch (error) {
    const message = error instanceof TypeError ? "not UTF-8 text" : `cannot be read (${reasonOf(error)})`;
    return { problems: [wholeFile(file, message)] };
  }
}

/** @returns `null` where the file is too large. @throws TypeError where it is not UTF-8. */
async function readText(file: string): Promise<string | null> {
  const handle = await open(file);
  try {
    const buffer = Buffer.alloc(largestFile + 1);
    let length = 0;
    for (let bytesRead = -1; bytesRead !== 0 && length < buffer.length; length += bytesRead) {
      ({ bytesRead } = await handle.read(buffer, length, buffer.length - length));
    }
    return length > largestFile ? null : new TextDecoder("utf-8", { fatal: true }).decode(buffer.subarray(0, length));
  } finally {
    await handle.close();
  }
}

function wholeFile(file: string, message: string): FileProblem {
  return { file, line: null, column: null, message };
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
