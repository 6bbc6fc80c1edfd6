/** Addresses that other programs open: `switchgear://approvals/…`. Each names a screen, and none does anything. */
import { serverIdSchema } from "../../shared/server.ts";

export const linkScheme = "switchgear";

/** Longer than any that is of use. */
const longest = 2_000;
const identity = /^[A-Za-z0-9_-]{1,100}$/;

/** Screens that are opened as they are. */
const screens = new Set([
  ...["approvals", "activity", "tools", "resources", "prompts"],
  ...["pins", "policy", "clients", "audit", "settings"],
]);

/** Screens of what servers offer, and how the page's own address names one of it. */
const offers = new Map([
  ["tools", "tool"],
  ["resources", "uri"],
  ["prompts", "prompt"],
]);

/**
 * The page's own address of what a link leads to: `/approvals?ticket=…`; `null` for what is no such link.
 *
 *     switchgear://panel                     switchgear://tools/SERVER/TOOL
 *     switchgear://SCREEN                    switchgear://resources/SERVER/URI
 *     switchgear://servers/SERVER            switchgear://prompts/SERVER/PROMPT
 *     switchgear://approvals/TICKET          switchgear://activity/CALL
 */
export function routeOfLink(link: string): string | null {
  if (link.length > longest || !URL.canParse(link)) return null;
  const { protocol, host, pathname, search, hash, username, password, port } = new URL(link);
  if (protocol !== `${linkScheme}:` || `${search}${hash}${username}${password}${port}` !== "") return null;
  const parts = partsOf(pathname);
  return parts && routeOf(host, parts);
}

/** The first link among the arguments of a start. */
export function linkAmong(args: readonly string[]): string | undefined {
  return args.find((arg) => arg.toLowerCase().startsWith(`${linkScheme}:`));
}

function routeOf(screen: string, parts: readonly string[]): string | null {
  const [first, second] = parts;
  if (first === undefined) {
    if (screen === "panel" || screen === "servers") return "/";
    return screens.has(screen) ? `/${screen}` : null;
  }
  if (second === undefined) {
    if (screen === "servers" && isServer(first)) return routeWith("/", { server: first });
    if (screen === "approvals" && identity.test(first)) return routeWith("/approvals", { ticket: first });
    if (screen === "activity" && identity.test(first)) return routeWith("/activity", { call: first });
    return null;
  }
  const named = offers.get(screen);
  return parts.length === 2 && named !== undefined && isServer(first)
    ? routeWith(`/${screen}`, { server: first, [named]: second })
    : null;
}

/** An address of the page with its query: `/tools?server=…`. */
export function routeWith(path: string, query: Record<string, string>): string {
  return `${path}?${new URLSearchParams(query).toString()}`;
}

function isServer(id: string): boolean {
  return id.length <= 200 && serverIdSchema.safeParse(id).success;
}

/** The path's parts, decoded; `null` where they cannot be. A slash at the end counts for nothing. */
function partsOf(pathname: string): string[] | null {
  const path = pathname.replace(/^\//, "").replace(/\/$/, "");
  try {
    const parts = path === "" ? [] : path.split("/").map(decodeURIComponent);
    return parts.includes("") ? null : parts;
  } catch {
    return null;
  }
}
