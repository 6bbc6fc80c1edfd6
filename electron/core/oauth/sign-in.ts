import { randomBytes } from "node:crypto";
import {
  exchangeAuthorization,
  OAuthError,
  startAuthorization,
  validateAuthorizationResponseIssuer,
  type FetchLike,
} from "@modelcontextprotocol/client";
import type { OAuthConfig, SignInRequest } from "../../../shared/oauth.ts";
import { MCPCancelledError } from "../errors.ts";
import type { Clock } from "../ports.ts";
import type { Challenge } from "./challenge.ts";
import { clientInformation, identify } from "./client-identity.ts";
import { discover, type Discovered } from "./discover.ts";
import { LoopbackRedirect } from "./loopback-redirect.ts";
import { secureAddress } from "./secure-address.ts";
import { signInFailed, toSignInError } from "./sign-in-error.ts";
import { toTokens, type ClientIdentity, type TokenRecord } from "./token-record.ts";

/** How long a person may take in the browser, milliseconds. */
const timeoutMs = 5 * 60_000;

export type SignInOptions = {
  /** The MCP server: its id, and its address as http or https. */
  server: { id: string; url: URL };
  config: OAuthConfig;
  challenge: Challenge;
  /** What is asked for: `null` leaves it to what the server says. */
  scopes: readonly string[] | null;
  known: TokenRecord | null;
  clientSecret: string | null;
  clock: Clock;
  fetch: FetchLike;
};

type Parts = {
  options: SignInOptions;
  discovered: Discovered;
  redirect: LoopbackRedirect;
  client: ClientIdentity;
  codeVerifier: string;
  request: SignInRequest;
};

/**
 * One sign-in of a person by the browser: authorization code with PKCE (OAuth 2.1). The SDK's `auth` would open the browser by itself and
 * redeem a refused code twice, so its steps are taken here one by one.
 */
export class SignIn {
  readonly request: SignInRequest;
  #parts: Parts;
  #record: Promise<TokenRecord> | undefined;

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.request = parts.request;
  }

  /** Finds out where to go, and listens for the browser's return. Opens nothing. @throws MCPClientError */
  static async begin(options: SignInOptions): Promise<SignIn> {
    const { server, config, challenge, known, clock, fetch } = options;
    const discovered = await discover({ server: server.url, challenge, issuer: config.issuer, fetch });
    assertProvesPossession(discovered);
    const scopes = scopesToAsk(options, discovered);
    const state = randomBytes(32).toString("base64url");
    const redirect = await LoopbackRedirect.open({
      ...{ clock, state, timeoutMs },
      port: config.redirect_port ?? portOf(known, discovered.issuer),
      isPortFirm: config.redirect_port !== undefined,
    });
    try {
      const client = await identify({ ...{ config, discovered, known, scopes, fetch }, redirectUri: redirect.uri });
      const { authorizationUrl, codeVerifier } = await startAuthorization(discovered.issuer, {
        metadata: discovered.metadata,
        clientInformation: clientInformation(client, options.clientSecret),
        redirectUrl: redirect.uri,
        state,
        resource: discovered.resource,
        ...(scopes.length > 0 && { scope: scopes.join(" ") }),
      });
      const url = secureAddress(authorizationUrl, "The authorization endpoint", server.url);
      const request: SignInRequest = {
        server: server.id,
        url: url.href,
        host: url.host,
        issuer: discovered.issuer,
        resource: discovered.resource,
        scopes,
        redirectUri: redirect.uri,
        clientId: client.id,
        expiresAt: clock.wallNow() + timeoutMs,
      };
      return new SignIn({ options, discovered, redirect, client, codeVerifier, request });
    } catch (cause) {
      const error = toSignInError(cause, new URL(discovered.issuer).host);
      redirect.close(error);
      throw error;
    }
  }

  /** Resolves with what the person granted, once the browser is back. @throws MCPClientError */
  finish(): Promise<TokenRecord> {
    return (this.#record ??= this.#finish());
  }

  cancel(): void {
    this.#parts.redirect.close(new MCPCancelledError("The sign-in was cancelled."));
  }

  async #finish(): Promise<TokenRecord> {
    const { options, discovered, redirect, client, codeVerifier, request } = this.#parts;
    const { issuer, metadata, resource } = discovered;
    const answer = await redirect.answer;
    try {
      const code = readAnswer(answer, discovered);
      const given = await exchangeAuthorization(issuer, {
        metadata,
        clientInformation: clientInformation(client, options.clientSecret),
        authorizationCode: code,
        codeVerifier,
        redirectUri: redirect.uri,
        resource,
        ...issuerOf(answer),
        fetchFn: options.fetch,
      });
      const tokens = toTokens(given, request.scopes, options.clock.wallNow());
      return { version: 1, serverUrl: options.server.url.href, issuer, metadata, resource, client, tokens };
    } catch (error) {
      throw toSignInError(error, new URL(issuer).host);
    }
  }
}

/** Without PKCE a code that somebody caught could be used (MCP, Authorization Code Protection). */
function assertProvesPossession({ issuer, metadata }: Discovered): void {
  if (metadata.code_challenge_methods_supported?.includes("S256") === true) return;
  throw signInFailed(
    `${new URL(issuer).host} does not say that it checks PKCE (S256), so nobody is sent there.`,
    "Ask whoever runs it to support PKCE, or use a fixed token under `headers`.",
  );
}

/** What the server's file says; else what the server asks for; else all that it names. */
function scopesToAsk({ scopes, config }: SignInOptions, { metadata, scopesSupported }: Discovered): string[] {
  const asked = scopes ?? scopesSupported;
  // Else many authorization servers give no refresh token.
  const isOffline = metadata.scopes_supported?.includes("offline_access") === true && config.scopes === undefined;
  return [...new Set([...asked, ...(isOffline && asked.length > 0 ? ["offline_access"] : [])])];
}

/** The port that the browser came back to last, as the authorization server may know no other. */
function portOf(known: TokenRecord | null, issuer: string): number {
  const uri = known?.issuer === issuer ? known.client.redirectUri : null;
  return uri === null ? 0 : Number(new URL(uri).port);
}

/** The code. Whoever else it may come from is turned away first (RFC 9207), then what was refused is told. */
function readAnswer(answer: URLSearchParams, { metadata }: Discovered): string {
  validateAuthorizationResponseIssuer({
    iss: answer.get("iss") ?? undefined,
    expectedIssuer: metadata.issuer,
    issParameterSupported: metadata.authorization_response_iss_parameter_supported === true,
  });
  const refusal = answer.get("error");
  if (refusal !== null) throw new OAuthError(refusal, answer.get("error_description") ?? refusal);
  const code = answer.get("code");
  if (code === null || code === "") throw signInFailed("The browser came back without a code.");
  return code;
}

function issuerOf(answer: URLSearchParams): { iss?: string } {
  const iss = answer.get("iss");
  return iss === null ? {} : { iss };
}
