/** Tokens without a person: by a refresh token, or by the program's own credentials. */

import {
  ClientCredentialsProvider,
  fetchToken,
  refreshAuthorization,
  type FetchLike,
} from "@modelcontextprotocol/client";
import type { OAuthConfig } from "../../../shared/oauth.ts";
import type { Clock } from "../ports.ts";
import type { Challenge } from "./challenge.ts";
import { clientInformation } from "./client-identity.ts";
import { discover } from "./discover.ts";
import { toTokens, type TokenRecord, type Tokens } from "./token-record.ts";

type Means = { clientSecret: string | null; clock: Clock; fetch: FetchLike };

/** @throws OAuthError where it is refused; MCPClientError where no answer came */
export async function refresh(record: TokenRecord, refreshToken: string, means: Means): Promise<Tokens> {
  const { issuer, metadata, resource, client, tokens } = record;
  const given = await refreshAuthorization(issuer, {
    metadata,
    clientInformation: clientInformation(client, means.clientSecret),
    refreshToken,
    resource,
    fetchFn: means.fetch,
  });
  return toTokens(given, tokens?.scopes ?? [], means.clock.wallNow());
}

export type ClientCredentialsOptions = Means & {
  server: { id: string; url: URL };
  config: OAuthConfig;
  challenge: Challenge;
  /** `null` asks for all that the server names. */
  scopes: readonly string[] | null;
};

/** @throws OAuthError where it is refused; MCPClientError where discovery will not do or no answer came */
export async function grantByClientCredentials(
  options: ClientCredentialsOptions,
): Promise<TokenRecord & { tokens: Tokens }> {
  const { server, config, challenge, clientSecret, clock, fetch } = options;
  const discovered = await discover({ server: server.url, challenge, issuer: config.issuer, fetch });
  const { issuer, metadata, resource, scopesSupported } = discovered;
  const scopes = options.scopes ?? scopesSupported;
  const id = config.client_id ?? "";
  const provider = new ClientCredentialsProvider({
    clientId: id,
    clientSecret: clientSecret ?? "",
    expectedIssuer: issuer,
  });
  const scope = scopes.length > 0 ? { scope: scopes.join(" ") } : {};
  const given = await fetchToken(provider, issuer, { metadata, resource, ...scope, fetchFn: fetch });
  const tokens = toTokens(given, scopes, clock.wallNow());
  const client = { id, secret: null, redirectUri: null, scopes: [...scopes] };
  return { version: 1, serverUrl: server.url.href, issuer, metadata, resource, client, tokens };
}
