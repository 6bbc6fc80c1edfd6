/** Globs for URIs, such as `file:///srv/**`: what a server may take for another URI than it reads as cannot be judged. */

import { matchesPath, parseGlob } from "./glob.ts";

const schemeOfGlob = /^([a-z][a-z0-9+.-]*):\/\//;
const schemeOfValue = /^([a-z][a-z0-9+.-]*):/i;
/** Left out, or read as a slash, by those who parse URIs as browsers do. */
// oxlint-disable-next-line no-control-regex
const unsteady = /[\u0000-\u001f\u007f\\]|^\s|\s$/;
const encoded = /%[0-9a-f]{2}/i;

/** The scheme of a glob that is for URIs; `null` where it is for other texts. */
export function uriScheme(glob: string): string | null {
  return schemeOfGlob.exec(glob)?.[1] ?? null;
}

/** @param scheme the glob's own, of `uriScheme` */
export function uriGlob(glob: string, scheme: string): (value: string) => boolean | "indeterminate" {
  const tokens = parseGlob(glob);
  const start = `${scheme}://`;
  const namesQuery = /\?.*=/.test(glob);
  return (value) => {
    if (unsteady.test(value)) return "indeterminate";
    const given = schemeOfValue.exec(value)?.[1]!.toLowerCase();
    if (given === undefined) return isUnresolved(value) ? "indeterminate" : false;
    if (given !== scheme) return false;
    // `FILE:///a`, `file:/a` and `file://localhost/a` are the file `/a` too.
    if (!value.startsWith(start) || (scheme === "file" && !value.startsWith("file:///"))) return "indeterminate";
    const verdicts = new Set(readings(value, namesQuery).map((uri) => judge(uri)));
    return verdicts.size === 1 ? [...verdicts][0]! : "indeterminate";
  };

  function judge(uri: string | null): boolean | "indeterminate" {
    if (uri === null || isUnresolved(uri.slice(start.length))) return "indeterminate";
    return matchesPath(tokens, uri);
  }
}

/** Whether a path holds `.`, `..` or an empty inner segment, so that it may lead elsewhere than it reads. */
export function isUnresolved(path: string): boolean {
  return path.includes("//") || /(?:^|[\\/])\.{1,2}(?:[\\/]|$)/.test(path);
}

/** What a URI may be read as: with its host in lower case, decoded, and without its query and fragment where the glob names none. */
function readings(uri: string, namesQuery: boolean): (string | null)[] {
  const wholes = namesQuery ? [uri] : [uri, uri.split(/[?#]/, 1)[0]!];
  return wholes.flatMap((whole) => [whole, lowerHost(whole), decode(whole)]);
}

function lowerHost(uri: string): string {
  return uri.replace(/:\/\/[^/]*/, (host) => host.toLowerCase());
}

/** `null` where it cannot be decoded, or was encoded twice and may be decoded twice. */
function decode(uri: string): string | null {
  try {
    const plain = decodeURIComponent(uri);
    return encoded.test(plain) ? null : plain;
  } catch {
    return null;
  }
}
