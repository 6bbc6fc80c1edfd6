import type { SavedContent } from "./read-block.ts";

/** Gives a content to the system to be saved; a person chooses where. */
export function saveContent(content: SavedContent): void {
  // Whatever it says that it is, it is saved as it is, and opened by nothing here.
  const blob = new Blob([bytesOf(content)], { type: "application/octet-stream" });
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = content.name;
  link.click();
  // The download has taken the data over by the next task.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function bytesOf(content: SavedContent): string | Uint8Array<ArrayBuffer> {
  if ("text" in content) return content.text;
  return Uint8Array.from(atob(content.base64), (character) => character.charCodeAt(0));
}
