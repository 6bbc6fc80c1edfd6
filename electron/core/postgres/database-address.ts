import { MCPClientError } from "../errors.ts";

/** Where the database is that several machines share. */
export type DatabaseAddress = {
  /** As it was given, credentials included: not to be shown. */
  url: string;
  /** For people: host, port and database; no credentials, no parameters. */
  place: string;
  /** The password as it is and as the URL writes it, to be masked wherever it may show. */
  secrets: string[];
};

export const databaseVariable = "SWITCHGEAR_DATABASE_URL";

/** Reads a PostgreSQL URL. @throws MCPClientError `config_invalid`, which repeats nothing of it. */
export function readDatabaseAddress(url: string): DatabaseAddress {
  if (!URL.canParse(url)) throw invalid("it is not a URL");
  const { protocol, hostname, port, username, password, pathname, searchParams } = new URL(url);
  if (protocol !== "postgres:" && protocol !== "postgresql:") throw invalid("its scheme is not postgresql");
  const host = hostname || searchParams.get("host") || "";
  if (host === "") throw invalid("it names no host");
  const database = decode(pathname.slice(1));
  if (database === "") throw invalid("it names no database");
  decode(username);
  const given = [password, decode(password), searchParams.get("password") ?? ""];
  return {
    url,
    place: `postgresql://${host}:${port || 5432}/${database}`,
    secrets: given.filter((each) => each !== ""),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid("it has a % that begins no code of a character: write %25 for the sign itself");
  }
}

function invalid(what: string): MCPClientError {
  return new MCPClientError("config_invalid", `${databaseVariable} cannot be used: ${what}.`, {
    hint: "Write postgresql://user:password@host[:port]/database, with ?sslmode=verify-full for TLS.",
  });
}
