import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { consolePath, type LoggedIn, type LoginState, type SessionEnd } from "../../shared/web-console.ts";
import type { Core } from "../core/core.ts";
import { toClientError } from "../core/errors.ts";
import { refuseContent, refuseTooMany } from "../core/http/guard.ts";
import type { Pages } from "../core/http/pages.ts";
import { readBody } from "../core/http/read-body.ts";
import { answerRefusal, type Refusal } from "../core/http/refusal.ts";
import { RequestRate } from "../core/http/request-rate.ts";
import { refuseUpgrade } from "../core/http/upgrades.ts";
import type { Logger } from "../core/ports.ts";
import type { Redactor } from "../core/secrets/redact.ts";
import { BrowserSessions, type BrowserSession } from "./browser-sessions.ts";
import { largestFrame } from "./console-socket.ts";
import { Downloads } from "./downloads.ts";
import { OpenPages } from "./open-pages.ts";
import type { PageFiles } from "./page-files.ts";
import { ownOrigins, readSessionCookie, sessionCookie } from "./session-cookie.ts";

export type WebConsoleOptions = {
  files: PageFiles;
  redactor: Redactor;
  logger: Logger;
  /** How long nobody may be there before they have to log in again, minutes. */
  idleMinutes: number;
  /** Exact origins under which it is opened beside the endpoint's own. */
  origins?: readonly string[];
};

/** Bytes of a login: a token, and the JSON around it. */
const loginBytes = 1_000;
/** Pages that one session may have open. */
const mostPages = 64;
/** Logins that are tried a second, all who try together. */
const loginsPerSecond = 5;

/** The operator's console in a browser: the same page as the window's, and the same contract over a WebSocket. */
export class WebConsole implements Pages {
  readonly origins: readonly string[];
  readonly originHint =
    "Or have it answer to another name, as a tunnel may have: `switchgear serve --ui --ui-origin …`.";
  #core: Core;
  #options: WebConsoleOptions;
  #sessions: BrowserSessions;
  #pages: OpenPages;
  #downloads = new Downloads();
  #server = new WebSocketServer({ noServer: true, maxPayload: largestFrame, perMessageDeflate: false });
  #logins: RequestRate;

  constructor(core: Core, options: WebConsoleOptions) {
    const { clock } = core;
    this.#core = core;
    this.#options = options;
    this.origins = options.origins ?? [];
    this.#logins = new RequestRate(clock, loginsPerSecond);
    const idleMs = options.idleMinutes * 60_000;
    this.#sessions = new BrowserSessions({ clock, idleMs, onEnded: (...ended) => this.#record(...ended) });
    const onSeen = (session: BrowserSession) => this.#sessions.seen(session);
    this.#pages = new OpenPages({ ...options, core, downloads: this.#downloads, onSeen });
  }

  owns(path: string): boolean {
    return path.startsWith(consolePath) || path === consolePath.slice(0, -1);
  }

  async answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const asked = pathOf(incoming);
    if (!asked.startsWith(consolePath)) return answerStatus(outgoing, 308, { location: consolePath });
    const path = asked.slice(consolePath.length);
    const isRead = incoming.method === "GET" || incoming.method === "HEAD";
    if (path === "login" || path === "logout") {
      if (incoming.method !== "POST") return answerStatus(outgoing, 405, { allow: "POST" });
      return path === "login" ? this.#logIn(incoming, outgoing) : this.#logOut(incoming, outgoing);
    }
    if (!isRead) return answerStatus(outgoing, 405, { allow: "GET, HEAD" });
    if (path === "session") return this.#tellSession(incoming, outgoing);
    if (path.startsWith("downloads/")) return this.#download(path.slice("downloads/".length), incoming, outgoing);
    const file = await this.#options.files.read(path);
    if (!file) return answerStatus(outgoing, 404);
    outgoing.writeHead(200, { ...file.headers, "content-length": file.body.length });
    outgoing.end(incoming.method === "HEAD" ? undefined : file.body);
  }

  upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    const session = this.#sessions.find(readSessionCookie(incoming));
    const stranger =
      this.#refuseForeign(incoming, "needs-origin") ?? (pathOf(incoming) === `${consolePath}socket` ? null : notHere);
    if (stranger || !session || this.#pages.count(session) >= mostPages) {
      const refusal = stranger ?? (session ? refuseTooMany(0) : loggedOut);
      this.#note(refusal, incoming);
      return refuseUpgrade(refusal, socket);
    }
    this.#server.handleUpgrade(incoming, socket, head, (opened) => this.#pages.add(opened, session));
  }

  /** Ends every session, and what was made for it. */
  async close(): Promise<void> {
    this.#pages[Symbol.dispose]();
    this.#sessions.close();
    this.#server.close();
    await this.#downloads.close();
  }

  async #logIn(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = "", url = "", headers } = incoming;
    const foreign =
      this.#refuseForeign(incoming, "needs-origin") ?? refuseContent({ method, url, headers }, loginBytes);
    if (foreign) return this.#refuse(foreign, incoming, outgoing);
    const read = await readBody(incoming, loginBytes);
    if (!read) return;
    if (!read.ok) return this.#refuse(read.refusal, incoming, outgoing);
    const waitMs = this.#logins.take("");
    if (waitMs > 0) return this.#refuse(refuseTooMany(waitMs), incoming, outgoing);
    const begun = this.#begin(readTokenOf(read.body));
    if ("status" in begun) return this.#refuse(begun, incoming, outgoing);
    const before = this.#sessions.find(readSessionCookie(incoming));
    if (before) this.#sessions.end(before, "logged-out");
    this.#options.logger.info("A browser logged in.");
    answerJson(outgoing, { key: begun.key } satisfies LoggedIn, {
      "set-cookie": sessionCookie(incoming, begun.cookie),
    });
  }

  #begin(token: string | null): { cookie: string; key: string } | Refusal {
    try {
      return this.#sessions.begin((id) => token !== null && this.#core.access.logins.redeem(token, id)) ?? notGood;
    } catch (error) {
      return { status: 503, error: toClientError(error).toWire() };
    }
  }

  #logOut(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const foreign = this.#refuseForeign(incoming, "needs-origin");
    if (foreign) return this.#refuse(foreign, incoming, outgoing);
    const session = this.#sessions.find(readSessionCookie(incoming));
    if (session) this.#sessions.end(session, "logged-out");
    answerJson(outgoing, { loggedIn: false } satisfies LoginState, { "set-cookie": sessionCookie(incoming, "") });
  }

  #tellSession(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const foreign = this.#refuseForeign(incoming);
    if (foreign) return this.#refuse(foreign, incoming, outgoing);
    const loggedIn = this.#sessions.find(readSessionCookie(incoming)) !== null;
    answerJson(outgoing, { loggedIn } satisfies LoginState);
  }

  async #download(id: string, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const session = this.#sessions.find(readSessionCookie(incoming));
    const foreign = this.#refuseForeign(incoming) ?? (session ? null : loggedOut);
    if (foreign || !session) return this.#refuse(foreign ?? loggedOut, incoming, outgoing);
    if (!(await this.#downloads.send(id, session, outgoing))) answerStatus(outgoing, 404);
  }

  #record({ id }: BrowserSession, why: SessionEnd): void {
    const { logger } = this.#options;
    logger.info("A browser's session is over.", { session: id, why });
    try {
      this.#core.access.logins.ended(id, why);
    } catch (error) {
      logger.error("The end of a browser's session could not be recorded.", { error });
    }
  }

  /** Pages of this very origin alone. A cookie goes with what pages of other ports of this host ask, too. */
  #refuseForeign(incoming: IncomingMessage, origin?: "needs-origin"): Refusal | null {
    const { headers } = incoming;
    const site = headers["sec-fetch-site"];
    if (site !== undefined && site !== "same-origin") return foreignPage;
    if (headers.origin === undefined) return origin === "needs-origin" ? foreignPage : null;
    return ownOrigins(incoming, this.origins).includes(headers.origin.toLowerCase()) ? null : foreignPage;
  }

  #refuse(refusal: Refusal, incoming: IncomingMessage, outgoing: ServerResponse): void {
    this.#note(refusal, incoming);
    answerRefusal(refusal, outgoing);
  }

  /** Without the address: what stands in it may be a secret. */
  #note({ status, error }: Refusal, { method }: IncomingMessage): void {
    this.#options.logger.info("The console refused a browser.", { method, status, why: error.message });
  }
}

function pathOf({ url = "" }: { url?: string | undefined }): string {
  return url.split("?", 1)[0]!;
}

function readTokenOf(body: Buffer): string | null {
  try {
    const { token } = JSON.parse(body.toString("utf8")) as { token?: unknown };
    return typeof token === "string" ? token : null;
  } catch {
    return null;
  }
}

function answerJson(outgoing: ServerResponse, value: unknown, headers: Record<string, string> = {}): void {
  outgoing.writeHead(200, { "content-type": "application/json", "cache-control": "no-store", ...headers });
  outgoing.end(JSON.stringify(value));
}

function answerStatus(outgoing: ServerResponse, status: 308 | 404 | 405, headers: Record<string, string> = {}): void {
  outgoing.writeHead(status, { "content-type": "text/plain", "cache-control": "no-store", ...headers });
  outgoing.end(status === 404 ? "There is nothing here.\n" : "");
}

const foreignPage: Refusal = {
  status: 403,
  error: { code: "forbidden", message: "Only the console's own page may ask here." },
};
const notHere: Refusal = { status: 400, error: { code: "not_found", message: "No WebSocket is here." } };
const loggedOut: Refusal = {
  status: 401,
  error: {
    code: "unauthorized",
    message: "This browser is not logged in.",
    hint: "Run `switchgear console` where Switchgear runs, and open the address that it prints.",
  },
};
const notGood: Refusal = {
  status: 401,
  error: {
    code: "unauthorized",
    message: "This address does not log in any more: each does so once, and within ten minutes.",
    hint: "Run `switchgear console` where Switchgear runs, and open the address that it prints.",
  },
};
