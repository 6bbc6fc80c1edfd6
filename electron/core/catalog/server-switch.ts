import { readFileSync, realpathSync, renameSync, statSync, writeFileSync } from "node:fs";
import { MCPClientError, MCPRefusedError } from "../errors.ts";
import type { Catalog } from "./catalog.ts";
import { parseServerFile } from "./server-file.ts";
import { withEnabled } from "./with-enabled.ts";

/** Writes and records, or does neither. @param act writes */
export type RecordSwitch = (server: string, enabled: boolean, by: string, act: () => void) => void;

/** Each server's switch: the `enabled` of its file. */
export class ServerSwitch {
  #catalog: Catalog;
  #record: RecordSwitch;

  constructor(catalog: Catalog, record: RecordSwitch) {
    this.#catalog = catalog;
    this.#record = record;
  }

  /**
   * Writes the server's file, if it says otherwise, and resolves once the catalog goes by it.
   * @param by whose hand it is, for the record
   * @throws MCPClientError `unknown_server`, `config_invalid` where the file cannot be used or written, `journal_unavailable` where
   * switching on cannot be recorded; the file is then as it was
   */
  async set(id: string, enabled: boolean, by: string): Promise<void> {
    const file = this.#catalog.servers().find(({ config }) => config.id === id)?.file;
    if (file === undefined) throw new MCPRefusedError("unknown_server", `No server in the catalog has the id "${id}".`);
    const text = read(file);
    const now = parseServerFile(text, file);
    if ("problems" in now) throw leftAlone(file, `it has a fault: ${now.problems[0]?.message ?? "unknown"}`);
    if (now.config.id !== id) throw leftAlone(file, `it is that of "${now.config.id}" by now`);
    if (now.config.enabled !== enabled) {
      const changed = withEnabled(text, enabled);
      const then = parseServerFile(changed, file);
      const isMeant = "config" in then && JSON.stringify(then.config) === JSON.stringify({ ...now.config, enabled });
      if (!isMeant) throw leftAlone(file, "it is written in a way that is not understood");
      this.#record(id, enabled, by, () => write(file, changed));
    }
    await this.#catalog.reload();
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw leftAlone(file, `it cannot be read (${(cause as NodeJS.ErrnoException).code})`, cause);
  }
}

/** The whole file or nothing; through a link, the file that it leads to. */
function write(file: string, text: string): void {
  try {
    const real = realpathSync(file);
    const temporary = `${real}.new`;
    writeFileSync(temporary, text, { mode: statSync(real).mode, flush: true });
    renameSync(temporary, real);
  } catch (cause) {
    throw leftAlone(file, `it cannot be written (${(cause as NodeJS.ErrnoException).code})`, cause);
  }
}

function leftAlone(file: string, why: string, cause?: unknown): MCPClientError {
  return new MCPClientError("config_invalid", `${file} was left as it is: ${why}.`, {
    hint: "Correct the file, or set its `enabled` by hand.",
    cause,
  });
}
