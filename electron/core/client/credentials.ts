import { assertNever } from "../../../shared/assert-never.ts";
import { MCPClientError } from "../errors.ts";
import type { Redactor } from "../secrets/redact.ts";
import type { ResolvedTarget } from "../transports/server-transport.ts";
import { resolveSecret } from "./resolve-secret.ts";

/** How a secret is shown to a server: `Authorization: Bearer …`, `X-API-Key: …`, or `Authorization: Basic …` of `user:password`. */
export type AuthType = "bearer" | "api_key" | "basic";

/** Which secret a session is opened with. A process gets it as the environment variable of the same name. */
export type Credentials = {
  /** The environment variable that holds it: a token, a key, or `user:password` for `basic`. */
  authEnvVar: string;
  /** Default `bearer`. */
  authType?: AuthType | undefined;
};

type Environment = Readonly<Record<string, string | undefined>>;

/** Sessions with one server are shared by calls of the same key. */
export function credentialsKey(credentials: Credentials | undefined): string {
  return credentials ? `${credentials.authType ?? "bearer"} ${credentials.authEnvVar}` : "";
}

/** @throws MCPClientError `config_invalid`, naming the variable, where it is not set. */
export function assertSet({ authEnvVar }: Credentials, env: Environment): void {
  secretOf(authEnvVar, env);
}

/** The target with the credentials in place, read anew at each connection; the redactor learns them. */
export function withCredentials(
  target: ResolvedTarget,
  { authEnvVar, authType = "bearer" }: Credentials,
  env: Environment,
  redactor: Redactor,
): ResolvedTarget {
  const secret = secretOf(authEnvVar, env);
  redactor.add(secret);
  if (target.kind === "stdio") return { ...target, env: { ...target.env, [authEnvVar]: secret } };
  const [name, value] = headerOf(authType, secret);
  redactor.add(value);
  const others = Object.entries(target.headers).filter(([other]) => other.toLowerCase() !== name.toLowerCase());
  return { ...target, headers: { ...Object.fromEntries(others), [name]: value } };
}

function secretOf(variable: string, env: Environment): string {
  return resolveSecret(`env://${variable}`, env);
}

function headerOf(type: AuthType, secret: string): [name: string, value: string] {
  switch (type) {
    case "bearer":
      return ["Authorization", `Bearer ${secret}`];
    case "api_key":
      return ["X-API-Key", secret];
    case "basic":
      return ["Authorization", `Basic ${Buffer.from(secret, "utf8").toString("base64")}`];
    default:
      return unknownType(type);
  }
}

/** Programs in plain JavaScript may hand in anything. */
function unknownType(type: never): never {
  if (typeof type !== "string") return assertNever(type);
  throw new MCPClientError("config_invalid", `There is no authType ${JSON.stringify(type)}.`, {
    hint: "Use bearer, api_key or basic.",
  });
}
