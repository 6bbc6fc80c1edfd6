import type { ImportableServer, ImportChoice, ImportPreview, InlineCredential } from "../../../shared/import.ts";
import { secretNameSchema } from "../../../shared/vault.ts";

/** Where a credential goes; where it goes nowhere, its server is left out. */
export type Destination = "vault" | "file" | "out";

/** What a person has chosen of one server so far. */
export type Draft = {
  isIncluded: boolean;
  isEnabled: boolean;
  credentials: Readonly<Record<string, { to: Destination; name: string }>>;
};
export type Drafts = Readonly<Record<string, Draft>>;

/** The vault for every credential that it can take; nothing is switched on, and nothing stays in a file unasked. */
export function initialDrafts({ servers, vault }: ImportPreview): Drafts {
  const draftOf = ({ credentials }: ImportableServer): Draft => ({
    isIncluded: true,
    isEnabled: false,
    credentials: Object.fromEntries(
      credentials.map((credential) => {
        const to = canMove(credential, vault) ? ("vault" as const) : ("out" as const);
        return [credential.key, { to, name: credential.secret ?? "" }];
      }),
    ),
  });
  return Object.fromEntries(servers.map((server) => [server.id, draftOf(server)]));
}

export function canMove({ secret }: InlineCredential, vault: ImportPreview["vault"]): boolean {
  return secret !== null && vault.state === "ready";
}

export function isLeftOut({ isIncluded, credentials }: Draft): boolean {
  return !isIncluded || Object.values(credentials).some(({ to }) => to === "out");
}

/** What is wrong with a name for the vault, `null` where nothing is. */
export function nameFault(name: string): string | null {
  const checked = secretNameSchema.safeParse(name);
  return checked.success ? null : (checked.error.issues[0]?.message ?? "not a secret’s name");
}

/** What is to be imported; `null` where a name cannot be one. */
export function choicesOf(drafts: Drafts): ImportChoice[] | null {
  const included = Object.entries(drafts).filter(([, draft]) => !isLeftOut(draft));
  const chosen = included.flatMap(([, { credentials }]) => Object.values(credentials));
  if (chosen.some(({ to, name }) => to === "vault" && nameFault(name) !== null)) return null;
  return included.map(([id, { isEnabled, credentials }]) => ({
    id,
    enable: isEnabled,
    credentials: Object.fromEntries(
      Object.entries(credentials).map(([key, { to, name }]) => [
        key,
        to === "vault" ? { to, name } : { to: "file" as const },
      ]),
    ),
  }));
}

/** "Import 2 servers, 1 credential into the vault". */
export function importWords(choices: readonly ImportChoice[]): string {
  if (choices.length === 0) return "Import nothing";
  const moved = choices.flatMap(({ credentials }) => Object.values(credentials)).filter(({ to }) => to === "vault");
  const servers = `Import ${choices.length === 1 ? "1 server" : `${choices.length} servers`}`;
  if (moved.length === 0) return servers;
  return `${servers}, ${moved.length === 1 ? "1 credential" : `${moved.length} credentials`} into the vault`;
}
