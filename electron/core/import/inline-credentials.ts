/** The credentials that stand in a server's settings as they are, told by their names, by their shapes and by where they stand. */

import { maskUrls, maskWords } from "../secrets/literal-secrets.ts";
import { mask } from "../secrets/redact.ts";
import { isSecretReference } from "../secrets/resolve.ts";
import { isSensitiveName } from "../secrets/sensitive-name.ts";
import type { Settings } from "./translate-entry.ts";

export type Credential = {
  /** `env.GITHUB_TOKEN`, `headers.Authorization`, `args[2]`, `command`, `url`. */
  key: string;
  /** What it is called there; names are proposed from it. */
  label: string;
  /** What stands before it in its setting, and what it is. */
  before: string;
  value: string;
  /** Whether a reference can stand in its place. */
  isMovable: boolean;
  /** The settings with another text in its place. */
  replace: (settings: Settings, text: string) => Settings;
  /** The setting as a person is shown it. */
  shown: string;
};

/** Of tokens that many services make. */
const tokenShape =
  /(?:^|[\s=:"'/])(?:gh[oprsu]_|github_pat_|glpat-|xox[a-z]-|[rs]k[-_]|AKIA|ASIA|AIza|eyJ[\w-]+\.eyJ|ntn_|npm_|hf_|secret_)[\w.-]{12,}/;
/** Names that are secret in a client's file, though elsewhere they may be ordinary words. */
const otherNames = /(?:^|[_-])(?:pat|pass|pwd|key|auth|dsn|creds?)$/i;
const ordinaryValue = /^(?:true|false|\d{1,4}|[~.]{0,2}\/.*)$/is;
const authScheme = /^(?:bearer|basic|token|apikey)\s+/i;

export function findCredentials(settings: Settings): Credential[] {
  if (settings.transport !== "stdio") {
    const url = inUrl(settings.url);
    return [...(url ? [url] : []), ...inRecord("headers", settings.headers ?? {})];
  }
  return [...inWords(settings.command, settings.args ?? []), ...inRecord("env", settings.env ?? {})];
}

function inRecord(section: "env" | "headers", record: Record<string, string>): Credential[] {
  return Object.entries(record).flatMap(([name, text]) => {
    if (text === "" || isSecretReference(text) || !isCredential(name, text)) return [];
    const before = authScheme.exec(text)?.[0] ?? "";
    const replace = (settings: Settings, by: string): Settings => {
      if (settings.transport === "stdio") return { ...settings, env: { ...settings.env, [name]: by } };
      return { ...settings, headers: { ...settings.headers, [name]: by } };
    };
    const value = text.slice(before.length);
    return [{ key: `${section}.${name}`, label: name, before, value, isMovable: true, replace, shown: before + mask }];
  });
}

function isCredential(name: string, text: string): boolean {
  if (tokenShape.test(text) || maskUrls(text) !== text) return true;
  return isSensitiveName(name) || (otherNames.test(name) && !ordinaryValue.test(text));
}

function inWords(command: string, args: readonly string[]): Credential[] {
  const words = [command, ...args];
  const masked = maskWords(words);
  return words.flatMap((word, index) => {
    if (isSecretReference(word) || (masked[index] === word && !tokenShape.test(word))) return [];
    const before = beforeSecret(words[index - 1], word);
    const flag = /([\w.-]+)["']?\s*[=:]\s*(?:\w+\s+)?$/.exec(before) ?? /^--?([\w.-]+)$/.exec(words[index - 1] ?? "");
    const replace = (settings: Settings, by: string): Settings => {
      if (settings.transport !== "stdio") return settings;
      if (index === 0) return { ...settings, command: by };
      return { ...settings, args: (settings.args ?? []).with(index - 1, by) };
    };
    const key = index === 0 ? "command" : `args[${index - 1}]`;
    const label = flag?.[1]?.replace(/^-+/, "") ?? key;
    return [{ key, label, before, value: word.slice(before.length), isMovable: true, replace, shown: before + mask }];
  });
}

/** What of a word can stay before a reference; nothing, where the word as a whole becomes the secret. */
function beforeSecret(previous: string | undefined, word: string): string {
  const told: string[] = [];
  maskWords(previous === undefined ? [word] : [previous, word], (secret) => told.push(secret));
  const ends = told.filter(
    (secret) => secret !== word && word.endsWith(secret) && /[\s=]$/.test(word.slice(0, -secret.length)),
  );
  const longest = ends.toSorted((a, b) => b.length - a.length)[0];
  if (longest === undefined) return authScheme.exec(word)?.[0] ?? "";
  const start = word.length - longest.length;
  const scheme = authScheme.exec(longest)?.[0] ?? "";
  const before = word.slice(0, start + scheme.length);
  // What stays must hold no secret of its own.
  return maskUrls(before) === before && !tokenShape.test(before) ? before : "";
}

/** Of a URL only the value of its last parameter can be a reference. */
function inUrl(url: string): Credential | null {
  if (isSecretReference(url) || (maskUrls(url) === url && !tokenShape.test(url))) return null;
  const [, before = "", name = "", value = ""] = /^([^]*[?&#]([^=&#]+)=)([^&#]+)$/.exec(url) ?? [];
  const isMovable = value !== "" && maskUrls(before) === before && !tokenShape.test(before) && isAsEncoded(value);
  const replace = (settings: Settings, by: string) => ({ ...settings, url: by }) as Settings;
  const about = { key: "url", replace, isMovable };
  if (isMovable) return { ...about, label: name, before, value: decodeURIComponent(value), shown: before + mask };
  return { ...about, label: "url", before: "", value: url, shown: maskUrls(url) === url ? mask : maskUrls(url) };
}

/** A secret is encoded when it is put in place; it must then be what it was. */
function isAsEncoded(value: string): boolean {
  try {
    return encodeURIComponent(decodeURIComponent(value)) === value;
  } catch {
    return false;
  }
}
