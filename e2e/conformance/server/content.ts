/** What the suite's scenarios expect tools, prompts and resources to hold. */

/** One red pixel. */
export const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==";
/** A header and not one sample. */
export const wav = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=";

export const text = (value: string) => ({ type: "text" as const, text: value });
export const image = { type: "image" as const, data: png, mimeType: "image/png" };
export const audio = { type: "audio" as const, data: wav, mimeType: "audio/wav" };

export function embedded(uri: string, mimeType: string, value: string) {
  return { type: "resource" as const, resource: { uri, mimeType, text: value } };
}
