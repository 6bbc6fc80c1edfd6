import { MCPClientError } from "../errors.ts";

/** Where a Redis is. */
export type RedisAddress = {
  /** As it was given, credentials included: not to be shown. */
  url: string;
  /** For people: host and port, or the socket's path; no credentials. */
  place: string;
  database: string;
  /** The password as it is and as the URL writes it, to be masked wherever it may show. */
  secrets: string[];
};

export const redisVariable = "SWITCHGEAR_REDIS_URL";

const socketUrl = /^unix:\/\/(?:[^:@/]*(?::(?<password>[^@/]*))?@)?(?<place>\/[^?#]+)(?:\?db=(?<database>\d+))?$/;

/** Reads a Redis URL. @throws MCPClientError `config_invalid`, which repeats nothing of it. */
export function readRedisAddress(url: string): RedisAddress {
  const { password, place, database = "0" } = url.startsWith("unix:") ? readSocket(url) : readHost(url);
  const secrets = password ? [password, decode(password)] : [];
  return { url, place, database, secrets };
}

type Parts = { password?: string | undefined; place: string; database?: string | undefined };

function readSocket(url: string): Parts {
  const parts = socketUrl.exec(url)?.groups;
  if (!parts) throw invalid("it names no socket file");
  return { ...parts, place: decode(parts["place"]!) };
}

function readHost(text: string): Parts {
  if (!URL.canParse(text)) throw invalid("it is not a URL");
  const { protocol, hostname, port, username, password, pathname } = new URL(text);
  if (protocol !== "redis:" && protocol !== "rediss:") throw invalid("its scheme is none of redis, rediss and unix");
  if (hostname === "") throw invalid("it names no host");
  decode(username);
  const database = pathname.slice(1);
  if (!/^\d*$/.test(database)) throw invalid("its path is not the number of a database");
  return { password, place: `${hostname}:${port || 6379}`, database: database || undefined };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid("it has a % that begins no code of a character: write %25 for the sign itself");
  }
}

function invalid(what: string): MCPClientError {
  return new MCPClientError("config_invalid", `${redisVariable} cannot be used: ${what}.`, {
    hint: "Write redis://[user:password@]host[:port][/database], rediss://… for TLS, or unix:///path/to/redis.sock.",
  });
}
