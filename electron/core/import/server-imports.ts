import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, join, resolve } from "node:path";
import { stringify } from "yaml";
import type { ClientConfig, ImportChoice, ImportPreview, ImportResult } from "../../../shared/import.ts";
import type { SecretTarget } from "../../../shared/vault.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { parseServerFile } from "../catalog/server-file.ts";
import { MCPClientError, toClientError } from "../errors.ts";
import type { Vault } from "../secrets/vault.ts";
import { secretTarget } from "../secrets/secret-target.ts";
import { parseReference } from "../secrets/resolve.ts";
import { findClientConfigs, type Machine } from "./client-configs.ts";
import { readClientFile } from "./client-file.ts";
import { planImport, type ImportPlan, type PlannedServer } from "./plan-import.ts";
import type { Settings } from "./translate-entry.ts";

/** Bytes; Claude Code keeps more than servers in its file. */
const largestFile = 4 * 1024 * 1024;
/** How many files may be looked at before the first is forgotten. */
const mostShown = 20;

type Written = { file: string; target: SecretTarget };
/** What was shown: of a file only a digest, of what came as text the text, as nobody could read it again. */
type Shown = { file: string; digest: string } | { file: string; text: string };

/** Servers of other clients' files: shown first, then written into the catalog as a person chose, and never over what is there. */
export class ServerImports {
  #catalog: Catalog;
  #vault: Vault;
  #env: Machine["env"];
  /** By the preview's id. */
  #shown = new Map<string, Shown>();

  constructor({ catalog, vault, env }: { catalog: Catalog; vault: Vault; env: Machine["env"] }) {
    this.#catalog = catalog;
    this.#vault = vault;
    this.#env = env;
  }

  /** The files of known clients that are on this machine; none is read. @param project a folder whose own files count too. */
  find(project: string | null = null): Promise<ClientConfig[]> {
    return findClientConfigs({ platform: process.platform, home: homedir(), env: this.#env, project });
  }

  /** As `preview`, of a file that `find` names. @throws MCPClientError `bad_request` for any other. */
  async previewFound(file: string): Promise<ImportPreview> {
    const found = await this.find();
    if (found.some((each) => each.file === file)) return this.preview(file);
    throw new MCPClientError("bad_request", "That is no known client's file.", { hint: "Choose it by the dialog." });
  }

  /** Reads a file, and writes nothing. @throws MCPClientError `config_invalid`, naming line and column where there are any. */
  async preview(named: string): Promise<ImportPreview> {
    const file = resolve(named);
    const text = await readText(file);
    return this.#show(text, { file, digest: digestOf(text) });
  }

  /** As `preview`, of a file that is on another machine than this. @param name what it is called there */
  previewText({ name, text }: { name: string; text: string }): Promise<ImportPreview> {
    return this.#show(text, { file: basename(name), text });
  }

  /**
   * Writes what was chosen of a file that was shown; one server that cannot be written harms no other.
   * @param by whose hand it is, for the record.
   * @throws MCPClientError `not_found`, `config_invalid` where the file is no longer what was shown.
   */
  async apply(id: string, choices: readonly ImportChoice[], by: string): Promise<ImportResult[]> {
    const shown = this.#shown.get(id);
    if (!shown) throw new MCPClientError("not_found", "That file is no longer open for import. Choose it again.");
    const text = "text" in shown ? shown.text : await readText(shown.file);
    if ("digest" in shown && digestOf(text) !== shown.digest) {
      throw new MCPClientError("config_invalid", `${shown.file} has changed since it was shown.`, {
        hint: "Choose it again, and look at what it holds now; nothing was imported.",
      });
    }
    const plan = this.#plan(text, shown.file);
    const results: ImportResult[] = [];
    // One after another, as they share the vault's file.
    for (const choice of choices) results.push(await this.#import(plan, choice, shown.file, by));
    await this.#catalog.reload();
    return results;
  }

  async #show(text: string, shown: Shown): Promise<ImportPreview> {
    const { file } = shown;
    const { servers, refused } = this.#plan(text, file);
    const id = randomUUID();
    this.#shown.set(id, shown);
    for (const oldest of [...this.#shown.keys()].slice(0, -mostShown)) this.#shown.delete(oldest);
    const vault = await this.#vault.status();
    return { id, file, vault, servers: servers.map((server) => server.shown), refused };
  }

  #plan(text: string, file: string): ImportPlan {
    const ids = this.#catalog.servers().map((server) => [server.config.id, server.file] as const);
    const secrets = new Set(this.#vault.list().map(({ name }) => name));
    return planImport(readClientFile(text, file), { ids: new Map(ids), secrets });
  }

  async #import(plan: ImportPlan, choice: ImportChoice, from: string, by: string): Promise<ImportResult> {
    const kept: string[] = [];
    try {
      const server = plan.servers.find(({ about }) => about.id === choice.id);
      if (!server) throw new MCPClientError("not_found", refusalOf(plan, choice.id));
      assertChosen(server, choice);
      const settings = await this.#keepSecrets(server, choice, by, kept);
      const { file, target } = await this.#write({ ...server.about, enabled: choice.enable, ...settings }, from);
      for (const name of kept) await this.#vault.hold(name, { id: choice.id, target });
      return { ok: true, id: choice.id, file, enabled: choice.enable, missing: server.shown.asked };
    } catch (thrown) {
      for (const name of kept) await this.#vault.remove(name, by).catch(() => {});
      const { message, hint } = toClientError(thrown);
      return { ok: false, id: choice.id, message, hint: hint ?? null };
    }
  }

  /** The settings with a reference in the place of each credential that goes to the vault. */
  async #keepSecrets(server: PlannedServer, choice: ImportChoice, by: string, kept: string[]): Promise<Settings> {
    let { settings } = server;
    for (const { key, before, value, isMovable, replace } of server.credentials) {
      const chosen = choice.credentials[key]!;
      if (chosen.to === "file") continue;
      const text = `${before}secrets://${chosen.name}`;
      if (!isMovable || parseReference(text)?.name !== chosen.name) {
        throw new MCPClientError("bad_request", `No reference to the vault can stand in \`${key}\` of ${choice.id}.`, {
          hint: "Keep it in the file, or put it into a header or a variable.",
        });
      }
      if (this.#vault.list().some(({ name }) => name === chosen.name)) {
        throw new MCPClientError("bad_request", `The vault holds a secret named "${chosen.name}" already.`, {
          hint: "Choose another name; what is there is not replaced.",
        });
      }
      await this.#vault.set(chosen.name, value, { servers: [choice.id], by });
      kept.push(chosen.name);
      settings = replace(settings, text);
    }
    return settings;
  }

  /** @returns the file, which was not there before, and where its secrets go. */
  async #write(config: Record<string, unknown> & { id: string }, from: string): Promise<Written> {
    const folder = join(this.#catalog.status().folder, "servers");
    const file = join(folder, `${config.id}.yaml`);
    const source = basename(from).replace(/\p{C}/gu, "");
    const text = `# Imported from ${source}.\n${stringify(config, { lineWidth: 0, aliasDuplicateObjects: false })}`;
    const parsed = parseServerFile(text, file);
    if ("problems" in parsed) {
      throw new MCPClientError("internal", `"${config.id}" could not be written as a server file.`);
    }
    await mkdir(folder, { recursive: true });
    try {
      // A credential may be kept in it, so it is for its owner alone.
      await writeFile(file, text, { flag: "wx", mode: 0o600 });
    } catch (cause) {
      const isThere = (cause as NodeJS.ErrnoException).code === "EEXIST";
      throw new MCPClientError("config_invalid", `${file} ${isThere ? "is there already" : "cannot be written"}.`, {
        hint: isThere ? "Rename or remove that file; nothing is overwritten." : "Check that the folder is writable.",
        cause,
      });
    }
    return { file, target: secretTarget(parsed.config) };
  }
}

/** @throws MCPClientError where nobody said what becomes of a credential. */
function assertChosen({ credentials }: PlannedServer, choice: ImportChoice): void {
  const unsaid = credentials.filter(({ key }) => !Object.hasOwn(choice.credentials, key));
  if (unsaid.length === 0) return;
  const keys = unsaid.map(({ key }) => `\`${key}\``).join(", ");
  throw new MCPClientError("bad_request", `${choice.id} holds a credential in ${keys}, so it was left out.`, {
    hint: "Say whether it goes to the vault or stays in the server's file.",
  });
}

function refusalOf({ refused }: ImportPlan, id: string): string {
  const other = refused.find(({ message }) => message.includes(`\`${id}\``));
  return other ? `"${other.name}" was left out: ${other.message}.` : `The file holds no server "${id}".`;
}

async function readText(file: string): Promise<string> {
  const refuse = (why: string, cause?: unknown) =>
    new MCPClientError("config_invalid", `${file} ${why}.`, { hint: "Name a client's configuration file.", cause });
  try {
    await using handle = await open(file);
    const stats = await handle.stat();
    if (!stats.isFile()) throw refuse("is no file");
    if (stats.size > largestFile) throw refuse(`is larger than ${largestFile / 1024 / 1024} MB`);
    return new TextDecoder("utf-8", { fatal: true }).decode(await handle.readFile());
  } catch (error) {
    if (error instanceof MCPClientError) throw error;
    throw refuse(
      error instanceof TypeError ? "is not UTF-8 text" : `cannot be read (${(error as NodeJS.ErrnoException).code})`,
      error,
    );
  }
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
