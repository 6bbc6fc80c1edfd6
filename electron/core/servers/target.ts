/** A server file's settings as something that can be started or dialled, and as something that can be shown. */

import { isAbsolute, resolve } from "node:path";
import type { ServerConfig } from "../../../shared/server.ts";
import { fillPlaceholders, placeholdersIn, type PlaceholderName } from "../catalog/placeholders.ts";
import { checkUrl, hasAuthorization } from "../catalog/server-file.ts";
import { MCPClientError } from "../errors.ts";
import type { NodeRuntime } from "../ports.ts";
import { maskUrls, maskWords, tellValue } from "../secrets/literal-secrets.ts";
import type { Redactor } from "../secrets/redact.ts";
import { resolveSecret, type SecretReader } from "../secrets/resolve.ts";
import { quoteWord, secretTarget } from "../secrets/secret-target.ts";
import { isSensitiveName } from "../secrets/sensitive-name.ts";
import type { Credentials, ResolvedTarget } from "../transports/server-transport.ts";

/** What placeholders stand for; one that is not there yet, such as a fault lab that has not started, cannot be used. */
export type PlaceholderValues = Partial<Record<Exclude<PlaceholderName, "node">, string>>;

export type TargetContext = {
  env: Readonly<Record<string, string | undefined>>;
  nodeRuntime: NodeRuntime;
  placeholders: () => PlaceholderValues;
  vault: SecretReader;
  /** Learns every secret that is put in place. */
  redactor: Redactor;
  /** What signs the requests to a server that has no `Authorization` of its own. */
  credentialsFor?: (config: ServerConfig, url: string) => Credentials | undefined;
};

/** @throws MCPClientError `config_invalid`, naming the setting and the file and never a secret; `vault_locked`. */
export async function resolveTarget(
  config: ServerConfig,
  file: string,
  context: TargetContext,
): Promise<ResolvedTarget> {
  const { redactor } = context;
  const user = { id: config.id, target: secretTarget(config) };
  const values = valuesOf(context);
  const lookUp = async (text: string, setting: string) => {
    const resolved = await resolveSecret(text, { ...context, user }, `${setting} in ${file}`);
    if (resolved.secret !== null) redactor.add(resolved.secret);
    return resolved;
  };
  const fill = async (text: string, setting: string) => {
    const { value, secret } = await lookUp(text, setting);
    // What a reference stands for is taken as it is.
    return secret === null ? fillPlaceholders(value, (name) => known(name, values, setting, file)) : value;
  };
  const tell = (secret: string) => redactor.add(secret);
  const maxResponseBytes = config.max_response_size;
  const folders = config.roots.map(async (folder) => absolute(await fill(folder, "`roots`"), values["catalog"]));
  const common = { maxResponseBytes, roots: await Promise.all(folders) };
  if (config.transport === "stdio") {
    const env = await fillRecord(config.env, (text, name) => fill(text, `variable \`${name}\``), tell);
    const usesNode = [config.command, ...config.args].some((text) => placeholdersIn(text).includes("node"));
    const command = await fill(config.command, "`command`");
    const args = await Promise.all(config.args.map((arg, index) => fill(arg, `\`args[${index}]\``)));
    maskWords([command, ...args], tell);
    return {
      kind: "stdio",
      command,
      args,
      env: usesNode ? { ...context.nodeRuntime.env, ...env } : env,
      ...(config.cwd !== undefined && { cwd: absolute(await fill(config.cwd, "`cwd`"), values["catalog"]) }),
      ...common,
    };
  }
  const url = await fill(config.url, "`url`");
  maskUrls(url, tell);
  const fault = checkUrl(config.transport, url);
  if (fault)
    throw invalid(
      `The \`url\` in ${file} is ${redactor.text(fault)}.`,
      "Correct it; the connection is then made anew.",
    );
  // Headers have no placeholders.
  const header = async (text: string, name: string) => (await lookUp(text, `header \`${name}\``)).value;
  const headers = await fillRecord(config.headers, header, tell);
  if (config.auth && !context.credentialsFor) {
    throw invalid(`\`auth\` in ${file} needs a core with a vault.`, "Open it in the console, or by `openCore`.");
  }
  const credentials = hasAuthorization(headers) ? undefined : context.credentialsFor?.(config, url);
  return { kind: config.transport, url, headers, ...common, ...(credentials && { credentials }) };
}

/** How what has not started yet is shown. */
const notYet: Readonly<Record<string, string>> = {
  "fault-lab": "http://127.0.0.1:‹free port›",
  "fault-lab-ws": "ws://127.0.0.1:‹free port›",
};

/** The command line or the URL for the screen: placeholders filled where they can be, references as written, secrets masked. */
export function describeTarget(config: ServerConfig, context: TargetContext): string {
  const values = valuesOf(context);
  const fill = (text: string) => fillPlaceholders(text, (name) => values[name] ?? notYet[name] ?? `\${${name}}`);
  if (config.transport !== "stdio") return context.redactor.text(maskUrls(fill(config.url)));
  const words = maskWords([config.command, ...config.args]).map((word) => quoteWord(fill(word)));
  return context.redactor.text(words.join(" "));
}

function valuesOf({ placeholders, nodeRuntime }: TargetContext): Record<string, string | undefined> {
  return { ...placeholders(), node: nodeRuntime.command };
}

function known(name: string, values: Record<string, string | undefined>, setting: string, file: string): string {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (value !== undefined) return value;
  throw invalid(
    `The ${setting} in ${file} uses \${${name}}, which stands for nothing here.`,
    "Write the value out, or remove it.",
  );
}

/** Fills each value in, and tells those whose name says that they are secret, and what is secret in URLs. */
async function fillRecord(
  record: Record<string, string>,
  fill: (text: string, name: string) => Promise<string>,
  tell: (secret: string) => void,
): Promise<Record<string, string>> {
  const entries = await Promise.all(
    Object.entries(record).map(async ([name, text]) => [name, await fill(text, name)] as const),
  );
  for (const [name, value] of entries) {
    if (isSensitiveName(name)) tellValue(value, tell);
    maskUrls(value, tell);
  }
  return Object.fromEntries(entries);
}

function absolute(folder: string, base: string | undefined): string {
  return isAbsolute(folder) || base === undefined ? folder : resolve(base, folder);
}

function invalid(message: string, hint: string): MCPClientError {
  return new MCPClientError("config_invalid", message, { hint });
}
