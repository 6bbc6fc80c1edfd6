/** `${name}` in a server file, filled in when the connection is made. */

export const placeholderNames = ["node", "app", "home", "catalog", "fault-lab", "fault-lab-ws"] as const;
export type PlaceholderName = (typeof placeholderNames)[number];

const placeholder = /\$\{([^}]*)\}/g;

/** The names used in the text, in order, known or not. */
export function placeholdersIn(text: string): string[] {
  return [...text.matchAll(placeholder)].map(([, name = ""]) => name);
}

export function isPlaceholderName(name: string): name is PlaceholderName {
  return (placeholderNames as readonly string[]).includes(name);
}

/** The text with each placeholder replaced by what `valueOf` gives for its name. */
export function fillPlaceholders(text: string, valueOf: (name: string) => string): string {
  return text.replace(placeholder, (_, name: string) => valueOf(name));
}
