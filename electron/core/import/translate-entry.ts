/** One server of another client, as the settings of a server file. */

import { isMap } from "./client-file.ts";
import { translateText, Untranslatable, type NameAsked } from "./translate-text.ts";

/** The settings, in the order in which they are written. */
export type Settings =
  | { transport: "stdio"; command: string; args?: string[]; env?: Record<string, string>; cwd?: string }
  | { transport: "http" | "websocket"; url: string; headers?: Record<string, string> };
export type TranslatedEntry = { settings: Settings; description?: string; notes: string[] };

const transports: Readonly<Record<string, Settings["transport"]>> = {
  stdio: "stdio",
  http: "http",
  sse: "http",
  "streamable-http": "http",
  streamablehttp: "http",
  streamable_http: "http",
  ws: "websocket",
  websocket: "websocket",
};

const common = ["type", "transport", "description", "disabled", "enabled"];
const used = {
  stdio: [...common, "command", "args", "env", "cwd"],
  remote: [...common, "url", "serverUrl", "httpUrl", "headers"],
};

/** @throws Untranslatable where it cannot be one, saying why without a value. */
export function translateEntry(value: unknown, nameAsked: NameAsked): TranslatedEntry {
  if (!isMap(value)) throw new Untranslatable("a server is a map, with `command` or `url`");
  const notes: string[] = [];
  const text = (found: unknown, setting: string, hasPlaceholders = true) => {
    if (typeof found !== "string") throw new Untranslatable(`\`${setting}\` must be text`);
    return translateText(found, { nameAsked, setting, hasPlaceholders, note: (note) => notes.push(note) });
  };
  const texts = (found: unknown, setting: string, hasPlaceholders = true) => {
    if (!isMap(found)) throw new Untranslatable(`\`${setting}\` must be a map`);
    // A client that says null means that there is none.
    const kept = Object.entries(found).filter(([, each]) => each !== null);
    return Object.fromEntries(
      kept.map(([name, each]) => [
        name,
        text(isPlain(each) ? String(each) : each, `${setting}.${name}`, hasPlaceholders),
      ]),
    );
  };
  const address = value.url ?? value.serverUrl ?? value.httpUrl;
  const settings = ((): Settings => {
    const transport = transportOf(value, address);
    if (transport !== "stdio") {
      const headers = value.headers === undefined ? {} : { headers: texts(value.headers, "headers", false) };
      return { transport, url: text(address, "url"), ...headers };
    }
    return {
      transport,
      command: text(value.command, "command"),
      ...(value.args !== undefined && { args: list(value.args).map((each, at) => text(each, `args[${at}]`)) }),
      ...(value.env !== undefined && { env: texts(value.env, "env") }),
      ...(value.cwd !== undefined && { cwd: text(value.cwd, "cwd") }),
    };
  })();
  const known = used[settings.transport === "stdio" ? "stdio" : "remote"];
  const others = Object.keys(value).filter((key) => !known.includes(key));
  if (others.length > 0) notes.push(`left out: ${others.join(", ")}`);
  const { description } = value;
  return { settings, notes, ...(typeof description === "string" && description.length <= 2000 && { description }) };
}

function transportOf(value: Record<string, unknown>, address: unknown): Settings["transport"] {
  const said = value.type ?? value.transport;
  const transport = typeof said === "string" ? transports[said.toLowerCase()] : undefined;
  if (said !== undefined && !transport) throw new Untranslatable("`type` is none of stdio, http, sse and ws");
  if (value.command !== undefined && address !== undefined) {
    throw new Untranslatable("it has both `command` and `url`; keep the one that is meant");
  }
  if (value.command === undefined && address === undefined)
    throw new Untranslatable("it has no `command` and no `url`");
  if (address === undefined) {
    if (transport && transport !== "stdio") throw new Untranslatable("its `type` asks for a `url`, and it has none");
    return "stdio";
  }
  if (transport === "stdio") throw new Untranslatable("its `type` asks for a `command`, and it has none");
  return transport ?? (typeof address === "string" && /^wss?:/i.test(address) ? "websocket" : "http");
}

function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new Untranslatable("`args` must be a list");
  return value.map((each) => (isPlain(each) ? String(each) : each));
}

function isPlain(value: unknown): value is number | boolean {
  return typeof value === "number" || typeof value === "boolean";
}
