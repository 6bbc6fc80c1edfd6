/** One server file: text in, a configuration or its problems out. */

import { serverConfigSchema, type ServerConfig } from "../../../shared/server.ts";
import type { FileProblem } from "../../../shared/catalog.ts";
import { parseReference } from "../secrets/resolve.ts";
import { explainIssues, type Fault } from "../yaml/explain-issue.ts";
import { readYaml } from "../yaml/yaml-source.ts";
import { isPlaceholderName, placeholderNames, placeholdersIn } from "./placeholders.ts";

export type ServerFile = { config: ServerConfig; idPosition: { line: number; column: number } };

/** @returns what the file says, or everything that is wrong with it, in the order of the file. */
export function parseServerFile(text: string, file: string): ServerFile | { problems: FileProblem[] } {
  const source = readYaml(text);
  if (source.problems.length > 0) {
    return { problems: source.problems.map(({ message, line, column }) => ({ file, line, column, message })) };
  }
  if (source.value === null) {
    return {
      problems: [
        { file, line: null, column: null, message: "the file is empty; a server needs at least id and transport" },
      ],
    };
  }
  const read = readServerConfig(source.value);
  if ("config" in read) return { config: read.config, idPosition: source.locate(["id"], "value") };
  const problems = read.faults.map(({ path, at, message }) => ({ file, ...source.locate(path, at), message }));
  return { problems: problems.toSorted((a, b) => a.line - b.line || a.column - b.column) };
}

/** @returns a server's settings with their defaults, or everything that is wrong with them. No fault repeats a secret. */
export function readServerConfig(value: unknown): { config: ServerConfig } | { faults: Fault[] } {
  const parsed = serverConfigSchema.safeParse(value);
  const faults = parsed.success ? checkValues(parsed.data) : explainIssues(parsed.error.issues, value).map(hideSecret);
  return parsed.success && faults.length === 0 ? { config: parsed.data } : { faults };
}

/** What stands in a header, a variable or among credentials is never repeated. */
function hideSecret(fault: Fault): Fault {
  const [section] = fault.path;
  if (section !== "headers" && section !== "env" && section !== "auth") return fault;
  return { ...fault, message: fault.message.replace(/; found [^]*$/, "") };
}

/** What the schema cannot say: the placeholders that there are, and the URLs that a transport can dial. */
function checkValues(config: ServerConfig): Fault[] {
  const faults: Fault[] = [];
  for (const [path, text] of texts(config)) {
    for (const name of placeholdersIn(text)) {
      if (isPlaceholderName(name)) continue;
      const known = placeholderNames.map((each) => `\${${each}}`).join(", ");
      faults.push({
        path,
        at: "value",
        message: `unknown placeholder \${${name}}; there are ${known}, and env://NAME for a variable, secrets://NAME for a secret`,
      });
    }
  }
  if (config.transport !== "stdio" && config.auth && hasAuthorization(config.headers)) {
    faults.push({
      path: ["auth"],
      at: "key",
      message: "the header `Authorization` stands in its way; keep one of them",
    });
  }
  // What is put in place later is judged then.
  if (config.transport === "stdio" || placeholdersIn(config.url).length > 0) return faults;
  if (parseReference(config.url)?.before === "") return faults;
  const message = checkUrl(config.transport, config.url);
  return message ? [...faults, { path: ["url"], at: "value", message }] : faults;
}

function texts(config: ServerConfig): [PropertyKey[], string][] {
  if (config.transport !== "stdio") return [[["url"], config.url]];
  return [
    [["command"], config.command],
    ...config.args.map((arg, index): [PropertyKey[], string] => [["args", index], arg]),
    ...Object.entries(config.env).map(([name, value]): [PropertyKey[], string] => [["env", name], value]),
    ...(config.cwd === undefined ? [] : [[["cwd"], config.cwd] satisfies [PropertyKey[], string]]),
  ];
}

/** Whether the server is given its credentials in its file, so that none are asked for. */
export function hasAuthorization(headers: Record<string, string>): boolean {
  return Object.keys(headers).some((name) => name.toLowerCase() === "authorization");
}

const schemes = { http: ["http:", "https:"], websocket: ["ws:", "wss:"] };

/** @returns what keeps the transport from dialling the URL, or `null`. */
export function checkUrl(transport: "http" | "websocket", url: string): string | null {
  const allowed = schemes[transport].map((scheme) => `${scheme}//`).join(" or ");
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (!parsed) return `not a URL; it must start with ${allowed}`;
  if (schemes[transport].includes(parsed.protocol)) return null;
  return `a ${transport} server's URL must start with ${allowed}, not ${parsed.protocol}`;
}
