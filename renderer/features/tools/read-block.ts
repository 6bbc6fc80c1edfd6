/** A block of a tool's answer as the page can show it: what a server sent is looked at before it becomes an address or a picture. */
export type ReadBlock =
  | { kind: "text"; text: string }
  | { kind: "image" | "audio"; url: string; mimeType: string; bytes: number }
  | { kind: "link"; uri: string; name: string; description: string | null; mimeType: string | null }
  | { kind: "resource"; uri: string; mimeType: string | null; content: ReadBlock | null }
  /** It is there, and is not shown for this reason. */
  | { kind: "withheld"; reason: string }
  | { kind: "unknown"; value: unknown };

/** The largest picture or sound that is shown, in base64 characters. */
export const maxMediaLength = 12_000_000;
const maxJsonLength = 500_000;

const mediaType = /^(image|audio)\/[a-z0-9][a-z0-9.+-]*$/i;
const base64 = /^[a-z0-9+/]*={0,2}$/i;

export function readBlock(block: unknown): ReadBlock {
  const { type, text, data, mimeType, uri, name, description, resource } = record(block);
  if (type === "text" && typeof text === "string") return { kind: "text", text };
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

function readResource({ uri, mimeType, text, blob }: Record<string, unknown>): ReadBlock {
  const type = string(mimeType);
  return { kind: "resource", uri: string(uri) ?? "", mimeType: type, content: contentOf(type, text, blob) };
}

function contentOf(mimeType: string | null, text: unknown, blob: unknown): ReadBlock | null {
  if (typeof text === "string") return { kind: "text", text };
  if (typeof blob !== "string") return null;
  if (mimeType !== null && mediaType.test(mimeType)) return readMedia(blob, mimeType);
  return { kind: "withheld", reason: `${byteLength(blob).toLocaleString("en")} bytes of data, not shown` };
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

export function isWebAddress(uri: string): boolean {
  return /^https?:\/\//i.test(uri) && URL.canParse(uri);
}

function byteLength(text: string): number {
  return Math.floor((text.replace(/=+$/, "").length * 3) / 4);
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
const string = (value: unknown): string | null => (typeof value === "string" ? value : null);
