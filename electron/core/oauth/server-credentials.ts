import { OAuthError } from "@modelcontextprotocol/client";
import type { OAuthConfig, SignInState, SignOut } from "../../../shared/oauth.ts";
import { MCPClientError } from "../errors.ts";
import type { Clock } from "../ports.ts";
import { noChallenge, readChallenge, type Challenge } from "./challenge.ts";
import { grantByClientCredentials, refresh } from "./grants.ts";
import { oauthFetch } from "./oauth-fetch.ts";
import { revoke } from "./revoke.ts";
import { needsSignIn, toSignInError } from "./sign-in-error.ts";
import { SignIn } from "./sign-in.ts";
import type { SignInChange } from "./sign-in-change.ts";
import { KeptRecord, type KeptRecordDeps } from "./kept-record.ts";
import type { TokenRecord, Tokens } from "./token-record.ts";

export type CredentialsDeps = KeptRecordDeps & {
  clock: Clock;
  /** What a reference of a server's file stands for. @throws MCPClientError `config_invalid`, `vault_locked` */
  resolveSecret: (reference: string, what: string, server: string) => Promise<string>;
  /** Records a sign-in before it is kept, or throws; a sign-out is always done. */
  record: (change: SignInChange) => void;
  /** The state is another. */
  onChange: () => void;
};

/** The tokens of one server: read from the store, put on its requests and no others, renewed once for all who wait. */
export class ServerCredentials {
  readonly server: { id: string; url: URL };
  readonly config: OAuthConfig;
  #deps: CredentialsDeps;
  #kept: KeptRecord;
  /** Why the store could not be read, which matters only where a token is asked for. */
  #storeFault: unknown = null;
  #renewing: Promise<string> | undefined;
  #challenge: Challenge | null = null;
  #missing: readonly string[] = [];

  /** @param server its address as http or https. */
  constructor(server: { id: string; url: URL }, config: OAuthConfig, deps: CredentialsDeps) {
    this.server = server;
    this.config = config;
    this.#deps = deps;
    this.#kept = new KeptRecord(server.id, (record) => isFor(record, server.url, config), deps);
  }

  /** How it stands; `null` for a server that never asked for credentials. */
  get state(): SignInState | null {
    const { grant } = this.config;
    const record = this.#kept.current;
    const tokens = record?.tokens;
    if (record && tokens) {
      const { issuer } = record;
      const { scopes, expiresAt, refreshToken } = tokens;
      const renewable = grant === "client_credentials" || refreshToken !== null;
      return { kind: "signed-in", ...{ grant, issuer, scopes, expiresAt, renewable }, missing: [...this.#missing] };
    }
    const isKnown = this.#challenge !== null || record !== null;
    return isKnown && grant === "authorization_code" ? { kind: "signed-out" } : null;
  }

  /**
   * What a request carries as `Authorization`, renewed where its time is up; `null` while there is none.
   * @throws as `refused`
   */
  async authorization(): Promise<string | null> {
    await this.#load();
    const tokens = this.#kept.current?.tokens;
    if (!tokens) return null;
    if (this.#isExpired(tokens)) return this.#canRenew(tokens) ? this.#renewOnce() : null;
    await this.#kept.save();
    return headerOf(tokens);
  }

  /**
   * The server refused a request that carried `used`: what to carry instead.
   *
   * @param answer its status and `WWW-Authenticate`.
   * @throws MCPTransportError `needs_sign_in` where only a person can help, `connection_failed` where the authorization server does not
   * answer; MCPClientError `config_invalid` where what the server's file says is refused.
   */
  async refused(used: string | null, answer: { status: 401 | 403; header: string | null }): Promise<string> {
    const challenge = readChallenge(answer.status, answer.header);
    await this.#load();
    if (answer.status === 403) return this.#widen(challenge);
    const wasAsked = this.#challenge !== null;
    this.#challenge = challenge;
    if (!wasAsked) this.#deps.onChange();
    if (this.#storeFault !== null) throw this.#storeFault;
    const tokens = this.#kept.current?.tokens;
    // Another request met the same refusal, and the token was renewed since.
    if (tokens && headerOf(tokens) !== used && !this.#isExpired(tokens)) return headerOf(tokens);
    return this.#renewOnce();
  }

  /** Begins a sign-in by the browser. @throws MCPClientError */
  async beginSignIn(): Promise<SignIn> {
    await this.#deps.store.assertUsable();
    await this.#kept.load();
    return SignIn.begin({
      server: this.server,
      config: this.config,
      challenge: this.#challenge ?? noChallenge,
      scopes: this.#scopesToAsk(),
      known: this.#kept.current,
      clientSecret: await this.#clientSecret(),
      clock: this.#deps.clock,
      fetch: this.#fetch,
    });
  }

  /** What a sign-in gave, recorded and kept before it is used. @throws where it cannot be: nobody is signed in then, on record too */
  async accept(record: TokenRecord, by: string): Promise<void> {
    const { issuer, client, tokens } = record;
    const what = { server: this.server.id, issuer };
    this.#deps.record({ kind: "sign-in", ...what, scopes: tokens?.scopes ?? [], clientId: client.id, by });
    try {
      await this.#kept.replace(record);
      this.#missing = [];
    } catch (error) {
      this.#deps.record({ kind: "sign-out", ...what, by: "switchgear", why: "its tokens could not be kept" });
      throw error;
    } finally {
      this.#deps.onChange();
    }
  }

  /** Gives the tokens back, and forgets them whatever comes of it. @throws where the store cannot be changed */
  async signOut(by: string): Promise<SignOut> {
    await this.#kept.load();
    const record = this.#kept.current;
    if (!record?.tokens) return { revoked: false, reason: null };
    const outcome = await revoke(record, await this.#clientSecret().catch(() => null), this.#fetch);
    this.#missing = [];
    await this.#end(record, by, outcome.revoked ? "the tokens were given back" : (outcome.reason ?? "signed out"));
    return outcome;
  }

  get #fetch() {
    return oauthFetch(this.server.url, this.#deps.clock);
  }

  async #clientSecret(): Promise<string | null> {
    const { client_secret: reference } = this.config;
    if (reference === undefined) return null;
    const secret = await this.#deps.resolveSecret(
      reference,
      `\`client_secret\` of "${this.server.id}"`,
      this.server.id,
    );
    this.#deps.learnSecret(secret);
    return secret;
  }

  /** What was granted is asked for again, or a wider grant would lose it; `null` leaves it to what the server names. */
  #scopesToAsk(): readonly string[] | null {
    const known = [...(this.config.scopes ?? []), ...(this.#kept.current?.tokens?.scopes ?? []), ...this.#missing];
    const asked = known.length > 0 ? known : (this.#challenge?.scopes ?? []);
    return asked.length > 0 ? [...new Set(asked)] : null;
  }

  #isExpired({ expiresAt }: Tokens): boolean {
    return expiresAt !== null && this.#deps.clock.wallNow() >= expiresAt;
  }

  #canRenew({ refreshToken }: Tokens): boolean {
    return this.config.grant === "client_credentials" || refreshToken !== null;
  }

  #renewOnce(): Promise<string> {
    return (this.#renewing ??= this.#renew().finally(() => (this.#renewing = undefined)));
  }

  async #renew(): Promise<string> {
    if (this.config.grant === "client_credentials") return this.#renewByItself();
    const taken = await this.#takeOver();
    const record = this.#kept.current;
    if (taken !== null) return taken;
    if (!record?.tokens) {
      throw needsSignIn(this.server.id, `"${this.server.id}" asks you to sign in.`);
    }
    if (record.tokens.refreshToken === null) {
      await this.#end(record, "switchgear", "no longer accepted");
      throw needsSignIn(this.server.id, `The sign-in to "${this.server.id}" is no longer accepted.`);
    }
    try {
      const tokens = await refresh(record, record.tokens.refreshToken, {
        clientSecret: await this.#clientSecret(),
        clock: this.#deps.clock,
        fetch: this.#fetch,
      });
      await this.#put({ ...record, tokens });
      return headerOf(tokens);
    } catch (error) {
      return this.#onRefusedRefresh(record, error);
    }
  }

  /** A refused refresh ends the sign-in, unless another process renewed it in the meantime. */
  async #onRefusedRefresh(record: TokenRecord, cause: unknown): Promise<string> {
    const host = new URL(record.issuer).host;
    const error = toSignInError(cause, host);
    if (error.code !== "sign_in_failed") throw error;
    const taken = await this.#takeOver();
    if (taken !== null) return taken;
    // What the other side says of the grant or of us is final; anything else may pass.
    if (OAuthError.isInstance(cause)) await this.#end(record, "switchgear", "the refresh was refused");
    throw needsSignIn(this.server.id, `The sign-in to "${this.server.id}" could not be renewed: ${error.message}`);
  }

  /** What another process of ours stored since this one last looked, where it can be used. */
  async #takeOver(): Promise<string | null> {
    const before = this.#kept.current?.tokens?.accessToken;
    await this.#kept.reload();
    const tokens = this.#kept.current?.tokens;
    const isNew = tokens !== undefined && tokens !== null && tokens.accessToken !== before;
    return isNew && !this.#isExpired(tokens) ? headerOf(tokens) : null;
  }

  async #renewByItself(): Promise<string> {
    const { clock } = this.#deps;
    try {
      const record = await grantByClientCredentials({
        ...{ server: this.server, config: this.config, clock, fetch: this.#fetch },
        challenge: this.#challenge ?? noChallenge,
        scopes: this.#scopesToAsk(),
        clientSecret: await this.#clientSecret(),
      });
      this.#kept.holdUnstored(record);
      this.#missing = [];
      this.#deps.onChange();
      return headerOf(record.tokens);
    } catch (error) {
      const told = toSignInError(error, new URL(this.config.issuer ?? this.server.url).host);
      if (told.code !== "sign_in_failed") throw told;
      throw new MCPClientError("config_invalid", `"${this.server.id}" could not sign in by itself: ${told.message}`, {
        hint: told.hint ?? "Check `client_id`, `client_secret` and `scopes` under `auth` in the server's file.",
        cause: error,
      });
    }
  }

  /** The token is good, and the request needs more than it grants. A person is asked once, and never by a window that opens by itself. */
  #widen(challenge: Challenge): Promise<string> {
    const granted = this.#kept.current?.tokens?.scopes ?? [];
    const missing = challenge.scopes.filter((scope) => !granted.includes(scope));
    if (missing.length === 0) {
      const what =
        challenge.scopes.length > 0 ? `asks for ${challenge.scopes.join(", ")} again` : "does not say what for";
      throw needsSignIn(
        this.server.id,
        `"${this.server.id}" says that the sign-in does not suffice, and ${what}.`,
        403,
      );
    }
    this.#challenge = challenge;
    this.#missing = [...new Set([...this.#missing, ...missing])];
    if (this.config.grant === "client_credentials") return this.#renewOnce();
    this.#deps.onChange();
    const what = `"${this.server.id}" asks for more than was granted: ${missing.join(", ")}.`;
    throw needsSignIn(this.server.id, what, 403);
  }

  async #load(): Promise<void> {
    if (this.config.grant === "client_credentials") return;
    const before = this.#kept.current;
    try {
      await this.#kept.load();
      this.#storeFault = null;
    } catch (error) {
      this.#storeFault = error;
    }
    if (this.#kept.current !== before) this.#deps.onChange();
  }

  /** Forgets the tokens. */
  async #end(record: TokenRecord, by: string, why: string): Promise<void> {
    await this.#put({ ...record, tokens: null });
    this.#deps.record({ kind: "sign-out", server: this.server.id, issuer: record.issuer, by, why });
  }

  async #put(record: TokenRecord): Promise<void> {
    try {
      await this.#kept.put(record);
    } finally {
      this.#deps.onChange();
    }
  }
}

/** Tokens are for the address that they were given for, of the authorization server and to the client that the file names, where it does. */
function isFor(record: TokenRecord, url: URL, { client_id: clientId, issuer }: OAuthConfig): boolean {
  if (record.serverUrl !== url.href) return false;
  if (clientId !== undefined && record.client.id !== clientId) return false;
  return issuer === undefined || record.issuer.replace(/\/$/, "") === issuer.replace(/\/$/, "");
}

function headerOf({ accessToken }: Tokens): string {
  return `Bearer ${accessToken}`;
}
