/** What a client's file would become: servers that can be imported, and those that cannot, with why. */

import type { ImportableServer, RefusedServer } from "../../../shared/import.ts";
import { readServerConfig } from "../catalog/server-file.ts";
import { maskUrls, maskWords } from "../secrets/literal-secrets.ts";
import { formatPath } from "../yaml/yaml-source.ts";
import type { ClientEntry } from "./client-file.ts";
import { findCredentials, type Credential } from "./inline-credentials.ts";
import { idFrom, secretNameFrom } from "./safe-names.ts";
import { translateEntry, type Settings } from "./translate-entry.ts";
import { Untranslatable } from "./translate-text.ts";

export type PlannedServer = {
  shown: ImportableServer;
  /** What is written, apart from what the person chooses. */
  about: { id: string; title?: string; description?: string };
  settings: Settings;
  credentials: Credential[];
};
export type ImportPlan = { servers: PlannedServer[]; refused: RefusedServer[] };

export type Surroundings = {
  /** The ids in use, each with its file. */
  ids: ReadonlyMap<string, string>;
  /** Names of secrets that the vault holds. */
  secrets: ReadonlySet<string>;
};

/** One entry that cannot be imported harms no other. */
export function planImport(entries: readonly ClientEntry[], { ids, secrets }: Surroundings): ImportPlan {
  const plan: ImportPlan = { servers: [], refused: [] };
  const named = new Set(secrets);
  const asked = new Map<string, string>();
  const takenBy = new Map(ids);
  for (const { name, value, line, column } of entries) {
    try {
      const id = idFrom(name);
      if (id === null) throw new Untranslatable("its name has no letter or digit that an id could be made of");
      const other = takenBy.get(id);
      if (other !== undefined) throw new Untranslatable(`its id \`${id}\` is already that of ${other}`);
      plan.servers.push(planServer(id, name, value, { named, asked }));
      takenBy.set(id, `"${name}" in this file`);
    } catch (error) {
      if (!(error instanceof Untranslatable)) throw error;
      plan.refused.push({ name, line, column, message: error.message });
    }
  }
  return plan;
}

/** Names in use and to be: the vault's own are never proposed, or a file could ask for a secret that was not meant for it. */
type Names = { named: Set<string>; asked: Map<string, string> };

function planServer(id: string, name: string, value: unknown, { named, asked }: Names): PlannedServer {
  const questions = new Set<string>();
  const nameAsked = (input: string) => {
    const secret = asked.get(input) ?? secretNameFrom(input, named);
    asked.set(input, secret);
    named.add(secret);
    questions.add(secret);
    return secret;
  };
  const { settings, description, notes } = translateEntry(value, nameAsked);
  const about = { id, ...(id !== name && name.length <= 120 && { title: name }), ...(description && { description }) };
  assertValid({ ...about, ...settings });
  const credentials = findCredentials(settings);
  return {
    ...{ about, settings, credentials },
    shown: {
      ...{ id, name, transport: settings.transport, notes, asked: [...questions] },
      ...describe(settings, credentials),
      credentials: credentials.map(({ key, label, isMovable }) => {
        const secret = isMovable ? secretNameFrom(`${id}/${label}`, named) : null;
        if (secret !== null) named.add(secret);
        return { key, secret };
      }),
    },
  };
}

/** @throws Untranslatable */
function assertValid(config: Record<string, unknown>): void {
  const read = readServerConfig(config);
  if ("config" in read) return;
  const [fault] = read.faults;
  throw new Untranslatable(fault ? `\`${formatPath(fault.path)}\` is ${fault.message}` : "it is no server");
}

/** Exactly what would be started or dialled, and with what; credentials masked. */
function describe(settings: Settings, credentials: readonly Credential[]): { target: string; settings: string[] } {
  const shown = credentials.reduce((masked, { replace, shown: text }) => replace(masked, text), settings);
  if (shown.transport !== "stdio") return { target: maskUrls(shown.url), settings: lines(shown.headers, ": ") };
  const words = maskWords([shown.command, ...(shown.args ?? [])]);
  const folder = shown.cwd === undefined ? [] : [`in ${shown.cwd}`];
  return { target: words.map(quote).join(" "), settings: [...lines(shown.env, "="), ...folder] };
}

function lines(record: Record<string, string> = {}, between: string): string[] {
  return Object.entries(record).map(([name, text]) => `${name}${between}${maskUrls(text)}`);
}

function quote(word: string): string {
  return /^[^\s"']+$/.test(word) ? word : JSON.stringify(word);
}
