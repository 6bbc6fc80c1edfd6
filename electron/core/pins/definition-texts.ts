import type { ListedTool } from "./fingerprint.ts";

/** A text of a definition that a model reads, and where it stands: `description`, `inputSchema.properties.path.title`. */
export type DefinitionText = { where: string; text: string };

/** Every text of a tool's definition, the names of its arguments among them. */
export function textsOf(tool: ListedTool): DefinitionText[] {
  const { title, description, inputSchema, outputSchema, annotations } = tool;
  const texts: DefinitionText[] = [{ where: "name", text: tool.name }];
  collect("", { title, description, inputSchema, outputSchema, annotations }, texts);
  return texts;
}

function collect(where: string, value: unknown, texts: DefinitionText[]): void {
  if (typeof value === "string") texts.push({ where, text: value });
  if (typeof value !== "object" || value === null) return;
  const isList = Array.isArray(value);
  for (const [key, child] of Object.entries(value)) {
    const place = isList ? `${where}[${key}]` : where === "" ? key : `${where}.${key}`;
    if (!isList && where !== "") texts.push({ where: place, text: key });
    collect(place, child, texts);
  }
}
