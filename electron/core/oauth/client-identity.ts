/** As whom Switchgear comes to an authorization server. */

import {
  registerClient,
  selectClientAuthMethod,
  type FetchLike,
  type OAuthClientInformation,
} from "@modelcontextprotocol/client";
import type { OAuthConfig } from "../../../shared/oauth.ts";
import type { Discovered } from "./discover.ts";
import { signInFailed, toSignInError } from "./sign-in-error.ts";
import type { ClientIdentity } from "./token-record.ts";

export type IdentityOptions = {
  config: OAuthConfig;
  discovered: Discovered;
  /** As whom Switchgear came last, and to whom, where it did. */
  known: { issuer: string; client: ClientIdentity } | null;
  redirectUri: string;
  scopes: readonly string[];
  fetch: FetchLike;
};

/**
 * The client of the server's file; else the document that describes Switchgear, where the authorization server reads such; else the client
 * that it registered before, or registers now (RFC 7591).
 *
 * @throws MCPClientError `sign_in_failed` where there is no way.
 */
export async function identify(options: IdentityOptions): Promise<ClientIdentity> {
  const { config, discovered, known, redirectUri, scopes } = options;
  const { issuer, metadata } = discovered;
  const given = (id: string): ClientIdentity => ({ id, secret: null, redirectUri: null, scopes: [] });
  if (config.client_id !== undefined) return given(config.client_id);
  if (config.client_metadata_url !== undefined && metadata.client_id_metadata_document_supported === true)
    return given(config.client_metadata_url);
  // Not every authorization server lets the port of a loopback address vary, as RFC 8252 would have it, or a client outgrow its scopes.
  const client = known?.issuer === issuer && known.client.redirectUri === redirectUri ? known.client : null;
  const isEnough = client !== null && scopes.every((scope) => client.scopes.includes(scope));
  return isEnough ? client : register(options);
}

async function register({ discovered, redirectUri, scopes, fetch }: IdentityOptions): Promise<ClientIdentity> {
  const { issuer, metadata } = discovered;
  const { host } = new URL(issuer);
  if (metadata.registration_endpoint === undefined) {
    throw signInFailed(
      `${host} does not register programs by itself.`,
      "Register a client there, for the redirect address http://127.0.0.1/callback, and write its `client_id` under `auth` in the server's file.",
    );
  }
  const scope = scopes.join(" ");
  try {
    const client = await registerClient(issuer, {
      metadata,
      clientMetadata: {
        client_name: "Switchgear",
        redirect_uris: [redirectUri],
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
        application_type: "native",
        token_endpoint_auth_method: "none",
      },
      ...(scope !== "" && { scope }),
      fetchFn: fetch,
    });
    return { id: client.client_id, secret: client.client_secret ?? null, redirectUri, scopes: [...scopes] };
  } catch (error) {
    throw toSignInError(error, host);
  }
}

/** As the SDK takes it. @param secret of the server's file, which goes before one that was registered. */
export function clientInformation({ id, secret }: ClientIdentity, ofFile: string | null): OAuthClientInformation {
  const known = ofFile ?? secret;
  return { client_id: id, ...(known !== null && { client_secret: known }) };
}

/** Says who asks, in a request to an endpoint that the SDK does not know (RFC 6749, 2.3.1). */
export function authenticate(
  client: OAuthClientInformation,
  supported: readonly string[],
  headers: Headers,
  body: URLSearchParams,
): void {
  const { client_id: id, client_secret: secret } = client;
  const method = selectClientAuthMethod(client, [...supported]);
  if (method === "client_secret_basic" && secret !== undefined) {
    const encode = (text: string) => new URLSearchParams({ x: text }).toString().slice(2);
    headers.set("authorization", `Basic ${Buffer.from(`${encode(id)}:${encode(secret)}`).toString("base64")}`);
    return;
  }
  body.set("client_id", id);
  if (method === "client_secret_post" && secret !== undefined) body.set("client_secret", secret);
}
