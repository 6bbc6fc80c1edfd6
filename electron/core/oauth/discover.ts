import {
  checkResourceAllowed,
  discoverAuthorizationServerMetadata,
  discoverOAuthProtectedResourceMetadata,
  resourceUrlFromServerUrl,
  type FetchLike,
  type OAuthProtectedResourceMetadata,
} from "@modelcontextprotocol/client";
import { inertText } from "../../../shared/inert-text.ts";
import type { Challenge } from "./challenge.ts";
import { secureAddress } from "./secure-address.ts";
import { signInFailed, toSignInError } from "./sign-in-error.ts";
import type { ServerMetadata } from "./token-record.ts";

/** Who grants access to a server, and to what. */
export type Discovered = {
  issuer: string;
  metadata: ServerMetadata;
  /** The `resource` that tokens are asked for (RFC 8707). */
  resource: string;
  /** What the server says that can be asked for at all. */
  scopesSupported: readonly string[];
};

export type DiscoverOptions = {
  /** The server's address, as http or https. */
  server: URL;
  challenge: Challenge;
  /** The only authorization server that will do, where the server's file names one. */
  issuer?: string | undefined;
  fetch: FetchLike;
};

const endpoints = ["authorization_endpoint", "token_endpoint", "registration_endpoint", "revocation_endpoint"] as const;

/**
 * Asks the server who grants access to it (RFC 9728), and that one how (RFC 8414, OpenID Connect Discovery).
 * @throws MCPClientError `sign_in_failed` where an answer will not do, `connection_failed` where none came.
 */
export async function discover({ server, challenge, issuer, fetch }: DiscoverOptions): Promise<Discovered> {
  const described = await resourceMetadata(server, challenge, fetch);
  const resource = described?.resource ?? resourceUrlFromServerUrl(server).href;
  if (!checkResourceAllowed({ requestedResource: server, configuredResource: resource })) {
    throw signInFailed(`${server.host} describes another resource than itself: ${inertText(resource)}`);
  }
  const address = chooseIssuer(described?.authorization_servers ?? [], issuer, server);
  const metadata = await serverMetadata(address, fetch);
  for (const name of endpoints) {
    const endpoint = metadata[name];
    if (typeof endpoint === "string") secureAddress(endpoint, `The ${name.replaceAll("_", " ")}`, server);
  }
  return { issuer: metadata.issuer, metadata, resource, scopesSupported: described?.scopes_supported ?? [] };
}

/** @returns `undefined` where the server has no such document, as those of 2025-03-26 have none. */
async function resourceMetadata(
  server: URL,
  { resourceMetadataUrl }: Challenge,
  fetch: FetchLike,
): Promise<OAuthProtectedResourceMetadata | undefined> {
  let status = 0;
  const listening: FetchLike = async (url, init) => {
    const response = await fetch(url, init);
    ({ status } = response);
    return response;
  };
  const options = resourceMetadataUrl === undefined ? {} : { resourceMetadataUrl };
  try {
    return await discoverOAuthProtectedResourceMetadata(server, options, listening);
  } catch (error) {
    // The SDK tells a document that is not there from a bad one by words alone.
    if (status >= 400 && resourceMetadataUrl === undefined) return undefined;
    throw toSignInError(error, server.host);
  }
}

function chooseIssuer(offered: readonly string[], wanted: string | undefined, server: URL): string {
  const isSame = (a: string, b: string) => a.replace(/\/$/, "") === b.replace(/\/$/, "");
  if (wanted === undefined) return offered[0] ?? new URL("/", server).href;
  const found = offered.length === 0 ? wanted : offered.find((each) => isSame(each, wanted));
  if (found !== undefined) return found;
  throw signInFailed(
    `${server.host} names another authorization server than its file does: ${inertText(offered.join(", "))}`,
    "Correct `issuer` under `auth` in the server's file, if you trust the other one.",
  );
}

async function serverMetadata(address: string, fetch: FetchLike): Promise<ServerMetadata> {
  const { host } = URL.canParse(address) ? new URL(address) : { host: inertText(address) };
  let document: unknown;
  const keeping: FetchLike = async (url, init) => {
    const response = await fetch(url, init);
    document = await response
      .clone()
      .json()
      .catch(() => undefined);
    return response;
  };
  try {
    const metadata = await discoverAuthorizationServerMetadata(address, { fetchFn: keeping });
    // The SDK drops what it does not read, such as where tokens are given back.
    if (metadata) return { ...(document as Record<string, unknown>), ...metadata };
  } catch (error) {
    throw toSignInError(error, host);
  }
  throw signInFailed(
    `${host} does not say how to sign in: it has no authorization server metadata.`,
    "If the server takes a fixed token, write it under `headers` in its file: `Authorization: Bearer env://TOKEN`.",
  );
}
