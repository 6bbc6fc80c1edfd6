import { basename } from "node:path";
import { pathToFileURL } from "node:url";

/** What a server's file says of what the server may ask for. */
export type InputRules = {
  trusted: boolean;
  sampling?: "allow" | "deny" | undefined;
};

/** Whether a server may make its callers' models work. */
export function maySample({ trusted, sampling }: InputRules): boolean {
  return (sampling ?? (trusted ? "allow" : "deny")) === "allow";
}

/** A folder as the protocol names it. */
export type Root = { uri: string; name: string };

export function rootsOf(folders: readonly string[]): Root[] {
  return folders.map((path) => ({ uri: pathToFileURL(path).href, name: basename(path) || path }));
}
