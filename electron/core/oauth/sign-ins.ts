import type { OAuthConfig, SignInRequest, SignInState, SignOut } from "../../../shared/oauth.ts";
import type { ServerConfig } from "../../../shared/server.ts";
import { MCPRefusedError, type MCPClientError } from "../errors.ts";
import { ServerCredentials, type CredentialsDeps } from "./server-credentials.ts";
import type { SignIn } from "./sign-in.ts";

/** What a server is taken to say that has no `auth` in its file: it will tell when it is asked. */
const discovered: OAuthConfig = { type: "oauth", grant: "authorization_code" };

export type SignInsDeps = Omit<CredentialsDeps, "onChange"> & {
  onChange: (server: string) => void;
  /** @throws MCPClientError while nothing may be dialled */
  assertAllowed: () => void;
  /** Reads a server's file, so that `credentialsFor` is asked. @throws MCPClientError */
  resolve: (server: string) => void | Promise<void>;
  /** Connects a server. Rejects as the attempt does. */
  connect: (server: string) => Promise<void>;
  disconnect: (server: string, reason: string) => Promise<void>;
};

type Attempt = { signIn: SignIn; done: Promise<void> };
type Completed = { server: string; signIn: SignIn; credentials: ServerCredentials; by: string };

/** Who is signed in where, and the sign-ins under way: at most one a server. Nothing here opens a browser. */
export class SignIns {
  #deps: SignInsDeps;
  #credentials = new Map<string, ServerCredentials>();
  #attempts = new Map<string, Attempt>();

  constructor(deps: SignInsDeps) {
    this.#deps = deps;
  }

  /** What signs the requests to a server; the same as long as its file says the same. */
  credentialsFor(config: ServerConfig, url: string): ServerCredentials | undefined {
    if (config.transport === "stdio") return undefined;
    const { id, auth = discovered } = config;
    const address = new URL(url.replace(/^ws/, "http"));
    const known = this.#credentials.get(id);
    if (known?.server.url.href === address.href && JSON.stringify(known.config) === JSON.stringify(auth)) return known;
    this.cancel(id);
    const deps = { ...this.#deps, onChange: () => this.#deps.onChange(id) };
    const made = new ServerCredentials({ id, url: address }, auth, deps);
    this.#credentials.set(id, made);
    return made;
  }

  /** `null` for a server that never asked for credentials. */
  state(server: string): SignInState | null {
    return this.#credentials.get(server)?.state ?? null;
  }

  /**
   * Finds out where a person has to go, and waits for the browser's return for five minutes; an earlier attempt is cancelled.
   * @param by whose hand it is, for the record
   * @throws MCPClientError
   */
  async begin(server: string, by = "console"): Promise<SignInRequest> {
    this.#deps.assertAllowed();
    this.cancel(server);
    const credentials = await this.#find(server);
    if (credentials.config.grant === "client_credentials") {
      throw new MCPRefusedError("bad_request", `"${server}" signs in by itself, with its client credentials.`, {
        hint: "Connect it on the Panel.",
      });
    }
    // What it wants, and who grants it, is said as it refuses.
    if (credentials.state === null) await this.#deps.connect(server).catch(throwUnlessSignInIsNeeded);
    const signIn = await credentials.beginSignIn();
    this.cancel(server);
    const done = this.#complete({ server, signIn, credentials, by });
    // Whoever asked may have gone; the state tells how it went.
    done.catch(() => {});
    this.#attempts.set(server, { signIn, done });
    return signIn.request;
  }

  /** The address that was shown for the attempt under way. @throws MCPRefusedError `not_found` */
  address(server: string): string {
    return this.#attempt(server).signIn.request.url;
  }

  /** Resolves once the browser is back, the tokens are kept and the server is connected. @throws MCPClientError */
  finished(server: string): Promise<void> {
    return this.#attempt(server).done;
  }

  /** Stops waiting for the browser. */
  cancel(server: string): void {
    this.#attempts.get(server)?.signIn.cancel();
    this.#attempts.delete(server);
  }

  /** Closes the session and gives the tokens back. @throws where they cannot be forgotten here */
  async signOut(server: string, by = "console"): Promise<SignOut> {
    this.cancel(server);
    const credentials = await this.#find(server);
    await this.#deps.disconnect(server, "You signed out.");
    return credentials.signOut(by);
  }

  /** The server is gone, or is another. What was kept stays in the vault, for the address that it was given for. */
  forget(server: string): void {
    this.cancel(server);
    this.#credentials.delete(server);
  }

  /** Nothing is to be dialled any more. */
  cancelAll(): void {
    for (const server of this.#attempts.keys()) this.cancel(server);
  }

  async #find(server: string): Promise<ServerCredentials> {
    if (!this.#credentials.has(server)) await this.#deps.resolve(server);
    const found = this.#credentials.get(server);
    if (found) return found;
    throw new MCPRefusedError("bad_request", `"${server}" takes no sign-in.`, {
      hint: "A server that runs as a process, or has its own `Authorization` header, is given its credentials in its file.",
    });
  }

  #attempt(server: string): Attempt {
    const attempt = this.#attempts.get(server);
    if (attempt) return attempt;
    throw new MCPRefusedError("not_found", `No sign-in to "${server}" is under way.`, { hint: "Begin it anew." });
  }

  async #complete({ server, signIn, credentials, by }: Completed): Promise<void> {
    try {
      await credentials.accept(await signIn.finish(), by);
    } finally {
      if (this.#attempts.get(server)?.signIn === signIn) this.#attempts.delete(server);
    }
    await this.#deps.connect(server);
  }
}

function throwUnlessSignInIsNeeded(error: MCPClientError): void {
  if (error.code !== "needs_sign_in") throw error;
}
