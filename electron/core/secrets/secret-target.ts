import { createHash } from "node:crypto";
import type { ServerConfig } from "../../../shared/server.ts";
import type { SecretTarget } from "../../../shared/vault.ts";
import { maskUrls, maskWords } from "./literal-secrets.ts";

/** Longer ones are shown by how they begin. */
const longestShown = 300;

/**
 * Where a secret goes that this file asks for, placeholders and references as written. For a server that is started: what is run, and
 * every variable that it is given, as one alone (`API_URL`, `NODE_OPTIONS`) may send a token elsewhere. For one that is dialled: the
 * origin, and the authorization server that the file trusts.
 */
export function secretTarget(config: ServerConfig): SecretTarget {
  if (config.transport === "stdio") {
    const { command, args, cwd = null } = config;
    const env = Object.entries(config.env).toSorted(([a], [b]) => (a < b ? -1 : 1));
    const words = [...env.map(([name, value]) => `${name}=${value}`), command, ...args];
    const place = cwd === null ? "" : ` in ${quoteWord(cwd)}`;
    return target([command, args, env, cwd], maskWords(words).map(quoteWord).join(" ") + place);
  }
  const issuer = config.auth?.issuer ?? null;
  const origin = originOf(config.url);
  return target([origin, issuer], maskUrls(origin) + (issuer === null ? "" : `, signed in at ${maskUrls(issuer)}`));
}

/** A word of a command line, as a person would type it. */
export function quoteWord(word: string): string {
  return /^[^\s"']+$/.test(word) ? word : JSON.stringify(word);
}

/** All that says which host it is, as written: a placeholder may stand for it, and URLs may be written in odd ways. */
function originOf(url: string): string {
  return /^(?:[a-z][a-z0-9+.-]*:)?[/\\]*[^/\\?#]*/i.exec(url)![0];
}

function target(parts: unknown, shown: string): SecretTarget {
  const hash = createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  return { hash, shown: shown.length > longestShown ? `${shown.slice(0, longestShown)}…` : shown };
}
