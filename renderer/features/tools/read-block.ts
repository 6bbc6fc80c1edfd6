/** A block of a tool's answer as the page can show it: what a server sent is looked at before it becomes an address or a picture. */
export type ReadBlock =
  /** `written`: how the server says, or the text shows, that it is written. */
  | { kind: "text"; text: string; written: "json" | "markdown" | null }
  | { kind: "image" | "audio"; url: string; mimeType: string; bytes: number }
  | { kind: "link"; uri: string; name: string; description: string | null; mimeType: string | null }
  | { kind: "resource"; uri: string; mimeType: string | null; content: ReadBlock | null; file: SavedContent | null }
  /** It is there, and is not shown for this reason. */
  | { kind: "withheld"; reason: string }
  | { kind: "unknown"; value: unknown };

/** What a person may keep of a resource: as the server sent it, text or base64. */
export type SavedContent = { name: string } & ({ text: string } | { base64: string });

/** The largest picture or sound that is shown, in base64 characters. */
export const maxMediaLength = 12_000_000;
const maxJsonLength = 500_000;
const maxMarkdownLength = 200_000;

const mediaType = /^(image|audio)\/[a-z0-9][a-z0-9.+-]*$/i;
const base64 = /^[a-z0-9+/]*={0,2}$/i;

export function readBlock(block: unknown): ReadBlock {
  const { type, text, data, mimeType, uri, name, description, resource } = record(block);
  if (type === "text" && typeof text === "string") return readText(text, null);
  if ((type === "image" || type === "audio") && typeof data === "string")
    return readMedia(data, string(mimeType) ?? "");
  if (type === "resource_link" && typeof uri === "string") {
    return {
      kind: "link",
      uri,
      name: string(name) ?? uri,
      description: string(description),
      mimeType: string(mimeType),
    };
  }
  if (type === "resource") return readResource(record(resource));
  return { kind: "unknown", value: block };
}

/** One of the contents that reading a resource gives, or a resource that stands in an answer. */
export function readResource({ uri, mimeType, text, blob }: Record<string, unknown>): ReadBlock {
  const type = string(mimeType);
  const address = string(uri) ?? "";
  const file = fileOf(fileNameOf(address), text, blob);
  return { kind: "resource", uri: address, mimeType: type, content: contentOf(type, text, blob), file };
}

function fileOf(name: string, text: unknown, blob: unknown): SavedContent | null {
  if (typeof text === "string") return { name, text };
  if (typeof blob !== "string") return null;
  const compact = blob.replace(/\s/g, "");
  return base64.test(compact) ? { name, base64: compact } : null;
}

function contentOf(mimeType: string | null, words: unknown, blob: unknown): ReadBlock | null {
  if (typeof words === "string") return readText(words, mimeType);
  if (typeof blob !== "string") return null;
  if (mimeType !== null && mediaType.test(mimeType)) return readMedia(blob, mimeType);
  const text = isText(mimeType) ? decoded(blob) : null;
  if (text !== null) return readText(text, mimeType);
  return { kind: "withheld", reason: `${byteLength(blob).toLocaleString("en")} bytes of data, not shown` };
}

function readText(text: string, mimeType: string | null): ReadBlock {
  const type = mimeType?.split(";")[0]?.trim().toLowerCase() ?? "";
  const written = /^text\/(x-)?markdown$/.test(type) ? "markdown" : /[/+]json$/.test(type) ? "json" : null;
  return { kind: "text", text, written };
}

function isText(mimeType: string | null): boolean {
  return mimeType !== null && /^text\/|[/+](?:json|xml|yaml)\b/i.test(mimeType);
}

/** Base64 as the text that it holds; `null` where it is too long, or no UTF-8. */
function decoded(blob: string): string | null {
  if (blob.length > maxJsonLength) return null;
  try {
    const bytes = Uint8Array.from(atob(blob), (character) => character.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** The last part of an address as the name of a file. */
export function fileNameOf(uri: string): string {
  const last =
    uri
      .replace(/[?#].*$/s, "")
      .split("/")
      .findLast((part) => part !== "") ?? "";
  return (
    last
      .replace(/[^\p{L}\p{N}._ -]/gu, "_")
      .replace(/^\.+/, "")
      .slice(0, 100) || "resource"
  );
}

function readMedia(data: string, mimeType: string): ReadBlock {
  const kind = mediaType.exec(mimeType)?.[1]?.toLowerCase();
  if (kind !== "image" && kind !== "audio") return { kind: "withheld", reason: "Media of a kind that is not shown" };
  if (data.length > maxMediaLength) return { kind: "withheld", reason: "Too large to show here" };
  const compact = data.replace(/\s/g, "");
  if (!base64.test(compact)) return { kind: "withheld", reason: "Media that are not base64, as they must be" };
  return { kind, url: `data:${mimeType};base64,${compact}`, mimeType, bytes: byteLength(compact) };
}

/** Text as a JSON object or list, where it is one; other JSON is as clear as text. */
export function readJson(text: string): { value: object } | null {
  if (text.length > maxJsonLength || !/^\s*[[{]/.test(text)) return null;
  try {
    return { value: JSON.parse(text) as object };
  } catch {
    return null;
  }
}

/** Whether a text has marks that only Markdown gives a meaning: a heading, a fence, a list, a table, a link, bold words. */
export function looksLikeMarkdown(text: string): boolean {
  if (text.length > maxMarkdownLength) return false;
  return /^(?:#{1,6} \S|```|\|.+\|\s*$|(?:[-*+]|\d+\.) .+\n(?:[-*+]|\d+\.) )|\[[^\]\n]+\]\([^)\s]+\)|\*\*\S[^*\n]*\*\*/m.test(
    text,
  );
}

export function isWebAddress(uri: string): boolean {
  return /^https?:\/\//i.test(uri) && URL.canParse(uri);
}

function byteLength(text: string): number {
  return Math.floor((text.replace(/=+$/, "").length * 3) / 4);
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
const string = (value: unknown): string | null => (typeof value === "string" ? value : null);
