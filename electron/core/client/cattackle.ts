/** `cattackle.toml` files: one server each, with its settings. */

import { readFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { parse, TomlError } from "smol-toml";
import { z } from "zod";
import { MCPClientError } from "../errors.ts";
import { explainIssues } from "../yaml/explain-issue.ts";
import type { CommonConfig } from "./client-config.ts";
import type { ServerDefinition } from "./server-definitions.ts";
import { TransportType } from "./transport-type.ts";

const texts = z.record(z.string(), z.string());

const transportSchema = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("stdio"),
    command: z.string(),
    args: z.array(z.string()).default([]),
    env: texts.default({}),
    cwd: z.string().optional(),
  }),
  z.strictObject({ type: z.literal("http"), url: z.string(), headers: texts.default({}) }),
  z.strictObject({ type: z.literal("websocket"), url: z.string(), headers: texts.default({}) }),
]);

/** Beside these, `[cattackle]` may describe the module; what is not about its server is left alone. */
const cattackleSchema = z.object({
  cattackle: z.looseObject({
    name: z.string().optional(),
    mcp: z.strictObject({
      transport: transportSchema,
      /** Seconds for one attempt. */
      timeout: z.number().positive().default(30),
      max_retries: z.number().int().min(0).max(10).default(3),
    }),
    settings: z
      .strictObject({
        /** Bytes of the serialised arguments. */
        max_payload_size: z.number().int().positive().optional(),
        enable_logging: z.boolean().default(true),
      })
      .prefault({}),
  }),
});

/**
 * Reads a file. Its server is called `cattackle.name`, or as the folder that it stands in; a relative `cwd` counts from there.
 * @throws MCPClientError `config_invalid`, which names the file, the place and what is wrong, and no value of `env` or `headers`.
 */
export async function readCattackle(file: string): Promise<ServerDefinition> {
  const data = parseToml(await readText(file), file);
  const parsed = cattackleSchema.safeParse(data);
  if (!parsed.success) {
    const faults = explainIssues(parsed.error.issues, data).map(({ path, message }) => {
      const isSecret = path.includes("env") || path.includes("headers");
      return `${path.join(".")}: ${isSecret ? message.replace(/; found [^]*$/, "") : message}`;
    });
    throw invalid(file, faults.join("; "));
  }
  const { name, mcp, settings } = parsed.data.cattackle;
  const folder = dirname(resolve(file));
  const common: CommonConfig = {
    timeout: Math.ceil(mcp.timeout * 1000),
    ...(settings.max_payload_size !== undefined && { max_payload_size: settings.max_payload_size }),
  };
  return {
    serverName: name ?? basename(folder),
    options: { ...transportOf(mcp.transport, common, folder), retryConfig: { max_attempts: mcp.max_retries + 1 } },
    source: { file },
    isLogged: settings.enable_logging,
  };
}

function transportOf(
  transport: z.infer<typeof transportSchema>,
  common: CommonConfig,
  folder: string,
): ServerDefinition["options"] {
  if (transport.type !== "stdio") {
    const { type, url, headers } = transport;
    return { transport: type, config: { ...common, url, headers } };
  }
  const { command, args, env, cwd } = transport;
  return {
    transport: TransportType.STDIO,
    config: { ...common, command, args, env, cwd: resolve(folder, cwd ?? ".") },
  };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw invalid(file, `it cannot be read (${(cause as NodeJS.ErrnoException).code})`, cause);
  }
}

function parseToml(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause;
    // The rest of the message shows the lines around, which may hold secrets.
    const [first] = cause.message.split("\n");
    throw invalid(`${file}:${cause.line}:${cause.column}`, first ?? "it is not TOML");
  }
}

function invalid(place: string, what: string, cause?: unknown): MCPClientError {
  return new MCPClientError("config_invalid", `${place}: ${what}.`, {
    hint: "Correct the file; no server was started.",
    cause,
  });
}
